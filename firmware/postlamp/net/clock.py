"""What time it is: seconds that only grow, and the wall clock once NTP has set it. Layer net.

Raw ticks wrap after 12.4 days and never leave this module, but as two ends of one short span.
Never knows an owner's words for time; the zone comes parsed (store/zone.py).
"""

import time as _time

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol, Tuple

    from postlamp.net.zone import Zone

    class Time(Protocol):
        """What a clock takes of the module."""

        def ticks_ms(self) -> int: ...  # noqa: D102
        def ticks_diff(self, end: int, start: int) -> int: ...  # noqa: D102
        def time(self) -> int: ...  # noqa: D102
        def gmtime(self, seconds: "int | None" = None) -> "Tuple[int, ...]": ...  # noqa: D102


_FIRST_YEAR = const(2026)  # as old as this firmware; a chip that was never told starts in 2000
_OFFSET_S = const(900)  # how long the offset from UTC is not worked out again
_EPOCH_2000 = const(946684800)


class Clock:
    """The one source of time; `time` is the module, handed in by tests.

    `servers` are asked for the time; none: those that ntp.py knows.
    """

    def __init__(
        self, zone: "Zone | None" = None, time: "Any" = _time, servers: "Sequence[str]" = ()
    ) -> None:
        self._zone = zone
        self.time: Time = time
        self.servers = servers
        self._last = time.ticks_ms()
        self._rest_ms = 0
        self._seconds = 0
        self._offset_s = 0  # east of UTC, worked out at most _OFFSET_S before _offset_until
        self._offset_until = 0
        # The chip counts from 2000, the unix port from 1970
        self.epoch_s = _EPOCH_2000 if time.gmtime(0)[0] == 2000 else 0

    def now_s(self) -> int:
        """Whole seconds since the start; only grows. Must be asked once in six days."""
        now = self.time.ticks_ms()
        self._rest_ms += self.time.ticks_diff(now, self._last)
        self._last = now
        self._seconds += self._rest_ms // 1000
        self._rest_ms %= 1000
        return self._seconds

    def ticks_ms(self) -> int:
        """A tick to hand to `elapsed_ms`, for spans of seconds. Never compare two of them."""
        return self.time.ticks_ms()

    def elapsed_ms(self, since: int) -> int:
        """Milliseconds since a tick; right across a wrap."""
        return self.time.ticks_diff(self.time.ticks_ms(), since)

    def is_set(self) -> bool:
        """The wall clock is known: no certificate can be judged before."""
        return self.time.gmtime()[0] >= _FIRST_YEAR

    async def sync(self) -> int:
        """Sets the wall clock; says in how many seconds to do it again.

        LinkError("clock") when it is not set and nobody tells. Never moves `now_s`.
        """
        from postlamp.net import ntp

        try:
            return await ntp.sync(self)
        finally:
            del ntp  # a name still in use would keep the module
            drop("postlamp.net.ntp")

    def local(self) -> "tuple[int, int, int, int] | None":
        """(hour, minute, weekday with Monday 0, day of the month), or None while not known."""
        if not self._zone or not self.is_set():
            return None
        now = self.time.time()
        if not self._offset_until - _OFFSET_S <= now < self._offset_until:
            # Summer time begins and ends on a quarter of an hour, wherever it does
            from postlamp.net import zone

            self._offset_s = zone.offset_s(self._zone, now + self.epoch_s)
            self._offset_until = now - now % _OFFSET_S + _OFFSET_S
            drop("postlamp.net.zone")
        local = self.time.gmtime(now + self._offset_s)
        return local[3], local[4], local[6], local[2]
