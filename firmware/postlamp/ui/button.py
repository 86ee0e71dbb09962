"""The button, without its bouncing. Hardware layer; knows how long it was held, not what for."""

import time

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class InputPin(Protocol):
        """What machine.Pin offers of use here."""

        def value(self) -> int:
            """The level, 0 or 1."""
            ...


class Button:
    """One button on one pin."""

    def __init__(self, pin: "InputPin", pressed: int = 0) -> None:
        """`pressed` is the pin's level while the button is held."""
        self._pin = pin
        self._level = pressed
        self._was_down = False
        self._is_down = False
        self._since_ms = 0

    def sample(self, now_ms: int) -> int:
        """Look at the pin once; the milliseconds it was held when it was just let go, else 0.

        Two equal looks are a fact: to be called every 20 ms or so.
        """
        down = self._pin.value() == self._level
        steady = down == self._was_down
        self._was_down = down
        if not steady or down == self._is_down:
            return 0
        self._is_down = down
        if down:
            self._since_ms = now_ms
            return 0
        return max(1, time.ticks_diff(now_ms, self._since_ms))
