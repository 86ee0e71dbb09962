"""The tasks of the gadget go on, whatever ends one of them, and never run twice."""

import asyncio
import sys

from postlamp.app import supervisor
from postlamp.app.status import Status
from postlamp.app.supervisor import Supervisor
from postlamp.errors import ServerError
from postlamp.mail.account import Account

NEEDS = "micropython"
LOOKS = 400  # how often a test looks before it gives up


class FakeClock:
    """Stands still until a test moves it; `sync` counts."""

    def __init__(self):
        self.now = 1000
        self.synced = 0

    def now_s(self):
        return self.now

    def local(self):
        return None

    async def sync(self):
        self.synced += 1


class FakeWiFi:
    def __init__(self):
        self.up = True

    async def join(self, deadline_ms):
        while not self.up:
            await asyncio.sleep_ms(1)

    def is_up(self):
        return self.up

    def name(self):
        return "home"


class FakeWatcher:
    """Counts how many of it run; may fail once while it works or while it is cancelled."""

    def __init__(self, failure=None, last_words=None):
        self.account = Account("work", 60, lambda: None)
        self.running = self.started = 0
        self.failure = failure
        self.last_words = last_words

    async def run(self):
        self.running += 1
        self.started += 1
        try:
            failure, self.failure = self.failure, None
            if failure:
                raise failure
            while True:
                await asyncio.sleep_ms(1)
        except asyncio.CancelledError as error:
            last_words, self.last_words = self.last_words, None
            raise last_words or error from None
        finally:
            self.running -= 1


class FakeWords:
    def say(self, key, **values):
        return key + "".join([" " + str(values[name]) for name in values])


class Gadget:
    """A supervisor without hardware, in a hurry, and what it prints."""

    def __init__(self, watcher):
        self.clock, self.wifi, self.watcher = FakeClock(), FakeWiFi(), watcher
        self.status = Status(self.clock)
        self.printed = []
        self.supervisor = Supervisor(self.status, FakeWords(), self.clock, self.wifi)

    def run(self, use):
        """Runs while `use` does; not where asyncio belongs to a browser."""
        if sys.platform == "webassembly":
            return
        real_sleep_ms, asyncio.sleep_ms = asyncio.sleep_ms, lambda ms: real_sleep_ms(0)
        supervisor.print = lambda *words: self.printed.append(words)
        supervisor.sys = self  # print_exception
        try:
            asyncio.run(self._run(use))
        finally:
            asyncio.sleep_ms, supervisor.sys = real_sleep_ms, sys
            del supervisor.print
            asyncio.new_event_loop()

    def print_exception(self, error):
        """Instead of sys'."""

    async def _run(self, use):
        task = asyncio.create_task(self.supervisor.run([self.watcher]))
        await use(self)
        task.cancel()

    async def until(self, predicate):
        """Lets the tasks run until it holds."""
        for _ in range(LOOKS):
            if predicate(self):
                return
            await asyncio.sleep_ms(0)
        raise AssertionError("never came")


def test_a_watcher_that_fails_is_shown_and_started_again():
    for failure, cause in ((MemoryError(), "memory"), (ValueError(), "internal")):
        gadget = Gadget(FakeWatcher(failure))

        async def use(gadget, cause=cause):
            await gadget.until(lambda g: g.watcher.account.cause == cause)
            await gadget.until(lambda g: g.watcher.running)

        gadget.run(use)


def test_too_little_memory_to_tell_of_it_ends_nothing():
    gadget = Gadget(FakeWatcher(MemoryError()))
    fail, failures = gadget.watcher.account.fail, [MemoryError()]

    def fail_once(error, retry_at):
        if failures:
            raise failures.pop()
        fail(error, retry_at)

    gadget.watcher.account.fail = fail_once

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        assert not failures

    gadget.run(use)


def test_wifi_back_again_finds_one_watcher_running():
    # The last one keeps its task alive when it is cancelled, as a lost cancellation does.
    for last_words in (None, MemoryError(), ServerError("bye")):
        gadget = Gadget(FakeWatcher(None, last_words))

        async def use(gadget):
            await gadget.until(lambda g: g.watcher.running)
            gadget.wifi.up = False
            await gadget.until(lambda g: not g.watcher.running)
            assert gadget.watcher.account.cause
            gadget.wifi.up = True
            await gadget.until(lambda g: g.watcher.running)
            for _ in range(LOOKS):
                assert gadget.watcher.running == 1
                await asyncio.sleep_ms(0)

        gadget.run(use)


def test_the_clock_is_set_twice_a_day_while_wifi_stays():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.clock.synced == 1)
        gadget.clock.now += 43199
        for _ in range(LOOKS):
            await asyncio.sleep_ms(0)
        assert gadget.clock.synced == 1
        gadget.clock.now += 1
        await gadget.until(lambda g: g.clock.synced == 2)
        assert gadget.watcher.started == 1

    gadget.run(use)


def test_ageing_alone_is_not_told():
    gadget = Gadget(FakeWatcher())
    account = gadget.watcher.account

    async def use(gadget):
        account.proved_newest((7, "Ann", "Hello"), 1000)
        account.proved_count(1, 1000)
        for now in range(1000, 1080):
            gadget.clock.now = now
            gadget.supervisor.change()
            await asyncio.sleep_ms(0)
            await asyncio.sleep_ms(0)
        assert gadget.status.newest_age_s > 60
        told = [line for line in gadget.printed if '"unread"' in line[-1]]
        assert len(told) == 1, told

    gadget.run(use)
