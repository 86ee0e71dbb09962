"""Patterns of light on one LED, the column of that name in the table of lights.

Application layer; loaded only where such a light is fitted. Drawing allocates nothing.
"""

from micropython import const

from postlamp.app.patterns import REST_POWER, hump, is_blinking, paint, risen, swell, wave

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.app.looks import Look

_FULL = const(25)  # as in patterns.py
_DIP_MS = const(200)


def draw(look: "Look", ms: int, colours: bytearray, count: int = 0, last_count: int = 0) -> None:
    """As patterns.draw: its brightest primary stands for the level, whatever the colour."""
    colours[0] = colours[1] = colours[2] = 0
    pattern = look[0]
    norm = max(1, look[1], look[2], look[3])
    power = look[5] * 256 // _FULL * 255 // norm
    if pattern == "walk" and ms % look[6] >= look[6] - _DIP_MS:
        power >>= 2
    elif pattern == "breathe":
        power = risen(power, hump(ms % look[6], look[6]))
    elif pattern == "sweep":
        power = risen(power, hump(ms, look[6]) if 0 <= ms < look[6] else 0)
    elif pattern == "blink" and not is_blinking(look, ms):
        power = 0
    if pattern == "swell" or pattern == "double":
        paint(look, colours, 0, 1, REST_POWER * 255 // norm)
        swell(look, colours, wave(look, ms), power)
    else:
        paint(look, colours, 0, 1, power)
