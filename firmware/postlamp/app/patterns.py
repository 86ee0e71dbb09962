"""Patterns of light: pure functions of a look and milliseconds. Application layer.

Whole numbers only; drawing allocates nothing. Colours come out relative to the brightest
look (25 %): the output in ui/ scales them to the brightness the owner chose.
"""

from micropython import const

from postlamp.app import looks

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.app.looks import Look

_FULL = const(25)  # level in % that comes out as 255
_BLINK_ON_MS = const(150)
_BLINK_MS = const(400)  # 150 on, 250 off: 2.5 Hz, under the 3 Hz of EXPERIENCE.md
_SWELLS = const(3)
_REST_MS = const(10000)
_REST_LEVEL = const(5)  # between swells: dark would mean no power
_QUICK_MS = const(400)
_DIP_MS = const(200)
_AFTER_SWEEP_LEVEL = const(2)
# Mail that waits is this blue in every look that also tells trouble.
_WAITING_GREEN = const(0x50)
_WAITING_BLUE = const(0xFF)
_WAITING_LEVEL = const(15)


def draw(look: "Look", ms: int, colours: bytearray, count: int = 0, last_count: int = 0) -> None:
    """Draw the look as it is `ms` milliseconds after it began into `colours` (3 bytes a pixel).

    `count` is what is proved to wait; `last_count` what waited when last known, if not sure.
    """
    for i in range(len(colours)):
        colours[i] = 0
    if len(colours) == 3:
        _draw_one(look, ms, colours)
    else:
        _draw_many(look, ms, colours, count, last_count)


def _draw_many(look: "Look", ms: int, colours: bytearray, count: int, last_count: int) -> None:
    """The column "ring or strip" of the table of lights."""
    pattern = look[0]
    pixels = len(colours) // 3
    power = _power(look[4])
    if pattern == looks.WALK:
        _set(look, colours, ms % look[6] * pixels // look[6], power)
    elif pattern == looks.BREATHE:
        _fill(look, colours, pixels, _breath(ms, look[6], power))
    elif pattern == looks.FIRST:
        _set(look, colours, 0, power)
    elif pattern == looks.COUNT:
        _fill(look, colours, min(count, pixels), power)
    elif pattern == looks.PAIR:
        _set(look, colours, 0, power)
        _set(look, colours, pixels // 2, power)
    elif pattern == looks.SWELL or pattern == looks.DOUBLE:
        _fill(look, colours, max(1, min(count, pixels)), _power(_REST_LEVEL))
        _swell(look, colours, _wave(look, ms), power)
    elif pattern == looks.BLINK:
        _draw_trouble(look, ms, colours, count, last_count)
    elif pattern == looks.SWEEP:
        if 0 <= ms < look[6]:
            _set(look, colours, ms * pixels // look[6], power)
        else:
            _set(look, colours, 0, _power(_AFTER_SWEEP_LEVEL))


def _draw_one(look: "Look", ms: int, colours: bytearray) -> None:
    """The column "one LED": its brightest primary stands for the level, whatever the colour."""
    pattern = look[0]
    if pattern == looks.OFF:
        return
    norm = max(look[1], look[2], look[3])
    power = _power(look[5]) * 255 // norm
    if pattern == looks.WALK:
        dips = ms % look[6] >= look[6] - _DIP_MS
        _set(look, colours, 0, power >> 2 if dips else power)
    elif pattern == looks.BREATHE:
        _set(look, colours, 0, _breath(ms, look[6], power))
    elif pattern == looks.SWELL or pattern == looks.DOUBLE:
        _set(look, colours, 0, _power(_REST_LEVEL) * 255 // norm)
        _swell(look, colours, _wave(look, ms), power)
    elif pattern == looks.BLINK:
        if _is_blinking(look, ms):
            _set(look, colours, 0, power)
    elif pattern == looks.SWEEP:
        rest = power >> 3
        wave = _hump(ms, look[6]) if 0 <= ms < look[6] else 0
        _set(look, colours, 0, rest + ((power - rest) * wave >> 8))
    else:
        _set(look, colours, 0, power)


def _draw_trouble(look: "Look", ms: int, colours: bytearray, count: int, last_count: int) -> None:
    """What is known stays lit, what was known stays at half level, the last pixel blinks."""
    last = len(colours) // 3 - 1
    power = _power(_WAITING_LEVEL)
    for i in range(min(max(count, last_count), last)):
        shown = power if i < count else power >> 1
        colours[3 * i + 1] = _WAITING_GREEN * shown >> 8
        colours[3 * i + 2] = _WAITING_BLUE * shown >> 8
    if _is_blinking(look, ms):
        _set(look, colours, last, _power(look[4]))


def _swell(look: "Look", colours: bytearray, wave: int, power: int) -> None:
    """Raise every pixel by `wave` (0-256) from what it shows to the look, whiter at the top."""
    white = wave >> 1 if look[0] == looks.SWELL else 0
    for i in range(len(colours)):
        full = look[1 + i % 3]
        full += (255 - full) * white >> 8
        colours[i] += ((full * power >> 8) - colours[i]) * wave >> 8


def _wave(look: "Look", ms: int) -> int:
    """How far (0-256) a look that swells has risen."""
    period_ms = look[6]
    if look[0] == looks.DOUBLE:
        phase_ms = ms % period_ms
        return _hump(phase_ms % _QUICK_MS, _QUICK_MS) if phase_ms < 2 * _QUICK_MS else 0
    if ms < _SWELLS * period_ms:
        return _hump(ms % period_ms, period_ms)
    phase_ms = (ms - _SWELLS * period_ms) % _REST_MS - (_REST_MS - period_ms)
    return _hump(phase_ms, period_ms) if phase_ms >= 0 else 0


def _hump(ms: int, period_ms: int) -> int:
    """Up and down once in a period, 0-256; squared, because the eye sees low levels well."""
    rise = ms * 512 // period_ms
    if rise > 256:
        rise = 512 - rise
    return rise * rise >> 8


def _breath(ms: int, period_ms: int, power: int) -> int:
    """A power that comes and goes between an eighth and the whole."""
    return (power >> 3) + ((power - (power >> 3)) * _hump(ms % period_ms, period_ms) >> 8)


def _is_blinking(look: "Look", ms: int) -> bool:
    """Whether one of the look's blinks is on just now."""
    phase_ms = ms % look[6]
    return phase_ms < look[7] * _BLINK_MS and phase_ms % _BLINK_MS < _BLINK_ON_MS


def _power(level: int) -> int:
    """A level in % as 0-256 of the brightest look."""
    return level * 256 // _FULL


def _fill(look: "Look", colours: bytearray, pixels: int, power: int) -> None:
    """Give the first `pixels` pixels the look's colour."""
    for i in range(pixels):
        _set(look, colours, i, power)


def _set(look: "Look", colours: bytearray, pixel: int, power: int) -> None:
    """Give one pixel the look's colour at a power of 0-256 (more for a dark colour on one LED)."""
    at = 3 * pixel
    colours[at] = look[1] * power >> 8
    colours[at + 1] = look[2] * power >> 8
    colours[at + 2] = look[3] * power >> 8
