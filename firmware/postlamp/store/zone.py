"""A POSIX time zone rule into numbers for net/clock.py. Layer store; pure, dropped once loaded."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_HOUR_S = const(3600)
_WANTED = "must be a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3, MSK-3 or UTC0"
_USA = ",M3.2.0,M11.1.0"  # what POSIX means by a summer time without rules


def parse_zone(text: str) -> "tuple[Any, ...]":
    """`CET-1CEST,M3.5.0,M10.5.0/3` → (offset, summer offset, begin, end), `UTC0` → (offset,).

    Offsets are seconds east of UTC, begin and end are (month, week, weekday, second of the day).
    Raises ValueError that says what is wrong.
    """
    at = _after_name(text, 0)
    offset, at = _seconds(text, at)
    if at == len(text):
        return (-offset,)
    at = _after_name(text, at)
    summer = offset - _HOUR_S
    if at < len(text) and text[at] != ",":
        summer, at = _seconds(text, at)
    rules = (text[at:] or _USA).split(",")
    if len(rules) != 3 or rules[0]:
        raise ValueError("needs two rules after the names, such as ,M3.5.0,M10.5.0/3")
    return -offset, -summer, _rule(rules[1]), _rule(rules[2])


def _after_name(text: str, at: int) -> int:
    """The end of CET or <+03>: three letters or more."""
    start = at
    if text[at : at + 1] == "<":
        at = text.find(">", at)
        if at - start < 4:
            raise ValueError("has a broken <name>")
        return at + 1
    while at < len(text) and text[at].isalpha():
        at += 1
    if at - start < 3:
        raise ValueError(_WANTED)
    return at


def _seconds(text: str, at: int) -> "tuple[int, int]":
    """[+-]h[h][:mm[:ss]] from `at`: its seconds, and where it ends."""
    start = at
    while at < len(text) and text[at] in "+-:0123456789":
        at += 1
    sign = -1 if text[start : start + 1] == "-" else 1
    parts = text[start:at].lstrip("+-").split(":")
    units = (_HOUR_S, 60, 1)
    if len(parts) > 3 or not all(part.isdigit() and len(part) < 4 for part in parts):
        raise ValueError(_WANTED)
    total = 0
    for part, unit in zip(parts, units):
        total += int(part) * unit
    if total > 167 * _HOUR_S:
        raise ValueError("has more hours than a week")
    return sign * total, at


def _rule(text: str) -> "tuple[int, int, int, int]":
    """Mm.w.d[/time]; without a time at 2 o'clock."""
    day, slash, time = text.partition("/")
    second = 2 * _HOUR_S
    if slash:
        second, end = _seconds(time, 0)
        if end != len(time):
            raise ValueError("has a broken time in /" + time)
    numbers = day[1:].split(".")
    if day[:1] != "M" or len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        raise ValueError("has a rule of another kind than Mmonth.week.day: " + day)
    month, week, weekday = [int(number) for number in numbers]
    if not (1 <= month <= 12 and 1 <= week <= 5 and weekday <= 6):
        raise ValueError("has a month, week or day out of range: " + day)
    return month, week, weekday, second
