"""Patterns of light on a strip or ring: pure functions of a look and milliseconds.

Application layer. Steady: I know. Swelling: mail. Blinking: trouble; count the blinks.
Whole numbers only; drawing allocates nothing. Colours come out relative to the brightest
look (25 %): the output in ui/ scales them to the brightness the owner chose. One LED is lone.py's.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from postlamp.app.looks import Look

    Draw = Callable[..., None]


_FULL = const(25)  # level in % that comes out as 255
_BLINK_ON_MS = const(150)
_BLINK_MS = const(400)  # 150 on, 250 off: 2.5 Hz, under the 3 Hz of EXPERIENCE.md
_SWELLS = const(3)
_REST_MS = const(10000)
REST_POWER = const(51)  # 5 % between swells: dark would mean no power
_QUICK_MS = const(400)
_SWEPT_POWER = const(20)  # 2 %, as when nothing waits
# Mail that waits is this blue in every look that also tells trouble.
_WAITING_GREEN = const(0x50)
_WAITING_BLUE = const(0xFF)
_WAITING_POWER = const(153)  # 15 %


def drawing(pixels: int) -> "Draw":
    """What draws on a light of so many."""
    if pixels == 1:
        from postlamp.app.lone import draw as draw_one

        return draw_one
    return draw


def draw(look: "Look", ms: int, colours: bytearray, count: int = 0, last_count: int = 0) -> None:
    """Draw the look as it is `ms` milliseconds after it began into `colours` (3 bytes a pixel).

    `count` is what is proved to wait; `last_count` what waited when last known, if not sure.
    """
    for i in range(len(colours)):
        colours[i] = 0
    if look[0] == "blink":
        _draw_trouble(look, ms, colours, count, last_count)
    else:
        _draw_many(look, ms, colours, count)


def _draw_many(look: "Look", ms: int, colours: bytearray, count: int) -> None:
    """The column "ring or strip" of the table of lights."""
    pattern = look[0]
    pixels = len(colours) // 3
    power = look[4] * 256 // _FULL
    if pattern == "walk" or (pattern == "sweep" and 0 <= ms < look[6]):
        paint(look, colours, ms % look[6] * pixels // look[6], 1, power)
    elif pattern == "breathe":
        paint(look, colours, 0, pixels, risen(power, hump(ms % look[6], look[6])))
    elif pattern == "count":
        paint(look, colours, 0, min(count, pixels), power)
    elif pattern == "swell" or pattern == "double":
        paint(look, colours, 0, max(1, min(count, pixels)), REST_POWER)
        swell(look, colours, wave(look, ms), power)
    elif pattern != "off":
        paint(look, colours, 0, 1, _SWEPT_POWER if pattern == "sweep" else power)
        if pattern == "pair":
            paint(look, colours, pixels // 2, 1, power)


def _draw_trouble(look: "Look", ms: int, colours: bytearray, count: int, last_count: int) -> None:
    """What is known stays lit, what was known stays at half level, the last pixel blinks."""
    last = len(colours) // 3 - 1
    for i in range(min(max(count, last_count), last)):
        shown = _WAITING_POWER if i < count else _WAITING_POWER >> 1
        colours[3 * i + 1] = _WAITING_GREEN * shown >> 8
        colours[3 * i + 2] = _WAITING_BLUE * shown >> 8
    if is_blinking(look, ms):
        paint(look, colours, last, 1, look[4] * 256 // _FULL)


def swell(look: "Look", colours: bytearray, wave: int, power: int) -> None:
    """Raise every pixel by `wave` (0-256) from what it shows to the look, whiter at the top."""
    white = wave >> 1 if look[0] == "swell" else 0
    for i in range(len(colours)):
        full = look[1 + i % 3]
        full += (255 - full) * white >> 8
        colours[i] += ((full * power >> 8) - colours[i]) * wave >> 8


def wave(look: "Look", ms: int) -> int:
    """How far (0-256) a look that swells has risen."""
    period_ms = look[6]
    if look[0] == "double":
        ms %= period_ms
        return hump(ms % _QUICK_MS, _QUICK_MS) if ms < 2 * _QUICK_MS else 0
    if ms < _SWELLS * period_ms:
        return hump(ms % period_ms, period_ms)
    ms = (ms - _SWELLS * period_ms) % _REST_MS - (_REST_MS - period_ms)
    return hump(ms, period_ms) if ms >= 0 else 0


def hump(ms: int, period_ms: int) -> int:
    """Up and down once in a period, 0-256; squared, because the eye sees low levels well."""
    rise = ms * 512 // period_ms
    if rise > 256:
        rise = 512 - rise
    return rise * rise >> 8


def risen(power: int, wave: int) -> int:
    """A power between an eighth of it and the whole."""
    low = power >> 3
    return low + ((power - low) * wave >> 8)


def is_blinking(look: "Look", ms: int) -> bool:
    """Whether one of the look's blinks is on just now."""
    ms %= look[6]
    return ms < look[7] * _BLINK_MS and ms % _BLINK_MS < _BLINK_ON_MS


def paint(look: "Look", colours: bytearray, first: int, pixels: int, power: int) -> None:
    """Give some pixels the look's colour at a power of 0-256 (more for a dark one on one LED)."""
    for at in range(3 * first, 3 * (first + pixels)):
        colours[at] = look[1 + at % 3] * power >> 8
