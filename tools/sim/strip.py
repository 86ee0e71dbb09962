"""The light, decoded from the bytes on a strip's data line or from the duty of an LED's pins."""

from __future__ import annotations

from collections import deque
from typing import Any

from tools.sim.wire import Frame

Colour = tuple[int, int, int]

ORDERS = ("GRB", "RGB", "BRG", "BGR", "RBG", "GBR", "GRBW", "RGBW")
_KEPT = 2000


def decode(data: bytes, order: str) -> list[Colour]:
    """The colour of each pixel, as the eye sees it; a white channel adds to all three.

    `order` is the strip's own, whatever the firmware believes: a wrong one shows wrong colours.
    """
    step = len(order)
    at = {letter: order.index(letter) for letter in order}
    colours = []
    for start in range(0, len(data) - step + 1, step):
        white = data[start + at["W"]] if "W" in at else 0
        red, green, blue = (min(255, data[start + at[letter]] + white) for letter in "RGB")
        colours.append((red, green, blue))
    return colours


def decode_duty(payload: bytes) -> list[Colour]:
    """A plain LED as one grey pixel: 16 bits of duty brought to 8, never dark when it is lit."""
    duty = int.from_bytes(payload[:2], "little")
    level = max(1, duty >> 8) if duty else 0
    return [(level, level, level)]


class Light:
    """The light that is fitted: what it shows now, and what it showed when.

    fitted: `light` of board.json. configured: `light` of the user's configuration, of which only
    what makes sense is taken; the firmware judges the rest.
    """

    def __init__(self, fitted: dict[str, Any], configured: object) -> None:
        self._pin: int = fitted["pin"]
        self._order: str = fitted["order"]
        self._primaries: list[Any] = []  # the pins of an RGB LED
        self._duties = [b"\0\0"] * 3
        self.colours: list[Colour] = []
        self.log: deque[tuple[int, list[Colour]]] = deque(maxlen=_KEPT)
        if isinstance(configured, dict):
            pin, order = configured.get("pin"), configured.get("order")
            self._pin = pin if isinstance(pin, int) else self._pin
            if configured.get("kind") == "rgb":
                self._primaries = [self._pin, configured.get("green"), configured.get("blue")]
            self._order = order if isinstance(order, str) and order in ORDERS else self._order

    def take(self, frame: Frame, t_ms: int) -> bool:
        """Takes what was sent to a strip or an LED; True when the light looks otherwise now."""
        if frame.kind == "P" and frame.arg in self._primaries:
            self._duties[self._primaries.index(frame.arg)] = frame.payload
            red, green, blue = (decode_duty(duty)[0][0] for duty in self._duties)
            colours = [(red, green, blue)]
        elif frame.arg != self._pin:
            return False
        elif frame.kind == "P":
            colours = decode_duty(frame.payload)
        else:
            colours = decode(frame.payload, self._order)
        if colours == self.colours:
            return False
        self.colours = colours
        self.log.append((t_ms, colours))
        return True
