"""What each look is: pattern, colour, levels, period, blinks. Application layer, pure data.

Steady: I know. Swelling: mail. Blinking: trouble; count the blinks.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Tuple

    # (pattern, red, green, blue, level %, level % of a single LED, period ms, blinks)
    Look = Tuple[int, int, int, int, int, int, int, int]

# Patterns; the same numbers stand in patterns.py, because shared constants cost memory.
_OFF = const(0)
_WALK = const(1)  # one pixel walks round
_BREATHE = const(2)  # all, slowly, never dark
_FIRST = const(3)  # the first pixel, steady
_COUNT = const(4)  # as many pixels as mails wait, steady
_SWELL = const(5)  # all swell three times, then once every ten seconds
_DOUBLE = const(6)  # two quick swells and a pause
_PAIR = const(7)  # the first and the middle pixel, steady
_BLINK = const(8)  # what is known stays, the last pixel blinks
_SWEEP = const(9)  # one round, once

# A level of 25 % is what a brightness of 25 %, the default, makes of the brightest look.
LOOKS: "Dict[str, Look]" = {
    "off": (_OFF, 0, 0, 0, 0, 0, 1000, 0),
    "starting": (_WALK, 0xFF, 0xFF, 0xFF, 4, 4, 2000, 0),
    "not_set_up": (_BREATHE, 0xFF, 0xFF, 0xFF, 10, 10, 4000, 0),
    "nothing": (_FIRST, 0x00, 0xA0, 0x80, 2, 1, 1000, 0),
    "unread": (_COUNT, 0x00, 0x50, 0xFF, 15, 20, 1000, 0),
    "new": (_SWELL, 0x00, 0x50, 0xFF, 25, 25, 1200, 0),
    "vip": (_DOUBLE, 0xD0, 0x00, 0xA0, 25, 25, 1600, 0),
    "seen": (_PAIR, 0x00, 0x50, 0xFF, 4, 4, 1000, 0),
    "not_sure": (_BLINK, 0xFF, 0x7A, 0x00, 6, 6, 4000, 1),
    "needs_you": (_BLINK, 0xFF, 0x7A, 0x00, 12, 12, 4000, 2),
    "refused": (_BLINK, 0xFF, 0x7A, 0x00, 18, 18, 4000, 3),
    "reached_zero": (_SWEEP, 0x00, 0xA0, 0x80, 15, 15, 1000, 0),
}
