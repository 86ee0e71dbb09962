"""A supervisor without hardware, in a hurry: its fakes, and what drives it."""

# mypy: ignore-errors
# Its fakes stand in for parts of other layers: whoever gives them types says all of it twice.

import asyncio
import sys

from postlamp import app
from postlamp.app import log, pulse, report, supervisor
from postlamp.app.log import Log
from postlamp.app.pulse import Pulse
from postlamp.app.status import Status
from postlamp.app.supervisor import Supervisor
from postlamp.mail.account import Account

LOOKS = 400  # how often a test looks before it gives up


class FakeClock:
    """Stands still until a test moves it; `sync` counts."""

    def __init__(self):
        self.now = 1000
        self.synced = 0

    def now_s(self):
        """Seconds."""
        return self.now

    def ticks_ms(self):
        """Milliseconds."""
        return self.now * 1000

    def elapsed_ms(self, since):
        """Long enough for whoever waits."""
        return 1000

    def local(self):
        """Not known."""
        return None

    async def sync(self):
        """It works."""
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
        """Up, or its error first."""
        error, self.error = self.error, None
        if error:
            self.failures = 1
            report(error)
        while not self.up or (error and self.failures):
            await asyncio.sleep_ms(1)

    def is_up(self):
        """As a test has it."""
        return self.up

    def close(self):
        """Counts."""
        self.left += 1


class FakeHeart:
    """Counts; `kept` is what memory there is."""

    def __init__(self):
        self.start = (0, 1, 0, 0)
        self.uptime_s = self.beats = self.resets = 0
        self.mode = None
        self.kept = (50000, 66000, 60000)

    def beat(self, now_s):
        """Counts."""
        self.beats += 1
        self.uptime_s = now_s

    def note(self):
        """It goes on."""

    def end(self, mode):
        """Notes the mode to come."""
        self.mode = mode

    def reset(self):
        """Counts."""
        self.resets += 1

    def memory(self):
        """What a test says."""
        return self.kept


class FakeState:
    """Saves nothing."""

    def __init__(self):
        self.saved = None  # the last time
        self.error = None

    def save(self, now_s, is_last=False):
        """Notes it; may fail once."""
        self.saved = (now_s, is_last)
        error, self.error = self.error, None
        return error


class FakeWatcher:
    """Counts how many of it run; may fail once while it works or while it is cancelled."""

    def __init__(self, failure=None, last_words=None):
        self.account = Account("work", 60, lambda: None)
        self.running = self.started = self.woken = 0
        self.failure = failure
        self.last_words = last_words

    def wake(self):
        """Counts."""
        self.woken += 1

    async def leave(self):
        """Notes it."""
        self.has_left = True

    async def run(self):
        """Counts, and fails or goes on."""
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
    """Pressed by a test."""

    is_pressed = False

    def sample(self, now_ms):
        """How long it was held, when a test pressed it."""
        was_pressed, self.is_pressed = self.is_pressed, False
        return 50 if was_pressed else 0


class FakeWords:
    """Says the keys."""

    def say(self, key, **values):
        """The key and the values."""
        return key + "".join([" " + str(values[name]) for name in values])


class Gadget:
    """A supervisor without hardware, in a hurry, and what it prints."""

    def __init__(self, watcher, button=None):
        self.clock, self.wifi, self.watcher, self.button = FakeClock(), FakeWiFi(), watcher, button
        self.status = Status(self.clock)
        self.printed = []
        self.heart, self.state, self.log = FakeHeart(), FakeState(), Log(self.clock)
        self.pulse = Pulse(self.clock, self.heart, self.state, self.log, self.status)
        parts = (None, None, button)
        words = FakeWords()
        self.supervisor = Supervisor(self.status, words, self.clock, self.wifi, parts, self.pulse)

    def run(self, use):
        """Runs while `use` does; not where asyncio belongs to a browser."""
        if sys.platform == "webassembly":
            return
        real_sleep_ms, asyncio.sleep_ms = asyncio.sleep_ms, self._sleep_ms
        self._real_sleep_ms, self.slept_ms = real_sleep_ms, 0  # the longest
        app.report = report
        report.print = log.print = lambda *words: self.printed.append(words)
        kept, supervisor.drop = supervisor.drop, lambda *names: None  # it prints here
        pulse.sys = self  # print_exception
        try:
            asyncio.run(self._run(use))
        finally:
            asyncio.sleep_ms, pulse.sys = real_sleep_ms, sys
            del report.print, log.print
            supervisor.drop = kept
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
