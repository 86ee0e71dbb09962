"""The button: bounces are no presses, and a press says how long it was."""

import time

from postlamp.ui.button import Button

NEEDS = "micropython"


class _FakePin:
    def __init__(self, level=1):
        self.level = level

    def value(self):
        return self.level


def _held(levels, pressed=0):
    """What sample() told for levels that are 20 ms apart."""
    pin = _FakePin(1 - pressed)
    button = Button(pin, pressed)
    told = []
    for at, level in enumerate(levels):
        pin.level = level
        told.append(button.sample(20 * at))
    return [held_ms for held_ms in told if held_ms]


def test_a_press_says_how_long_it_was():
    assert _held([1, 1] + [0] * 10 + [1, 1, 1]) == [200]


def test_two_presses():
    assert _held([1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1]) == [60, 40]


def test_a_bounce_is_no_press():
    assert _held([1, 0, 1, 0, 1, 1]) == []


def test_a_bounce_does_not_end_a_press():
    assert _held([0, 0, 0, 1, 0, 0, 1, 1]) == [120]


def test_a_button_to_the_supply():
    assert _held([0, 1, 1, 1, 0, 0], pressed=1) == [60]


def test_a_press_while_the_ticks_wrap():
    period = time.ticks_add(0, -1) + 1
    pin = _FakePin(0)
    button = Button(pin)
    button.sample(period - 40)
    button.sample(period - 20)
    pin.level = 1
    button.sample(0)
    assert button.sample(20) == 40
