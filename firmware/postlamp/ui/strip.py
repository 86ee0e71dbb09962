"""A strip or ring of addressable pixels. Hardware layer; knows colours, not what they mean."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Pixels(Protocol):
        """What the frozen neopixel.NeoPixel offers: the bytes of the wire, and sending them."""

        buf: bytearray
        bpp: int

        def write(self) -> None:
            """Send the bytes."""
            ...


_BYTE_MA = const(20)  # one primary of one WS2812 at full level
_IDLE_MA = const(1)  # a dark pixel's controller
_RESEND = const(50)  # unchanged frames between repeats; they mend a strip that lost power


class Strip:
    """Shows colours on pixels, never drawing more than `max_ma` from the supply."""

    def __init__(
        self,
        neopixel: "Pixels",
        pixels: int,
        brightness: int = 25,
        max_ma: int = 300,
        order: str = "GRB",
    ) -> None:
        """`brightness` in %; `order` is the order of primaries on the wire, white the last."""
        self.pixels = pixels
        self.brightness = brightness
        self._neopixel = neopixel
        # What is left for light when the dark pixels have had theirs, in bytes of the wire.
        self._limit = max(0, max_ma - pixels * _IDLE_MA) * 255 // _BYTE_MA
        self._order = bytes(["RGB".index(primary) for primary in order[:3]])
        self._unsent = 0

    def show(self, colours: bytearray) -> None:
        """Send three bytes a pixel (red, green, blue; 255 = full); allocates nothing."""
        if self._fill(colours, self._scale(colours)):
            self._unsent = 0
        else:
            self._unsent = (self._unsent + 1) % _RESEND
        if self._unsent == 0:
            self._neopixel.write()

    def _scale(self, colours: bytearray) -> int:
        """The factor (4096 = 1) that gives the brightness and keeps to the current's limit."""
        scale = self.brightness * 4096 // 100
        total = 0
        for i in range(len(colours)):
            total += colours[i]
        if total * self.brightness > self._limit * 100:
            scale = self._limit * 4096 // total
        return scale

    def _fill(self, colours: bytearray, scale: int) -> bool:
        """Put the bytes in the order of the wire; whether any changed.

        Where there is a white diode, it gives what all three primaries have in common.
        """
        wire = self._neopixel.buf
        size = self._neopixel.bpp
        changed = False
        white = 0
        for i in range(self.pixels):
            if size > 3:
                white = min(colours[3 * i], colours[3 * i + 1], colours[3 * i + 2])
            for place in range(size):
                value = colours[3 * i + self._order[place]] - white if place < 3 else white
                level = value * scale >> 12
                # Dark would mean no power, so the dimmest light stays a light.
                if value and not level:
                    level = 1
                if wire[i * size + place] != level:
                    wire[i * size + place] = level
                    changed = True
        return changed
