"""How far a time zone is from UTC. Layer net; pure; loaded four times an hour, then dropped."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    # standard offset, then with summer time: its offset, its begin and its end, each as
    # (month, week 1-5, weekday with Sunday 0, second of the day). Offsets are east of UTC.
    Rule = tuple[int, int, int, int]
    Zone = tuple[int] | tuple[int, int, Rule, Rule]

_DAY_S = const(86400)


def offset_s(zone: "Zone", now: int) -> int:
    """How many seconds the zone is east of UTC at `now` (since 1970)."""
    if len(zone) == 1:
        return zone[0]
    standard, summer, begin, end = zone
    year = _year((now + standard) // _DAY_S)
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


def _year(days: int) -> int:
    """The year of a day since 1970."""
    year = 1970 + days // 366
    while _days(year + 1, 1) <= days:
        year += 1
    return year
