"""Decodes what a strip's pixels show from the bytes on its data line, and a plain LED from its duty."""

from __future__ import annotations

Colour = tuple[int, int, int]

ORDERS = ("GRB", "RGB", "BRG", "BGR", "RBG", "GBR", "GRBW", "RGBW")


def decode(data: bytes, order: str) -> list[Colour]:
    """The colour of each pixel, as the eye sees it; a white channel adds to all three.

    `order` is the strip's own, whatever the firmware believes: a wrong order shows as wrong colours.
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
    """A plain LED as one grey pixel: the duty of 16 bits brought to 8, never dark when it is lit."""
    duty = int.from_bytes(payload[:2], "little")
    level = max(1, duty >> 8) if duty else 0
    return [(level, level, level)]
