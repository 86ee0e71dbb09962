"""An SSD1306 or SH1106 display on I²C, 128×64 or 128×32, sent by rows of eight pixels.

Hardware layer. Both take a row by its page and first column, the one way that an SH1106 knows.

Drawing costs no bus time; step() sends one changed row, about 3 ms at 400 kHz, so that the
light is never kept waiting for a whole frame (24 ms). Source: SSD1306 data sheet, §9 and §10;
SH1106 data sheet, "Commands".
"""

import framebuf
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Bus(Protocol):
        """What machine.I2C offers of use here."""

        def writeto(self, address: int, data: object) -> object:
            """Write to a device; OSError when it does not answer."""
            ...


_COMMANDS = const(0x00)  # control byte: all that follow are commands
_PICTURE = const(0x40)  # control byte: all that follow are the picture
_PAGE = const(0xB0)
_ROW = const(8)
_SHINE = b"\x00\x81\xff\xaf"  # full contrast, on
_OFF = b"\x00\xae"


class SSD1306(framebuf.FrameBuffer):
    """The picture in memory and the module that shows it.

    A display that is not there, or goes away, is no error: it gets everything when it is back.
    """

    def __init__(
        self,
        i2c: "Bus",
        width: int = 128,
        height: int = 64,
        address: int = 0x3C,
        offset: int = 0,
    ) -> None:
        """`offset`: the memory's column behind the first of the glass, 2 for an SH1106."""
        self.width = width
        self.height = height
        self.is_present = False
        self._i2c = i2c
        self._address = address
        # Every row of the picture stands behind its control byte, ready to be sent as it is:
        # the byte is a column of the frame buffer that lies outside of its width.
        stride = width + 1
        picture = memoryview(bytearray(stride * (height // _ROW) + 1))
        self._rows = [
            picture[at : at + stride] for at in range(0, stride * (height // _ROW), stride)
        ]
        for row in self._rows:
            row[0] = _PICTURE
        super().__init__(picture[1:], width, height, framebuf.MONO_VLSB, stride)
        self._place = bytearray((_COMMANDS, _PAGE, offset, 0x10))
        self._all_dirty = (1 << height // _ROW) - 1
        self._dirty = self._all_dirty
        self._is_dark = True

    def touch(self, y: int, height: int) -> None:
        """Say that the picture changed in `height` lines from line `y` on."""
        last = min(y + height, self.height) - 1
        for row in range(max(y, 0) // _ROW, last // _ROW + 1):
            self._dirty |= 1 << row

    def step(self) -> bool:
        """Send one changed row; whether there are more. Allocates nothing while it is there."""
        if not self._dirty:
            return False
        try:
            if not self.is_present:
                self._wake()
            self._send_row()
            if self._is_dark and not self._dirty:
                self._i2c.writeto(self._address, _SHINE)
                self._is_dark = False
        except OSError:
            self.is_present = False
            return False
        return self._dirty != 0

    def darken(self) -> None:
        """Show nothing until the next change. Allocates nothing while it is there."""
        self._is_dark = True
        try:
            self._i2c.writeto(self._address, _OFF)
        except OSError:
            self.is_present = False

    def _send_row(self) -> None:
        """Send the first changed row."""
        row = 0
        while not self._dirty >> row & 1:
            row += 1
        self._place[1] = _PAGE | row
        self._i2c.writeto(self._address, self._place)
        self._i2c.writeto(self._address, self._rows[row])
        self._dirty &= ~(1 << row)

    def _wake(self) -> None:
        """Set up a module that has just got power, and owe it the whole picture.

        It stays dark until it has that: its memory wakes up full of noise.
        """
        self._i2c.writeto(
            self._address,
            bytes((_COMMANDS, 0xAE, 0xA8, self.height - 1, 0xDA, 0x12 if self.height == 64 else 2))
            # Inner supply on and, of an SSD1306, addressing by page.
            + (b"\xad\x8b" if self._place[2] else b"\x8d\x14\x20\x02")
            # From the top, upright as modules are mounted, no offset, clock, charging times,
            # memory shown, not inverted.
            + b"\x40\xa1\xc8\xd3\x00\xd5\x80\xd9\xf1\xdb\x30\xa4\xa6",
        )
        self.is_present = True
        self._is_dark = True
        self._dirty = self._all_dirty
