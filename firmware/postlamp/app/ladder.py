"""What the last start left behind, and what that makes of this one. Application layer.

Loaded at boot, then dropped. A record lives in the memory of the chip's clock, which outlasts any
restart but a power-off: a head, and after a crash its words, kept on flash from here on.
"""

import struct

from micropython import const

# magic, mode (if it ended by plan: the next one), how it ended, its seconds, those of the one
# before if that crashed, starts, crashes
HEAD = "<2sBBHHHB"
MAGIC = b"P1"
PLANNED, RUNS, RAISED, BITTEN = range(4)  # how it ended; "runs" is what a dead board has left
WATCHING, SERVICE, SAFE = range(3)

_CRASH = "crash.txt"
_RECORD_BYTES = const(2048)
_CRASHES = const(3)  # within
_WINDOW_S = const(300)
_MOST = const(65535)
_MODES = ("watching", "service", "safe")
_WORDS = ("", "no word of it: the chip stopped, or was reset", "", "watchdog: no progress")


def rise(memory: bytes, is_power_on: bool) -> "tuple[int, int, int, int]":
    """(mode, starts, crashes, seconds before the last one) of this start; keeps a crash's record.

    Three crashes within five minutes lead to safe mode, which only a planned restart leaves.
    """
    size = struct.calcsize(HEAD)
    if is_power_on or len(memory) < size or memory[:2] != MAGIC:
        return WATCHING, 1, 0, 0
    _, mode, end, ran_s, before_s, starts, crashes = struct.unpack(HEAD, memory[:size])
    starts = min(starts + 1, _MOST)
    if end == PLANNED:
        return mode, starts, 0, 0
    _keep(_record(mode, end, ran_s, starts - 1, memory[size:]))
    crashes += 1
    if mode == SERVICE:
        mode = WATCHING
    if crashes >= _CRASHES and before_s + ran_s <= _WINDOW_S:
        mode = SAFE
    return mode, starts, min(crashes, _CRASHES - 1), ran_s


def head(mode: int, starts: int, crashes: int, before_s: int) -> bytearray:
    """The head of this start's record; postlamp/heart.py knows where mode, end and seconds are."""
    return bytearray(struct.pack(HEAD, MAGIC, mode, RUNS, 0, before_s, starts, crashes))


def _record(mode: int, end: int, ran_s: int, start: int, words: bytes) -> bytes:
    """What happened in the first line, then when, then the words of the crash."""
    first, _, rest = words.partition(b"\n")
    if end != RAISED:
        first, rest = _WORDS[end].encode(), words
    when = b"\nafter %d s of start %d, %s\n" % (ran_s, start, _MODES[mode].encode())
    return (first + when + rest)[:_RECORD_BYTES]


def _keep(record: bytes) -> None:
    try:
        with open(_CRASH, "wb") as file:
            file.write(record)
    except OSError as error:  # a full disk; the ladder goes on without
        print("W (0) crash: %r" % error)
