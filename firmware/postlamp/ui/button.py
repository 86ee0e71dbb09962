"""The button, without its bouncing. Hardware layer; knows how long it was held, not what for."""

import asyncio
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


_POLL_MS = const(20)  # contacts bounce for 5-10 ms: two equal looks 20 ms apart are a fact


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
        """Look at the pin once; the milliseconds it was held when it was just let go, else 0."""
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

    async def pressed(self) -> int:
        """Wait until it was pressed and let go; how many milliseconds it was held."""
        while True:
            held_ms = self.sample(time.ticks_ms())
            if held_ms:
                return held_ms
            await asyncio.sleep_ms(_POLL_MS)
