"""The looks: a row for each, by name. Application layer, data only; loaded for one, then dropped.

Steady: I know. Swelling: mail. Blinking: trouble; count the blinks. The patterns:
  walk    one pixel walks round
  breathe all, slowly, never dark
  first   the first pixel, steady
  count   as many pixels as mails wait, steady
  swell   all swell three times, then once every ten seconds
  double  two quick swells and a pause
  pair    the first and the middle pixel, steady
  blink   what is known stays, the last pixel blinks
  sweep   one round, once
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    # (pattern, red, green, blue, level %, level % of a single LED, period ms, blinks)
    Look = tuple[Any, int, int, int, int, int, int, int]

# A level of 25 % is what a brightness of 25 %, the default, makes of the brightest look.
LOOKS: "dict[str, Look]" = {
    "off": ("off", 0, 0, 0, 0, 0, 1000, 0),
    "starting": ("walk", 0xFF, 0xFF, 0xFF, 4, 4, 2000, 0),
    "not_set_up": ("breathe", 0xFF, 0xFF, 0xFF, 10, 10, 4000, 0),
    "nothing": ("first", 0x00, 0xA0, 0x80, 2, 1, 1000, 0),
    "unread": ("count", 0x00, 0x50, 0xFF, 15, 20, 1000, 0),
    "new": ("swell", 0x00, 0x50, 0xFF, 25, 25, 1200, 0),
    "vip": ("double", 0xD0, 0x00, 0xA0, 25, 25, 1600, 0),
    "seen": ("pair", 0x00, 0x50, 0xFF, 4, 4, 1000, 0),
    "not_sure": ("blink", 0xFF, 0x7A, 0x00, 6, 6, 4000, 1),
    "needs_you": ("blink", 0xFF, 0x7A, 0x00, 12, 12, 4000, 2),
    "refused": ("blink", 0xFF, 0x7A, 0x00, 18, 18, 4000, 3),
    "reached_zero": ("sweep", 0x00, 0xA0, 0x80, 15, 15, 1000, 0),
}
