"""What time it is: seconds that only grow, and the wall clock once NTP has set it. Layer net.

Raw ticks wrap after 12.4 days and never leave this module, but as two ends of one short span.
Never knows an owner's words for time; the zone comes parsed (store/zone.py).
"""

import asyncio
import time as _time

from micropython import const

from postlamp.errors import LinkError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    # standard offset, then with summer time: its offset, its begin and its end, each as
    # (month, week 1-5, weekday with Sunday 0, second of the day). Offsets are east of UTC.
    Rule = tuple[int, int, int, int]
    Zone = tuple[int] | tuple[int, int, Rule, Rule]

_FIRST_YEAR = const(2024)  # a chip that was never told starts in 2000
_DAY_S = const(86400)
_EPOCH_2000 = const(946684800)
# The first is everybody's; the others answer where a network blocks it.
_NTP_HOSTS = ("pool.ntp.org", "time.google.com", "time.cloudflare.com")


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
        ntp: Any = self._ntp
        if ntp is None:
            import ntptime

            ntp = ntptime
        for host in _NTP_HOSTS:
            ntp.host = host
            try:
                ntp.settime()
            except (OSError, ValueError, IndexError) as err:
                # what a lost or a cut-off answer raises; the next one may do better
                print("W (%d) clock: %s: %r" % (self.now_s(), host, err))
            else:
                return
            await sleep(0)
        if not self.is_set():
            raise LinkError("clock")

    def epoch1970(self) -> int:
        """Seconds since 1970, UTC; means nothing before `is_set`."""
        return int(self._time.time()) + self._epoch_s

    def local(self) -> "tuple[int, int, int, int] | None":
        """(hour, minute, weekday with Monday 0, day of the month), or None while not known."""
        zone = self._zone
        if not zone or not self.is_set():
            return None
        now = self.epoch1970()
        now += offset_s(zone, now)
        days = now // _DAY_S
        second = now % _DAY_S
        return second // 3600, second // 60 % 60, (days + 3) % 7, _civil(days)[2]


def offset_s(zone: "Zone", now: int) -> int:
    """How many seconds the zone is east of UTC at `now` (since 1970)."""
    if len(zone) == 1:
        return zone[0]
    standard, summer, begin, end = zone
    year = _civil((now + standard) // _DAY_S)[0]
    begins = _transition(year, begin) - standard
    ends = _transition(year, end) - summer
    # South of the equator summer time spans the new year
    is_summer = begins <= now < ends if begins < ends else not ends <= now < begins
    return summer if is_summer else standard


def _transition(year: int, rule: "Rule") -> int:
    """Local seconds since 1970 of POSIX' Mm.w.d: the w-th such weekday, 5 is the last one."""
    month, week, weekday, second = rule
    first = _days(year, month)
    day = first + (weekday - first - 4) % 7 + 7 * (week - 1)  # 1970-01-01 was a Thursday
    if week == 5:
        after = _days(year + month // 12, month % 12 + 1)
        while day >= after:
            day -= 7
    return day * _DAY_S + second


def _days(year: int, month: int) -> int:
    """Days from 1970-01-01 to the first of a month, counted in years that begin in March."""
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 - 719468


def _civil(days: int) -> "tuple[int, int, int]":
    """(year, month, day) of a day since 1970; the reverse of `_days`."""
    days += 719468
    era = days // 146097
    day = days % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year += era * 400 + (month > 9)
    return year, month + 3 if month < 10 else month - 9, day + 1
