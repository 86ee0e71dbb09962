"""Packs the bitmap fonts of the display: from X11's misc-fixed (PCF) to the files in assets.

A packed font is a header (`PF`, version, width, height, number of ranges u16),
the ranges (first, last code point, index of the first's glyph; u16 each, little endian, sorted),
and the glyphs, a byte a row, left pixel highest. Glyph 0 is the box for what is missing.
Format of PCF: the "X11 PCF Bitmap Font" notes at fontforge.org.
"""

import gzip
import struct
from pathlib import Path

SOURCE = Path("/usr/share/fonts/X11/misc")  # Debian and Ubuntu: package xfonts-base
FONTS = (("5x8", 5, 8, 7), ("6x13", 6, 13, 11))  # name, width, height, rows above the base line

_METRICS, _BITMAPS, _ENCODINGS = 1 << 2, 1 << 3, 1 << 5
_COMPRESSED_METRICS = 0x100
_MOST_JOINED = 3  # gaps up to this are filled with boxes: fewer ranges, faster found

# What a mail's sender and subject are written with; the rest of Unicode is a box.
WANTED = (
    (0x20, 0x7E),
    (0xA0, 0x24F),  # Latin
    (0x2C6, 0x2DD),  # marks that stand alone
    (0x370, 0x3FF),  # Greek
    (0x400, 0x52F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin: Vietnamese, Welsh
    (0x2010, 0x205E),  # punctuation
    (0x2070, 0x208E),  # small figures
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x215F),  # № ™ and fractions
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x2265),  # the commonest of mathematics
    (0x25A0, 0x25CF),  # shapes
    (0x2600, 0x266F),  # ★ ☎ ♪
    (0x2713, 0x2718),  # ticks
    (0xFFFD, 0xFFFD),
)

# misc-fixed lacks these; drawn here, after its letters. Rows from the top.
DRAWN: dict[str, dict[int, tuple[str, ...]]] = {
    "5x8": {
        0x20B4: ("", ".##..", "...#.", "####.", ".##..", "####.", "#....", ".##.."),
        0x20BD: ("###..", "#..#.", "#..#.", "###..", "#....", "###..", "#....", ""),
        0x2713: ("", "....#", "...#.", "#..#.", "#.#..", ".#...", "", ""),
    },
    "6x13": {
        0x20B4: ("", "", ".###..", "#...#.", "....#.", "#####.", "..#...", "#####.",
                 "#.....", "#...#.", ".###..", "", ""),
        0x20BD: ("", "", ".###..", ".#..#.", ".#..#.", ".#..#.", ".###..", ".#....",
                 "####..", ".#....", ".#....", "", ""),
        0x2713: ("", "", "", ".....#", "....#.", "....#.", "#..#..", "#..#..",
                 ".##...", ".#....", "", "", ""),
    },
}  # fmt: skip


