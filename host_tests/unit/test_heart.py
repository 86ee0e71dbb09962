"""The watchdog counts its own wakes: it restarts what does not go on, and nothing else."""

import struct

from postlamp import heart as heart_module
from postlamp.app import ladder
from postlamp.app.ladder import BITTEN, PLANNED, RUNS, SERVICE, WATCHING, head
from postlamp.heart import Heart

START = (WATCHING, 3, 1, 40)


class EndedError(Exception):
    """The board restarted, or the test has seen enough."""


class FakeRTC:
    def __init__(self):
        self.kept = b""

    def memory(self, data):
        self.kept = bytes(data)


class FakeTime:
    """Each sleep is one wake; `on_wake` may beat."""

    def __init__(self, on_wake, limit):
        self.wakes = 0
        self._on_wake = on_wake
        self._limit = limit

    def sleep_ms(self, ms):
        assert ms == 5000
        self.wakes += 1
        if self.wakes > self._limit:
            raise EndedError
        self._on_wake(self.wakes)


def _reset():
    raise EndedError


def _heart():
    rtc = FakeRTC()
    return Heart(rtc, _reset, START, head(*START)), rtc


def test_what_is_to_be_done_at_the_end_is_done_after_it_was_noted():
    heart, rtc = _heart()
    seen = []
    heart.last_act = lambda: seen.append(rtc.kept[3])
    heart.note()
    assert seen == []
    heart.end()
    assert seen == [PLANNED]


def _watch(heart, on_wake, limit=200):
    kept, heart_module.time = heart_module.time, FakeTime(on_wake, limit)
    try:
        heart.watch()
    except EndedError:
        return heart_module.time.wakes
    finally:
        heart_module.time = kept
    return -1


def _end(rtc):
    return struct.unpack(ladder.HEAD, rtc.kept[: struct.calcsize(ladder.HEAD)])


def test_two_minutes_without_a_beat_end_the_start():
    heart, rtc = _heart()
    heart.uptime_s = 300
    heart.last_words = lambda: ["I (1) a: b", "W (2) c: d"]
    assert _watch(heart, lambda wake: None) == 24
    assert _end(rtc) == (ladder.MAGIC, WATCHING, BITTEN, 300, 40, 3, 1)
    assert rtc.kept.endswith(b"I (1) a: b\nW (2) c: d")


def test_one_beat_in_two_minutes_is_enough():
    heart, rtc = _heart()
    assert _watch(heart, lambda wake: heart.beat(wake) if wake % 24 == 0 else None) == 201
    assert rtc.kept == b""


def test_it_restarts_also_without_memory_for_the_last_words():
    heart, rtc = _heart()

    def fail():
        raise MemoryError

    heart.last_words = fail
    assert _watch(heart, lambda wake: None) == 24
    assert _end(rtc)[2] == BITTEN


def test_ctrl_c_ends_the_watch():
    heart, rtc = _heart()
    assert _watch(heart, lambda wake: heart.end() if wake == 24 else None) == -1
    assert _end(rtc)[2] == PLANNED


def test_what_the_next_start_is_told():
    heart, rtc = _heart()
    heart.beat(70000)
    heart.note()
    assert _end(rtc) == (ladder.MAGIC, WATCHING, RUNS, 65535, 40, 3, 1)
    heart.end(SERVICE)
    assert _end(rtc) == (ladder.MAGIC, SERVICE, PLANNED, 65535, 40, 3, 1)


def test_the_last_words_leave_room_for_the_head():
    for size, kept in ((2000, 2000), (2001, 2000)):
        heart, rtc = _heart()
        heart.last_words = lambda size=size: ["x" * size]
        _watch(heart, lambda wake: None)
        assert len(rtc.kept) == struct.calcsize(ladder.HEAD) + kept <= 2048
