"""Runs under MicroPython: the real watcher over the real transport, its time sped up.

One JSON line in says whom to watch, each one after it by how many seconds time jumps on; one line
out for each change tells what the account knows.
"""

import asyncio
import json
import sys
import time

from postlamp.app.states import policy_of
from postlamp.errors import LinkError
from postlamp.mail.account import Account
from postlamp.mail.backoff import Backoff
from postlamp.mail.watcher import Watcher
from postlamp.net.clock import Clock
from postlamp.net.dial import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

order = json.loads(sys.stdin.readline())
speed = order["speed"]
_LOOK_MS = 20  # real ones: how soon a jump is noticed


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


class FastTransport(Transport):
    """Waits shorter by as much."""

    async def readinto(self, buffer, deadline_ms):
        """Reads with a shorter deadline, to which a jump may lead."""
        end = fast.ticks_ms() + deadline_ms
        while True:
            left_ms = max(fast.ticks_diff(end, fast.ticks_ms()), 0)
            try:
                return await super().readinto(buffer, min(left_ms // speed, _LOOK_MS))
            except LinkError as error:
                if error.cause != "silent" or left_ms // speed <= _LOOK_MS:
                    raise

    async def write(self, data, deadline_ms=20000):
        """Writes with a shorter deadline."""
        await super().write(data, deadline_ms // speed)


class FastBackoff(Backoff):
    """Tells how long it would wait, and waits shorter."""

    told_ms = 0

    def failed_ms(self, policy, least_s=0):
        """The real delay, shortened."""
        self.told_ms = super().failed_ms(policy, least_s)
        return self.told_ms // speed


def tell():
    names = ("unseen", "cause", "detail", "newest", "new_count", "reconnects")
    facts = [getattr(account, name) for name in names]
    if facts != last:
        last[:] = facts
        told = {"now_s": clock.now_s(), "retry_ms": backoff.told_ms}
        told.update((name, getattr(account, name)) for name in names)
        print(json.dumps(told))


async def run():
    asyncio.create_task(jump())
    await watcher.run()


async def jump():
    """Time jumps on as the test says."""
    lines = asyncio.StreamReader(sys.stdin)
    while True:
        fast.jumped_ms += 1000 * int(await lines.readline())


last = []
fast = FastTime()
clock = Clock(None, fast)
backoff = FastBackoff(lambda limit: 0)
account = Account("test", order["settings"]["poll_s"], tell)
context = context_for(load_certificates(order["ca"])) if order["ca"] else None
transport = FastTransport(context)
watcher = Watcher(order["settings"], account, transport, clock, backoff, policy_of)
asyncio.run(run())