class PCF:
    """The glyphs of a PCF font, each as the rows of its cell."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"\x01fcp":
            raise ValueError("not a PCF font")
        self._data = data
        (count,) = struct.unpack_from("<I", data, 4)
        self._tables = {}
        for number in range(count):
            kind, form, _, offset = struct.unpack_from("<4I", data, 8 + 16 * number)
            self._tables[kind] = (form, offset + 4)  # each table repeats its form first
        self._metrics = self._read_metrics()
        self._bits, self._starts, self._row_bytes = self._read_bitmaps()
        self.codes = self._read_encodings()

    def _order(self, kind: int) -> tuple[str, int, int]:
        form, offset = self._tables[kind]
        return (">" if form & 4 else "<"), form, offset

    def _read_metrics(self) -> list[tuple[int, int, int]]:
        """Left bearing, ascent and descent of each glyph."""
        order, form, offset = self._order(_METRICS)
        found = []
        if form & _COMPRESSED_METRICS:
            (count,) = struct.unpack_from(order + "H", self._data, offset)
            for number in range(count):
                row = self._data[offset + 2 + 5 * number :][:5]
                found.append((row[0] - 128, row[3] - 128, row[4] - 128))
        else:
            (count,) = struct.unpack_from(order + "I", self._data, offset)
            for number in range(count):
                metric = struct.unpack_from(order + "5hH", self._data, offset + 4 + 12 * number)
                found.append((metric[0], metric[3], metric[4]))
        return found

    def _read_bitmaps(self) -> tuple[bytes, tuple[int, ...], int]:
        order, form, offset = self._order(_BITMAPS)
        if not form & 8 or (form >> 4) & 3:
            raise ValueError("this PCF font has bits in an order that is not supported")
        (count,) = struct.unpack_from(order + "I", self._data, offset)
        starts = struct.unpack_from(f"{order}{count}I", self._data, offset + 4)
        bits = self._data[offset + 4 + 4 * count + 16 :]
        return bits, starts, 1 << (form & 3)

    def _read_encodings(self) -> dict[int, int]:
        """Code point to glyph."""
        order, _, offset = self._order(_ENCODINGS)
        low, high, first, last, _ = struct.unpack_from(order + "5h", self._data, offset)
        width = high - low + 1
        count = width * (last - first + 1)
        glyphs = struct.unpack_from(f"{order}{count}H", self._data, offset + 10)
        return {
            (first + at // width) << 8 | (low + at % width): glyph
            for at, glyph in enumerate(glyphs)
            if glyph != 0xFFFF
        }

    def rows(self, code: int, height: int, above: int) -> bytes:
        """The rows of a code point's cell, one byte each."""
        glyph = self.codes[code]
        left, ascent, descent = self._metrics[glyph]
        cell = bytearray(height)
        for row in range(ascent + descent):
            byte = self._bits[self._starts[glyph] + row * self._row_bytes]
            y = above - ascent + row
            if 0 <= y < height:
                cell[y] = byte >> left if left >= 0 else (byte << -left) & 0xFF
        return bytes(cell)


def pack(name: str, width: int, height: int, above: int, source: Path = SOURCE) -> bytes:
    """Build the packed font."""
    pcf = PCF(gzip.decompress((source / f"{name}.pcf.gz").read_bytes()))
    glyphs = {
        code: pcf.rows(code, height, above)
        for first, last in WANTED
        for code in range(first, last + 1)
        if code in pcf.codes
    }
    for code, drawn in DRAWN[name].items():
        glyphs.setdefault(code, _rows_of(drawn))
    box = _box(width, height, above)
    ranges = _ranges(sorted(glyphs))
    table, cells = b"", box
    for first, last in ranges:
        table += struct.pack("<3H", first, last, len(cells) // height)
        cells += b"".join(glyphs.get(code, box) for code in range(first, last + 1))
    header = b"PF" + bytes((1, width, height)) + struct.pack("<H", len(ranges))
    return header + table + cells


def _ranges(codes: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and code - ranges[-1][1] <= _MOST_JOINED + 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def _rows_of(drawn: tuple[str, ...]) -> bytes:
    return bytes(sum(0x80 >> x for x, pixel in enumerate(row) if pixel == "#") for row in drawn)


def _box(width: int, height: int, above: int) -> bytes:
    """A hollow box as tall as a capital letter."""
    top = 2 if height > 8 else 0
    edge = "#" * (width - 1)
    side = "#" + "." * (width - 3) + "#"
    rows = [""] * top + [edge] + [side] * (above - top - 2) + [edge]
    return _rows_of((*rows, *[""] * (height - len(rows))))


def write(folder: Path, source: Path = SOURCE) -> list[str]:
    """Pack both fonts into a folder; a sentence for each. OSError when a file is not there."""
    said = []
    for name, width, height, above in FONTS:
        packed = pack(name, width, height, above, source)
        (folder / f"font{name}.bin").write_bytes(packed)
        ranges = int.from_bytes(packed[5:7], "little")
        said.append(f"font{name}.bin: {len(packed)} bytes, {ranges} ranges")
    return said
