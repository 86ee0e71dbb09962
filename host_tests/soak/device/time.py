"""Stands in for `time` under MicroPython: a clock that moves only when everybody waits.

Ticks wrap at 2^30, as on the chip, first 10 s after the start; the wall clock begins in 2000.
"""

import utime
from micropython import const

_PERIOD = const(1 << 30)
_MASK = const((1 << 30) - 1)
_HALF = const(1 << 29)
_BEFORE_WRAP_MS = const(10000)
_EPOCH_2000 = const(946684800)  # the chip's 2000-01-01 in seconds since 1970
TRUE_START_S = 849000000  # late in 2026, since 2000: what a time server tells at the start

_elapsed_ms = 0
_wall_ms = 0  # what the wall clock shows at the start


def elapsed_ms() -> int:
    """Soak only: milliseconds since the start; never wraps."""
    return _elapsed_ms


def advance(ms: int) -> None:
    """Soak only: let so much time pass."""
    global _elapsed_ms
    _elapsed_ms += ms


def set_wall(seconds: int) -> None:
    """Soak only: what machine.RTC does; `seconds` since 2000."""
    global _wall_ms
    _wall_ms = seconds * 1000 - _elapsed_ms


def true_time() -> int:
    """Soak only: the seconds since 2000 that a time server would tell."""
    return TRUE_START_S + _elapsed_ms // 1000


def ticks_ms() -> int:
    """As the chip's."""
    return (_elapsed_ms - _BEFORE_WRAP_MS) & _MASK


def ticks_us() -> int:
    """As the chip's; no finer than a millisecond."""
    return (ticks_ms() * 1000) & _MASK


def ticks_add(ticks: int, delta: int) -> int:
    """As the chip's, which refuses spans of more than six days."""
    if not -_HALF < delta < _HALF:
        raise OverflowError("ticks interval overflow")
    return (ticks + delta) & _MASK


def ticks_diff(end: int, start: int) -> int:
    """As the chip's."""
    return ((end - start + _HALF) & _MASK) - _HALF


def sleep_ms(ms: int) -> None:
    """Blocks everybody for a while."""
    advance(max(0, ms))


def sleep(seconds: float) -> None:
    """Blocks everybody for a while."""
    sleep_ms(int(seconds * 1000))


def time() -> int:
    """Seconds since 2000, by the wall clock."""
    return (_wall_ms + _elapsed_ms) // 1000


def gmtime(seconds: "int | None" = None) -> "tuple[int, ...]":
    """The eight numbers of the chip."""
    when = time() if seconds is None else int(seconds)
    numbers: tuple[int, ...] = utime.gmtime(when + _EPOCH_2000)[:8]
    return numbers


localtime = gmtime
