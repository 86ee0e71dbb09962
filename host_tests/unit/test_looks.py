"""The looks keep the promises of the table of lights."""

from postlamp.app import looks
from postlamp.app.patterns import draw


def test_no_look_is_brighter_than_a_quarter():
    for name in looks.LOOKS:
        look = looks.LOOKS[name]
        assert 0 <= look[4] <= 25 and 0 <= look[5] <= 25, name


def test_no_look_is_red():
    for name in looks.LOOKS:
        _, red, green, blue, level = looks.LOOKS[name][:5]
        assert not level or green or blue, name
        assert not (red and green < 0x40 and blue < 0x40), name


def test_no_two_looks_are_the_same():
    assert len(set(looks.LOOKS.values())) == len(looks.LOOKS)


def test_trouble_is_told_by_the_number_of_blinks():
    assert looks.LOOKS["not_sure"][7] == 1
    assert looks.LOOKS["needs_you"][7] == 2
    assert looks.LOOKS["refused"][7] == 3


def test_both_modules_number_the_patterns_alike():
    # Private constants leave no trace in a module, so what is drawn tells them.
    for name, ring in (("starting", [0]), ("seen", [0, 6]), ("nothing", [0]), ("unread", [0, 1])):
        colours = bytearray(36)
        draw(looks.LOOKS[name], 0, colours, 2)
        assert [i for i in range(12) if max(colours[3 * i : 3 * i + 3])] == ring, name
