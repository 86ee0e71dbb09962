"""Stands in for the ESP32's `time`: ticks wrap at 2^30, 10 s after the start; the epoch is 2000.

Until machine.RTC sets it, the clock counts from 2000-01-01, as on a chip without power.
The host can jump the clock (frame T), so that "90 s later" need not be waited for. Only the main
thread hears of that. A thread that sleeps ends instead: as long as there is one, every collection
of garbage stops it by a signal, and a Ctrl-C in the middle of that breaks this port's heap. Unless
POSTLAMP_SIM_HURRY is set: then it lives, and its time is so many times faster.
"""

import _thread
import os

import _wire
import utime
from micropython import const

_PERIOD = const(1 << 30)
_MASK = const((1 << 30) - 1)
_HALF = const(1 << 29)
_BEFORE_WRAP_MS = const(10000)
_EPOCH_2000 = const(946684800)  # the ESP32's 2000-01-01 in the host's seconds since 1970

_ticks_base = _PERIOD - _BEFORE_WRAP_MS - utime.ticks_ms()
_clock_base_ns = -utime.time_ns()
_jumped_ms = 0
_jump_listeners = []
_main_thread = _thread.get_ident()
_hurry = int(os.getenv("POSTLAMP_SIM_HURRY") or "0")


def _jump(_arg, payload):
    global _ticks_base, _clock_base_ns, _jumped_ms
    ms = int.from_bytes(payload, "little")
    _ticks_base += ms
    _jumped_ms += ms
    _clock_base_ns += ms * 1000000
    for listener in _jump_listeners:
        listener(ms)


_wire.on(84, _jump)  # T


def on_jump(listener):
    """Simulator only: calls listener(ms) after the host has jumped the clock."""
    _jump_listeners.append(listener)


def set_clock(seconds):
    """Simulator only: what machine.RTC does; `seconds` since 2000."""
    global _clock_base_ns
    _clock_base_ns = seconds * 1000000000 - utime.time_ns()


def ticks_ms():
    _wire.poll()
    return (utime.ticks_ms() + _ticks_base) & _MASK


def ticks_us():
    _wire.poll()
    return (utime.ticks_us() + _ticks_base * 1000) & _MASK


ticks_cpu = ticks_us


def ticks_add(ticks, delta):
    if not -_HALF < delta < _HALF:
        raise OverflowError("ticks interval overflow")
    return (ticks + delta) & _MASK


def ticks_diff(end, start):
    return ((end - start + _HALF) & _MASK) - _HALF


def sleep_us(us):
    if us > 0:
        utime.sleep_us(us)


def sleep_ms(ms):
    if _thread.get_ident() != _main_thread:
        if not _hurry:
            _thread.exit()
        _sleep_through(ms // _hurry)
        return
    end = utime.ticks_ms() + _jumped_ms + ms
    while True:
        left = end - utime.ticks_ms() - _jumped_ms
        if left <= 0:
            return
        utime.sleep_ms(min(left, 5))
        _wire.poll()


def block_ms(ms):
    """Simulator only: a call that keeps everybody waiting, but a thread."""
    _sleep_through(ms // (_hurry or 1))


def _sleep_through(ms):
    """A collection of garbage, in whatever thread, ends the system's own sleep."""
    end = utime.ticks_ms() + ms
    while end > utime.ticks_ms():
        utime.sleep_ms(end - utime.ticks_ms())


def sleep(seconds):
    sleep_ms(int(seconds * 1000))


def time_ns():
    return utime.time_ns() + _clock_base_ns


def time():
    return time_ns() // 1000000000


def gmtime(seconds=None):
    when = time() if seconds is None else int(seconds)
    return utime.gmtime(when + _EPOCH_2000)[:8]  # no ninth, tm_isdst, on the chip


localtime = gmtime  # the chip knows no time zones


def mktime(when):
    # Nine numbers for this port, eight on the chip; the host runs us with TZ=UTC.
    return int(utime.mktime(tuple(when[:8]) + (0,))) - _EPOCH_2000
