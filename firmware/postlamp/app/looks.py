"""What each look is: pattern, colour, levels, period, blinks. Application layer, pure data.

Steady: I know. Swelling: mail. Blinking: trouble; count the blinks.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Tuple

    # (pattern, red, green, blue, level %, level % of a single LED, period ms, blinks)
    Look = Tuple[int, int, int, int, int, int, int, int]

# Patterns, drawn by patterns.py.
OFF = const(0)
WALK = const(1)  # one pixel walks round
BREATHE = const(2)  # all, slowly, never dark
FIRST = const(3)  # the first pixel, steady
COUNT = const(4)  # as many pixels as mails wait, steady
SWELL = const(5)  # all swell three times, then once every ten seconds
DOUBLE = const(6)  # two quick swells and a pause
PAIR = const(7)  # the first and the middle pixel, steady
BLINK = const(8)  # what is known stays, the last pixel blinks
SWEEP = const(9)  # one round, once

# A level of 25 % is what a brightness of 25 %, the default, makes of the brightest look.
LOOKS: "Dict[str, Look]" = {
    "off": (OFF, 0, 0, 0, 0, 0, 1000, 0),
    "starting": (WALK, 0xFF, 0xFF, 0xFF, 4, 4, 2000, 0),
    "not_set_up": (BREATHE, 0xFF, 0xFF, 0xFF, 10, 10, 4000, 0),
    "nothing": (FIRST, 0x00, 0xA0, 0x80, 2, 1, 1000, 0),
    "unread": (COUNT, 0x00, 0x50, 0xFF, 15, 20, 1000, 0),
    "new": (SWELL, 0x00, 0x50, 0xFF, 25, 25, 1200, 0),
    "vip": (DOUBLE, 0xD0, 0x00, 0xA0, 25, 25, 1600, 0),
    "seen": (PAIR, 0x00, 0x50, 0xFF, 4, 4, 1000, 0),
    "not_sure": (BLINK, 0xFF, 0x7A, 0x00, 6, 6, 4000, 1),
    "needs_you": (BLINK, 0xFF, 0x7A, 0x00, 12, 12, 4000, 2),
    "refused": (BLINK, 0xFF, 0x7A, 0x00, 18, 18, 4000, 3),
    "reached_zero": (SWEEP, 0x00, 0xA0, 0x80, 15, 15, 1000, 0),
}


def is_steady(look: "Look") -> bool:
    """Whether the look stands still, so that it need not be drawn again and again."""
    return look[0] in (OFF, FIRST, COUNT, PAIR)
