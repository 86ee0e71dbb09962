"""Restarts the board when nothing goes on in it, and notes how each start ends. Composition layer.

Knows the chip, never what the gadget does. The hardware's watchdog stays off: it would outlive
Ctrl-C and end a deploy. A thread does not, and goes on while names are looked up.
"""

import time

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_WAKE_MS = const(5000)
_MISSES = const(24)  # in two minutes
_PLANNED, _RUNS, _BITTEN = const(0), const(1), const(3)  # as in app/ladder.py
_WORDS_BYTES = const(2000)  # of the 2048 that the clock's memory has


class Heart:
    """Beats as long as somebody calls `beat`; `note` is for the next start.

    `start` is what app/ladder.py says of this one: mode, starts, crashes, seconds; `head` is how
    that looks in the memory of the clock `rtc`.
    """

    def __init__(
        self,
        rtc: "Any",
        reset: "Callable[[], Any]",
        start: "tuple[int, int, int, int]",
        head: bytearray,
    ) -> None:
        self.reset = reset
        self.start = start
        self.uptime_s = 0
        self.last_words: "Callable[[], Iterable[str]]" = list  # the log's, once there is one
        self.last_act: "Callable[[], object]" = list  # at an end by plan or by Ctrl-C
        self._rtc = rtc
        self._head = head
        self._signs = bytearray(2)  # it has beaten, it is to end

    def beat(self, now_s: int) -> None:
        """There is progress."""
        self.uptime_s = now_s
        self._signs[0] = 1

    def note(self, end: int = _RUNS, words: bytes = b"") -> None:
        """How this start ends, with words of a crash; by default: not yet."""
        head, uptime_s = self._head, min(self.uptime_s, 65535)
        head[3], head[4], head[5] = end, uptime_s & 255, uptime_s >> 8
        self._rtc.memory(head + words)

    def end(self, mode: int = 0) -> None:
        """It ends by plan, or by Ctrl-C: no watchdog, and no crash for the next start."""
        self._signs[1] = 1
        self._head[2] = mode
        self.note(_PLANNED)
        self.last_act()

    def memory(self) -> "tuple[int, int, int]":
        """Free bytes of Python's and of the system's memory, and the system's largest block.

        Zeros where the system does not tell.
        """
        from postlamp.memory import free

        try:
            return free()
        finally:
            del free
            drop("postlamp.memory")

    def watch(self) -> None:
        """For a thread: counts its own wakes, so that no clock can mislead it."""
        signs, missed = self._signs, 0
        while not signs[1]:
            time.sleep_ms(_WAKE_MS)
            missed += 1
            if signs[0]:
                signs[0] = missed = 0
            if missed == _MISSES and not signs[1]:
                words = b""
                try:
                    words = "\n".join(self.last_words()).encode()[-_WORDS_BYTES:]
                finally:  # without memory for them, without
                    self.note(_BITTEN, words)
                    self.reset()
