"""An SSD1306 or SH1106 module as the eye sees it, decoded from the bytes on its I²C bus.

Nothing is assumed about the driver: after power-up the panel and its charge pump are off and the
addressing is by page, so a wrong or missing initialisation shows as a wrong or dark picture.
Source: SSD1306 data sheet, §8.1.5 (I²C), §9 and §10 (commands), §10.2.1 (charge pump); SH1106
data sheet, "Commands" (132 columns, by page only, its converter on from the start).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.sim.frames import png

_LINES = 64
_BY_ROW, _BY_COLUMN, _BY_PAGE = 0, 1, 2

# Timing and voltages: they change nothing that can be seen here. E3 is the data sheet's NOP.
_UNSEEN = frozenset((0xD5, 0xD9, 0xDB, 0xE3))
_BOTH = dict.fromkeys((0x81, 0xA8, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB), 1)


@dataclass(frozen=True)
class Controller:
    """Where two controllers differ."""

    arguments: dict[int, int]  # bytes that follow a command; what is not here takes none
    unseen: frozenset[int]
    margin: int  # columns of the memory on each side of the glass
    supply: tuple[int, int]  # the command of the inner supply, and the bit that switches it on
    is_supplied: bool  # at power-up


CONTROLLERS = {
    "ssd1306": Controller(
        {
            **_BOTH,
            **dict.fromkeys((0x20, 0x8D), 1),
            **dict.fromkeys((0x21, 0x22, 0xA3), 2),
            **dict.fromkeys((0x29, 0x2A), 5),
            **dict.fromkeys((0x26, 0x27), 6),
        },
        _UNSEEN | {0x2E},
        margin=0,
        supply=(0x8D, 0x04),
        is_supplied=False,
    ),
    "sh1106": Controller(
        {**_BOTH, 0xAD: 1},
        _UNSEEN | {0x30, 0x31, 0x32, 0x33},
        margin=2,
        supply=(0xAD, 0x01),
        is_supplied=True,
    ),
}

# Where the eight dots of a Braille character stand, in the order of their bits (Unicode 28xx).
_BRAILLE = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


class Panel:
    """The controller's memory and registers, and the picture that comes out of them."""

    def __init__(self, width: int = 128, height: int = 64, driver: str = "ssd1306") -> None:
        self.width = width
        self.height = height
        self._controller = CONTROLLERS[driver]
        self._stride = width + 2 * self._controller.margin
        self.problems: list[str] = []
        self.bytes_received = 0
        self._memory = bytearray(self._stride * 8)
        self._pending: list[int] = []
        self.is_on = False
        self.is_inverted = False
        self.contrast = 0x7F
        self._is_supplied = self._controller.is_supplied
        self._is_all_lit = False
        self._mode = _BY_PAGE
        self._columns = (0, width - 1)
        self._pages = (0, 7)
        self._column = 0
        self._page = 0
        self._start_line = 0
        self._offset = 0
        self._multiplex = _LINES
        self._is_column_remapped = False
        self._is_scan_remapped = False
        self._has_alternative_pins = True

    def receive(self, data: bytes) -> None:
        """Takes one I²C write: control bytes say whether commands or picture bytes follow."""
        self.bytes_received += len(data)
        position = 0
        while position < len(data):
            control = data[position]
            if control & 0x3F:
                self.problems.append(f"control byte {control:#04x}")
            is_single = bool(control & 0x80)
            end = position + 2 if is_single else len(data)
            rest = data[position + 1 : end]
            if control & 0x40:
                self._store(rest)
            else:
                for byte in rest:
                    self._take_command(byte)
            position = end

    @property
    def is_lit(self) -> bool:
        """True when a picture can be seen at all: switched on, and the charge pump feeds it."""
        return self.is_on and self._is_supplied

    def pixels(self) -> bytes:
        """The picture as somebody before it sees it: one byte (0 or 1) per pixel, row by row.

        The usual module is mounted so that segment remap and reverse COM scan show it upright.
        """
        picture = bytearray(self.width * self.height)
        if not self.is_lit:
            return bytes(picture)
        for y in range(self.height):
            line = self._memory_line(y)
            if line is None:
                continue
            page, bit = (line >> 3) * self._stride, line & 7
            row = [(self._memory[page + column] >> bit) & 1 for column in range(self._stride)]
            if not self._is_column_remapped:
                row.reverse()
            row = row[self._controller.margin :][: self.width]
            picture[y * self.width : (y + 1) * self.width] = bytes(map(self._seen, row))
        return bytes(picture)

    def rows(self) -> list[str]:
        """The picture as half blocks: a string for every two rows of pixels."""
        pixels, width = self.pixels(), self.width
        rows = []
        for y in range(0, self.height, 2):
            upper = pixels[y * width : (y + 1) * width]
            lower = pixels[(y + 1) * width : (y + 2) * width]
            rows.append("".join(" ▀▄█"[a + 2 * b] for a, b in zip(upper, lower, strict=True)))
        return rows

    def small_rows(self) -> list[str]:
        """The picture in Braille, two columns and four lines of pixels to a character."""
        pixels, width = self.pixels(), self.width
        rows = []
        for y in range(0, self.height, 4):
            row = ""
            for x in range(0, width, 2):
                lit = (pixels[(y + dy) * width + x + dx] for dx, dy in _BRAILLE)
                row += chr(0x2800 + sum(1 << dot for dot, is_lit in enumerate(lit) if is_lit))
            rows.append(row)
        return rows

    def png(self, path: Path | str, scale: int = 4) -> None:
        """Writes the picture as a PNG file."""
        Path(path).write_bytes(png(self.pixels(), self.width, self.height, scale))

    def _seen(self, bit: int) -> int:
        return 1 if self._is_all_lit else bit ^ self.is_inverted

    def _memory_line(self, y: int) -> int | None:
        """Which line of the memory a row of glass shows; None for a row that is not driven."""
        if self._has_alternative_pins != (self.height == _LINES):
            y = (y >> 1) + (self.height // 2 if y & 1 else 0)  # wired otherwise: interleaved
        com = self.height - 1 - y
        if com >= self._multiplex:
            return None
        row = self._multiplex - 1 - com if self._is_scan_remapped else com
        return (row + self._start_line + self._offset) % _LINES

    def _store(self, data: bytes) -> None:
        for byte in data:
            self._memory[self._page * self._stride + self._column % self._stride] = byte
            self._advance()

    def _advance(self) -> None:
        first, last = self._columns
        if self._mode == _BY_PAGE:
            self._column = (self._column + 1) % self._stride
        elif self._mode == _BY_ROW:
            self._column, is_over = _next(self._column, first, last)
            if is_over:
                self._page, _ = _next(self._page, *self._pages)
        else:
            self._page, is_over = _next(self._page, *self._pages)
            if is_over:
                self._column, _ = _next(self._column, first, last)

    def _take_command(self, byte: int) -> None:
        self._pending.append(byte)
        command, *arguments = self._pending
        if len(arguments) == self._controller.arguments.get(command, 0):
            self._pending = []
            self._obey(command, arguments)

    def _obey(self, command: int, arguments: list[int]) -> None:
        if arguments:
            self._obey_long(command, arguments)
        elif command in _FLAGS:
            name, value = _FLAGS[command]
            setattr(self, name, value)
        elif command < 0x10:
            self._column = (self._column & 0xF0) | command
        elif command < 0x20:
            self._column = ((command & 0x0F) << 4) | (self._column & 0x0F)
        elif 0x40 <= command < 0x80:
            self._start_line = command & 0x3F
        elif 0xB0 <= command < 0xB8:
            self._page = command & 7
        elif command not in self._controller.unseen:
            self.problems.append(f"command {command:#04x}")

    def _obey_long(self, command: int, arguments: list[int]) -> None:
        value = arguments[0]
        if command == 0x20:
            self._mode = value & 3
        elif command == 0x21:
            self._columns = (value & 0x7F, arguments[1] & 0x7F)
            self._column = self._columns[0]
        elif command == 0x22:
            self._pages = (value & 7, arguments[1] & 7)
            self._page = self._pages[0]
        elif command == 0x81:
            self.contrast = value
        elif command == self._controller.supply[0]:
            self._is_supplied = bool(value & self._controller.supply[1])
        elif command == 0xA8:
            self._multiplex = (value & 0x3F) + 1
        elif command == 0xD3:
            self._offset = value & 0x3F
        elif command == 0xDA:
            self._has_alternative_pins = bool(value & 0x10)
        elif command not in self._controller.unseen:
            self.problems.append(f"command {command:#04x}")


_FLAGS = {
    0xA0: ("_is_column_remapped", False),
    0xA1: ("_is_column_remapped", True),
    0xA4: ("_is_all_lit", False),
    0xA5: ("_is_all_lit", True),
    0xA6: ("is_inverted", False),
    0xA7: ("is_inverted", True),
    0xAE: ("is_on", False),
    0xAF: ("is_on", True),
    0xC0: ("_is_scan_remapped", False),
    0xC8: ("_is_scan_remapped", True),
}


def _next(value: int, first: int, last: int) -> tuple[int, bool]:
    """The next value of a window, and whether it began anew."""
    return (first, True) if value == last else (value + 1, False)
