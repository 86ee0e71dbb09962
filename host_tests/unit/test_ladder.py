"""What a start makes of how the last ones ended."""

import struct

from postlamp.app import ladder
from postlamp.app.ladder import BITTEN, PLANNED, RAISED, RUNS, SAFE, SERVICE, WATCHING, head, rise

KEPT = []


def _memory(mode=WATCHING, end=RUNS, ran_s=10, before_s=0, starts=1, crashes=0, words=b""):
    return (
        struct.pack(ladder.HEAD, ladder.MAGIC, mode, end, ran_s, before_s, starts, crashes) + words
    )


def _rise(memory, is_power_on=False):
    KEPT.clear()
    ladder.open = lambda path, mode: _File()
    return rise(memory, is_power_on)


class _File:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Closes it."""

    def write(self, record):
        KEPT.append(record)


def test_the_first_start_watches():
    assert _rise(b"") == (WATCHING, 1, 0, 0)
    assert _rise(b"garbage that is long enough") == (WATCHING, 1, 0, 0)
    assert _rise(_memory()[:-1]) == (WATCHING, 1, 0, 0)
    assert not KEPT


def test_power_off_is_no_crash():
    assert _rise(_memory(crashes=2), True) == (WATCHING, 1, 0, 0)
    assert not KEPT


def test_a_planned_restart_says_what_comes_and_forgets_the_crashes():
    for mode in (WATCHING, SERVICE, SAFE):
        assert _rise(_memory(mode, PLANNED, crashes=2, starts=7)) == (mode, 8, 0, 0)
    assert not KEPT


def test_three_crashes_within_five_minutes_are_too_many():
    assert _rise(_memory(ran_s=100)) == (WATCHING, 2, 1, 100)
    assert _rise(_memory(ran_s=100, crashes=1, before_s=9999)) == (WATCHING, 2, 2, 100)
    assert _rise(_memory(ran_s=200, crashes=2, before_s=100)) == (SAFE, 2, 2, 200)
    assert _rise(_memory(ran_s=201, crashes=2, before_s=100)) == (WATCHING, 2, 2, 201)


def test_a_crash_in_safe_mode_stays_there_and_one_in_service_mode_ends_it():
    assert _rise(_memory(SAFE, ran_s=5000))[0] == SAFE
    assert _rise(_memory(SERVICE))[0] == WATCHING


def test_the_record_says_what_when_and_the_last_words():
    _rise(_memory(end=RAISED, words=b"ValueError()\nTraceback\n", starts=4))
    assert KEPT == [b"ValueError()\nafter 10 s of start 4, watching\nTraceback\n"]
    _rise(_memory(end=BITTEN, words=b"I (1) a: b"))
    assert KEPT == [b"watchdog: no progress\nafter 10 s of start 1, watching\nI (1) a: b"]
    _rise(_memory(SAFE, RUNS))
    assert KEPT[0].startswith(b"no word of it")
    assert KEPT[0].endswith(b", safe\n")


def test_a_record_has_two_kibibytes():
    when = len(b"\nafter 10 s of start 1, watching\n")
    for size in (2048 - when, 2049 - when):
        _rise(_memory(end=RAISED, words=b"x\n" + bytes(size - 1)))
        assert len(KEPT[0]) == 2048


def test_a_full_disk_keeps_nobody_from_starting():
    def refuse(path, mode):
        raise OSError(28)

    ladder.open = refuse
    ladder.print = lambda *words: KEPT.append(words)
    assert rise(_memory(), False) == (WATCHING, 2, 1, 10)


def test_the_head_is_what_the_next_start_reads():
    memory = head(SAFE, 3, 2, 50)
    memory[4], memory[5] = 44, 1  # as postlamp/heart.py puts the seconds
    assert struct.unpack(ladder.HEAD, memory) == (ladder.MAGIC, SAFE, RUNS, 300, 50, 3, 2)
