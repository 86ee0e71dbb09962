"""What time it is: seconds that only grow, and the wall clock once NTP has set it. Layer net.

Raw ticks wrap after 12.4 days and never leave this module, but as two ends of one short span.
Never knows an owner's words for time; the zone comes parsed (store/zone.py).
"""

import asyncio
import time as _time

from micropython import const

from postlamp.errors import LinkError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from postlamp.net.zone import Zone

_FIRST_YEAR = const(2024)  # a chip that was never told starts in 2000
_PAUSE_S = const(15)
_OFFSET_S = const(900)  # how long the offset from UTC is not worked out again
_EPOCH_2000 = const(946684800)


class Clock:
    """The one source of time; `time` and `ntp` are the modules, handed in by tests."""

    def __init__(
        self, zone: "Zone | None" = None, time: "Any" = _time, ntp: "Any | None" = None
    ) -> None:
        self._zone = zone
        self._time = time
        self._ntp = ntp
        self._last = time.ticks_ms()
        self._rest_ms = 0
        self._seconds = 0
        self._offset_s = 0  # east of UTC, worked out at most _OFFSET_S before _offset_until
        self._offset_until = 0
        # The chip counts from 2000, the unix port from 1970
        self._epoch_s = _EPOCH_2000 if time.gmtime(0)[0] == 2000 else 0

    def now_s(self) -> int:
        """Whole seconds since the start; only grows. Must be asked once in six days."""
        now = self._time.ticks_ms()
        self._rest_ms += self._time.ticks_diff(now, self._last)
        self._last = now
        self._seconds += self._rest_ms // 1000
        self._rest_ms %= 1000
        return self._seconds

    def ticks_ms(self) -> int:
        """A tick to hand to `elapsed_ms`, for spans of seconds. Never compare two of them."""
        ticks: int = self._time.ticks_ms()
        return ticks

    def elapsed_ms(self, since: int) -> int:
        """Milliseconds since a tick; right across a wrap."""
        elapsed: int = self._time.ticks_diff(self._time.ticks_ms(), since)
        return elapsed

    def is_set(self) -> bool:
        """The wall clock is known: no certificate can be judged before."""
        return bool(self._time.gmtime()[0] >= _FIRST_YEAR)

    async def sync(self, sleep: "Callable[[int], Awaitable[None]]" = asyncio.sleep) -> None:
        """Sets the wall clock by NTP; LinkError("clock") when nobody tells and it is not set.

        Blocks for up to a second at each of three servers: the frozen ntptime knows no other way.
        """
        from postlamp.net import ntp

        try:
            is_told = await ntp.ask(self._ntp, self.now_s(), sleep)
        finally:
            drop("postlamp.net.ntp")
        if not is_told and not self.is_set():
            await sleep(_PAUSE_S)  # who asks too often is not answered at all
            raise LinkError("clock")

    def local(self) -> "tuple[int, int, int, int] | None":
        """(hour, minute, weekday with Monday 0, day of the month), or None while not known."""
        if not self._zone or not self.is_set():
            return None
        now = self._time.time()
        if not self._offset_until - _OFFSET_S <= now < self._offset_until:
            # Summer time begins and ends on a quarter of an hour, wherever it does
            from postlamp.net import zone

            self._offset_s = zone.offset_s(self._zone, now + self._epoch_s)
            self._offset_until = now - now % _OFFSET_S + _OFFSET_S
            drop("postlamp.net.zone")
        local = self._time.gmtime(now + self._offset_s)
        return local[3], local[4], local[6], local[2]
