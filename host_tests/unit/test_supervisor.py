"""The tasks of the gadget go on, whatever ends one of them, and never run twice."""

import asyncio
import sys

from postlamp.app import supervisor
from postlamp.app.status import Status
from postlamp.app.supervisor import Supervisor
from postlamp.errors import LinkError, ServerError
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
        return 43200


class FakeWiFi:
    """`error` is what one try to join ends with."""

    ssid = "home"

    def __init__(self):
        self.up = True
        self.left = self.failures = 0
        self.error = None

    async def join(self, report):
        error, self.error = self.error, None
        if error:
            self.failures = 1
            report(error)
        while self.failures or not self.up:
            await asyncio.sleep_ms(1)

    def is_up(self):
        return self.up

    def close(self):
        self.left += 1


class FakeWatcher:
    """Counts how many of it run; may fail once while it works or while it is cancelled."""

    def __init__(self, failure=None, last_words=None):
        self.account = Account("work", 60, lambda: None)
        self.running = self.started = 0
        self.failure = failure
        self.last_words = last_words

    def wake(self):
        """Nothing waits in it."""

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


class FakeButton:
    is_pressed = False

    async def pressed(self):
        while not self.is_pressed:
            await asyncio.sleep_ms(1)
        self.is_pressed = False


class FakeWords:
    def say(self, key, **values):
        return key + "".join([" " + str(values[name]) for name in values])


class Gadget:
    """A supervisor without hardware, in a hurry, and what it prints."""

    def __init__(self, watcher, button=None):
        self.clock, self.wifi, self.watcher, self.button = FakeClock(), FakeWiFi(), watcher, button
        self.status = Status(self.clock)
        self.printed = []
        words = FakeWords()
        self.supervisor = Supervisor(self.status, words, self.clock, self.wifi, None, None, button)

    def run(self, use):
        """Runs while `use` does; not where asyncio belongs to a browser."""
        if sys.platform == "webassembly":
            return
        real_sleep_ms, asyncio.sleep_ms = asyncio.sleep_ms, self._sleep_ms
        self._real_sleep_ms, self.slept_ms = real_sleep_ms, 0  # the longest
        supervisor.print = lambda *words: self.printed.append(words)
        supervisor.sys = self  # print_exception
        try:
            asyncio.run(self._run(use))
        finally:
            asyncio.sleep_ms, supervisor.sys = real_sleep_ms, sys
            del supervisor.print
            asyncio.new_event_loop()

    def _sleep_ms(self, ms):
        self.slept_ms = max(self.slept_ms, ms)
        return self._real_sleep_ms(0)

    def print_exception(self, error):
        """Instead of sys'."""

    async def _run(self, use):
        task = asyncio.create_task(self.supervisor.run([self.watcher]))
        await use(self)
        task.cancel()

    async def lets_run(self):
        """Lets the tasks run for a while."""
        for _ in range(LOOKS):
            await asyncio.sleep_ms(0)

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
        await gadget.lets_run()
        assert gadget.clock.synced == 1
        gadget.clock.now += 1
        await gadget.until(lambda g: g.clock.synced == 2)
        assert gadget.watcher.started == 1

    gadget.run(use)


def test_a_wifi_through_which_nothing_came_for_five_minutes_is_left():
    for cause, times in (("silent", 1), ("dns", 1), ("unreachable", 1), ("refused", 0)):
        gadget = Gadget(FakeWatcher())

        async def use(gadget, cause=cause, times=times):
            await gadget.until(lambda g: g.watcher.running)
            gadget.watcher.account.fail(LinkError(cause), None)
            for _ in range(3):
                gadget.watcher.account.link_proven_at = gadget.clock.now
                gadget.clock.now += 299
                await gadget.lets_run()
            assert gadget.wifi.left == 0, cause
            gadget.clock.now += 1
            await gadget.lets_run()
            assert gadget.wifi.left == times, cause
            assert gadget.watcher.account.cause == cause  # it is not Wi-Fi that is told
            assert gadget.watcher.running == 1

        gadget.run(use)


def test_wifi_that_cannot_be_joined_is_shown_and_a_press_tries_again():
    gadget = Gadget(FakeWatcher(), FakeButton())
    gadget.wifi.error = LinkError("wifi_password", "home")
    gadget.wifi.error.wait_s = 60

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.account.cause == "wifi_password")
        assert gadget.watcher.account.retry_at == 1060
        await gadget.lets_run()
        assert not gadget.watcher.running
        gadget.button.is_pressed = True
        await gadget.until(lambda g: g.watcher.running)

    gadget.run(use)


def test_a_clock_that_nobody_sets_is_shown_and_asked_for_again():
    gadget = Gadget(FakeWatcher())
    error = LinkError("clock")
    error.wait_s = 30
    failures = [error]
    sync = gadget.clock.sync

    async def fail_once():
        if failures:
            raise failures.pop()
        return await sync()

    gadget.clock.sync = fail_once

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.account.cause == "clock")
        assert gadget.watcher.account.retry_at == 1030
        assert not gadget.watcher.running
        await gadget.until(lambda g: g.watcher.running)
        assert gadget.slept_ms == 30000

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
