"""The looks keep the promises of the table of lights."""

from postlamp.app.looks import LOOKS
from postlamp.app.patterns import drawing


def test_no_look_is_brighter_than_a_quarter():
    for name in LOOKS:
        look = LOOKS[name]
        assert 0 <= look[4] <= 25 and 0 <= look[5] <= 25, name


def test_no_look_is_red():
    for name in LOOKS:
        _, red, green, blue, level = LOOKS[name][:5]
        assert not level or green or blue, name
        assert not (red and green < 0x40 and blue < 0x40), name


def test_no_two_looks_are_the_same():
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_trouble_is_told_by_the_number_of_blinks():
    assert LOOKS["not_sure"][7] == 1
    assert LOOKS["needs_you"][7] == 2
    assert LOOKS["refused"][7] == 3


def test_each_look_draws_its_pattern():
    for name, ring in (("starting", [0]), ("seen", [0, 6]), ("nothing", [0]), ("unread", [0, 1])):
        colours = bytearray(36)
        drawing(12)(LOOKS[name], 0, colours, 2)
        assert [i for i in range(12) if max(colours[3 * i : 3 * i + 3])] == ring, name
