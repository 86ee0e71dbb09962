"""POSIX time zone rules, from text to the hour on the screen."""

from postlamp.net.zone import offset_s
from postlamp.store.zone import parse_zone
from raising import raises

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
# seconds since 1970 of 2026-03-29 01:00 UTC and 2026-10-25 01:00 UTC, when Berlin changes
SPRING_2026 = 1774746000
AUTUMN_2026 = 1792890000


def _offset_h(rule, now):
    return offset_s(parse_zone(rule), now) / 3600


def test_a_zone_without_summer_time_is_one_number():
    assert parse_zone("UTC0") == (0,)
    assert parse_zone("MSK-3") == (10800,)
    assert parse_zone("<-03>3") == (-10800,)
    assert parse_zone("<+0545>-5:45") == (20700,)


def test_summer_time_has_two_rules():
    assert parse_zone(BERLIN) == (3600, 7200, (3, 5, 0, 7200), (10, 5, 0, 10800))
    assert parse_zone("EST5EDT") == parse_zone("EST5EDT,M3.2.0,M11.1.0")
    assert parse_zone("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")[2] == (3, 5, 0, -3600)
    assert parse_zone("LHST-10:30LHDT-11,M10.1.0,M4.1.0")[:2] == (37800, 39600)


def test_berlin_changes_at_the_second():
    assert _offset_h(BERLIN, SPRING_2026 - 1) == 1
    assert _offset_h(BERLIN, SPRING_2026) == 2
    assert _offset_h(BERLIN, AUTUMN_2026 - 1) == 2
    assert _offset_h(BERLIN, AUTUMN_2026) == 1


def test_new_york_changes_on_other_days():
    rule = "EST5EDT,M3.2.0,M11.1.0"
    spring = 1772953200  # 2026-03-08 07:00 UTC
    autumn = 1793512800  # 2026-11-01 06:00 UTC
    assert _offset_h(rule, spring - 1) == -5
    assert _offset_h(rule, spring) == -4
    assert _offset_h(rule, autumn - 1) == -4
    assert _offset_h(rule, autumn) == -5


def test_sydney_has_summer_over_the_new_year():
    rule = "AEST-10AEDT,M10.1.0,M4.1.0/3"
    autumn = 1775318400  # 2026-04-04 16:00 UTC
    spring = 1791043200  # 2026-10-03 16:00 UTC
    assert _offset_h(rule, autumn - 1) == 11
    assert _offset_h(rule, autumn) == 10
    assert _offset_h(rule, spring - 1) == 10
    assert _offset_h(rule, spring) == 11
    assert _offset_h(rule, 1767225600) == 11  # new year


def test_what_is_no_rule_is_refused():
    for text in (
        "Europe/Berlin",
        "CET",
        "C-1",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J60,J300",
        "CET-1CEST,M3.5.0/x,M10.5.0",
        "CET-999",
        "CET--1:",
        "<CET-1",
        "<>1",
        "+1",
    ):
        assert str(raises(ValueError, parse_zone, text))


def test_every_cut_is_a_rule_or_a_value_error():
    for end in range(len(BERLIN)):
        try:
            parse_zone(BERLIN[:end])
        except ValueError:
            continue
        assert BERLIN[:end] in ("CET-1", "CET-1CES", "CET-1CEST", BERLIN[:-2])
