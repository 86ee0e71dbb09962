"""The clock over wraps of the ticks, both epochs, summer time, and while it is not set."""

from time import gmtime

from postlamp.net.clock import Clock

PERIOD = 1 << 30
BERLIN = (3600, 7200, (3, 5, 0, 7200), (10, 5, 0, 10800))
NOON_2026 = 1779451200  # Friday 2026-05-22 12:00 UTC


class FakeTime:
    """The chip's time module: ticks that wrap, an epoch of 2000 or 1970."""

    def __init__(self, epoch=2000, now=0):
        self.ticks = PERIOD - 10000
        self.now = now
        self.epoch = epoch

    def pass_ms(self, ms):
        self.ticks = (self.ticks + ms) % PERIOD

    def ticks_ms(self):
        return self.ticks

    def ticks_diff(self, end, start):
        return (end - start + PERIOD // 2) % PERIOD - PERIOD // 2

    def time(self):
        return self.now

    def gmtime(self, seconds=None):
        seconds = self.now if seconds is None else seconds
        since_1970 = seconds + (946684800 if self.epoch == 2000 else 0)
        return tuple(gmtime(since_1970))[:8]


def test_seconds_only_grow_over_a_wrap():
    time = FakeTime()
    clock = Clock(None, time)
    assert clock.now_s() == 0
    for ms, seconds in ((999, 0), (1, 1), (8999, 9), (1, 10), (1500, 11), (500, 12)):
        time.pass_ms(ms)
        assert clock.now_s() == seconds


def test_seconds_are_exact_over_a_year():
    time = FakeTime()
    clock = Clock(None, time)
    step_ms = 5 * 86400 * 1000 + 1
    for count in range(1, 74):
        time.pass_ms(step_ms)
        assert clock.now_s() == count * step_ms // 1000


def test_a_span_is_right_across_a_wrap():
    time = FakeTime()
    clock = Clock(None, time)
    since = clock.ticks_ms()
    time.pass_ms(15000)
    assert clock.elapsed_ms(since) == 15000


def test_a_clock_nobody_set_shows_no_time():
    time = FakeTime(1970, 1767225599)  # the last second of 2025
    clock = Clock(BERLIN, time)
    assert not clock.is_set()
    assert clock.local() is None
    time.now += 1
    assert clock.is_set()
    assert clock.local() == (1, 0, 3, 1)


def test_both_epochs_give_the_same_time():
    chip = Clock(BERLIN, FakeTime(2000, NOON_2026 - 946684800))
    port = Clock(BERLIN, FakeTime(1970, NOON_2026))
    assert chip.local() == port.local() == (14, 0, 4, 22)


def test_midnight_belongs_to_the_new_day():
    time = FakeTime(1970, NOON_2026 + 10 * 3600 - 1)
    clock = Clock(BERLIN, time)
    assert clock.local() == (23, 59, 4, 22)
    time.now += 1
    assert clock.local() == (0, 0, 5, 23)


def test_summer_time_ends_while_it_runs():
    time = FakeTime(1970, 1792889999)  # 2026-10-25 00:59:59 UTC
    clock = Clock(BERLIN, time)
    assert clock.local() == (2, 59, 6, 25)
    time.now += 1
    assert clock.local() == (2, 0, 6, 25)


def test_a_clock_set_back_is_believed():
    time = FakeTime(1970, 1792890000)
    clock = Clock(BERLIN, time)
    assert clock.local() == (2, 0, 6, 25)
    time.now = NOON_2026
    assert clock.local() == (14, 0, 4, 22)


def test_without_a_zone_there_is_no_local_time():
    assert Clock(None, FakeTime(1970, NOON_2026)).local() is None
