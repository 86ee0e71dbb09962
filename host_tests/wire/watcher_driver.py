"""Runs under MicroPython: the real watcher over the real transport, its time sped up.

One JSON line in says whom to watch and what is remembered. Each one after it is a number, of
seconds by which time jumps on, or a word: what somebody does. "skip": time jumps to what is waited
for, if nothing else goes on. One line out for each change tells what the account knows.
"""

import asyncio
import json
import sys
import time
from asyncio import core

from postlamp.app.states import policy_of
from postlamp.errors import LinkError
from postlamp.mail import watcher as watchers
from postlamp.mail.account import Account
from postlamp.mail.further import Further
from postlamp.net.clock import Clock
from postlamp.net.contexts import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

order = json.loads(sys.stdin.readline())
speed = order["speed"]
_LOOK_MS = 20  # real ones: how soon a jump is noticed
_STEP_MS = 1000  # so much is skipped at most where somebody looks what time it is


class FastTime:
    """The time module with ticks that run faster and wrap soon."""

    period = 1 << 30
    start = time.ticks_ms()
    jumped_ms = -5000

    def ticks_ms(self):
        """Real ticks times `speed`, and what was jumped; they wrap after five seconds."""
        return ((time.ticks_ms() - self.start) * speed + self.jumped_ms) % self.period

    def ticks_diff(self, end, start):
        """As the chip's."""
        return (end - start + self.period // 2) % self.period - self.period // 2

    def gmtime(self, seconds=None):
        """The real one; only its epoch is asked for."""
        return time.gmtime(seconds)


class Waits:
    """What is waited for, and how much was done: what "skip" goes by."""

    def __init__(self):
        self.ends = {}  # ticks by task
        self.done = 0  # changes whenever something goes on
        self.is_busy = 0

    async def skip(self):
        """Jumps to the next end, unless anything is done within a moment from now."""
        done = self.done
        await asyncio.sleep_ms(_LOOK_MS)
        ahead = core._task_queue.peek()
        if done != self.done or self.is_busy or not self.ends:
            return
        if ahead and time.ticks_diff(ahead.ph_key, time.ticks_ms()) <= 0:
            return
        now = fast.ticks_ms()
        left_ms = min([fast.ticks_diff(end, now) for end in self.ends.values()])
        if order["tells_stale"]:
            left_ms = min(left_ms, _STEP_MS)
        fast.jumped_ms += max(left_ms, 0)


class FastTransport(Transport):
    """Waits shorter by as much."""

    async def connect(self, *where):
        """As on the chip: by the real clock."""
        waits.is_busy += 1
        try:
            await super().connect(*where)
        finally:
            waits.is_busy -= 1
            waits.done += 1

    async def readinto(self, buffer, deadline_ms):
        """Reads with a shorter deadline, to which a jump may lead."""
        end = fast.ticks_ms() + deadline_ms
        me = asyncio.current_task()
        waits.ends[me] = end
        try:
            while True:
                left_ms = max(fast.ticks_diff(end, fast.ticks_ms()), 0)
                try:
                    return await super().readinto(buffer, min(left_ms // speed, _LOOK_MS))
                except LinkError as error:
                    if error.cause != "silent" or left_ms // speed <= _LOOK_MS:
                        raise
        finally:
            del waits.ends[me]
            waits.done += 1

    async def write(self, data, deadline_ms=20000):
        """Writes with a shorter deadline."""
        waits.is_busy += 1
        try:
            await super().write(data, deadline_ms // speed)
        finally:
            waits.is_busy -= 1
            waits.done += 1


class FastAsyncio:
    """asyncio for the watcher, whose waits are shorter by as much."""

    def __getattr__(self, name):
        return getattr(asyncio, name)

    async def wait_for_ms(self, what, ms):
        """As asyncio's, with a time-out to which a jump may lead."""
        end = fast.ticks_ms() + ms
        task = asyncio.create_task(what)
        waits.ends[task] = end
        try:
            while not task.done():
                left_ms = fast.ticks_diff(end, fast.ticks_ms())
                if left_ms <= 0:
                    raise asyncio.TimeoutError  # noqa: UP041 (there is no other)
                await asyncio.sleep_ms(min(left_ms // speed, _LOOK_MS))
        finally:
            del waits.ends[task]
            waits.done += 1
            task.cancel()


class Memory:
    """As store.state.State, but over no file; knows how often something had to be kept at once."""

    def __init__(self, kept):
        self.kept = kept
        self.further = order["further"]
        self.urgent = 0

    def get(self, key):
        return self.kept if key == "test" else self.further

    def put(self, key, value, is_urgent=False):
        if key != "test":
            self.further = value
            return
        self.urgent += is_urgent and value != self.kept
        self.kept = value


def tell():
    names = ("unseen", "cause", "detail", "newest", "new_count", "reconnects")
    facts = [getattr(account, name) for name in names] + [memory.kept, memory.urgent]
    facts.append(memory.further)
    is_stale = account.is_stale(clock.now_s())
    if order["tells_stale"]:
        facts.append(is_stale)
    if facts != last:
        last[:] = facts
        told = {"now_s": clock.now_s(), "retry_ms": tries.wait_ms}
        told.update((name, getattr(account, name)) for name in names)
        told["kept"], told["urgent"], told["stale"] = memory.kept, memory.urgent, is_stale
        told["further"] = memory.further
        print(json.dumps(told))


async def run():
    """Does what the test says, a line at a time."""
    watching = asyncio.create_task(watcher.run())
    asyncio.create_task(look())
    lines = asyncio.StreamReader(sys.stdin)
    while True:
        line = (await lines.readline()).decode().strip()
        if line == "press":
            watcher.wake()
        elif line == "calm":
            account.announce(0, None)
        elif line == "see":
            watcher.seen()
        elif line == "skip":
            await waits.skip()
            print("skipped")
        elif line == "leave":
            since = time.ticks_ms()
            await watcher.leave()
            print(json.dumps({"left_ms": time.ticks_ms() - since, "is_over": watching.done()}))
        elif line == "wifi":  # is lost, and found again
            while not watching.done():
                watching.cancel()
                await asyncio.sleep_ms(0)
            account.fail(LinkError("wifi"), None)
            watching = asyncio.create_task(watcher.run())
        else:
            fast.jumped_ms += 1000 * int(line)


async def look():
    """That what is known has become stale is nothing that anybody does."""
    while order["tells_stale"]:
        tell()
        await asyncio.sleep_ms(_LOOK_MS)


last = []
fast = FastTime()
waits = Waits()
clock = Clock(None, fast)
tries = watchers.Tries(lambda limit: 0)
memory = Memory(order["memory"])
account = Account("test", order["settings"]["poll_s"], tell)
context = context_for(load_certificates(order["ca"])) if order["ca"] else None
transport = FastTransport(context)
watchers.asyncio = FastAsyncio()
watcher = watchers.Watcher(order["settings"], account, transport, clock, tries, policy_of, memory)
if len(order["settings"]["mailboxes"]) > 1:
    watcher.further = Further(order["settings"], memory, clock)
asyncio.run(run())
