"""Letters from a packed bitmap font that stays on flash. Hardware layer.

In memory are only the table of ranges (under 400 bytes) and one glyph: a screen draws only
cells that changed, so a cache would cost more than it saves.
Format: tools/fonts.py.
"""

import framebuf
from micropython import const

_HEADER_BYTES = const(7)
_RANGE_BYTES = const(6)
_BOX = const(0)  # the glyph for what the font lacks


class Font:
    """A font of fixed width; keeps its file open."""

    def __init__(self, path: str) -> None:
        """OSError when there is no such file, ValueError when it is none of ours."""
        self._file = open(path, "rb")
        header = self._file.read(_HEADER_BYTES)
        if header[:3] != b"PF\x01":
            self._file.close()
            raise ValueError("not a packed font: " + path)
        self.width: int = header[3]
        self.height: int = header[4]
        self._ranges: bytes = self._file.read((header[5] | header[6] << 8) * _RANGE_BYTES)
        self._glyph = bytearray(self.height)
        self._picture = framebuf.FrameBuffer(
            self._glyph, self.width, self.height, framebuf.MONO_HLSB
        )

    def draw(self, panel: "framebuf.FrameBuffer", code: int, x: int, y: int) -> None:
        """Draw the character of a code point over a cell, its ground included."""
        self._file.seek(_HEADER_BYTES + len(self._ranges) + self._find(code) * self.height)
        self._file.readinto(self._glyph)
        panel.blit(self._picture, x, y)

    def _find(self, code: int) -> int:
        """The number of the code point's glyph, by bisection; the box when there is none."""
        low, high = 0, len(self._ranges) // _RANGE_BYTES
        while low < high:
            middle = (low + high) // 2
            at = middle * _RANGE_BYTES
            if code < self._number(at):
                high = middle
            elif code > self._number(at + 2):
                low = middle + 1
            else:
                return self._number(at + 4) + code - self._number(at)
        return _BOX

    def _number(self, at: int) -> int:
        return self._ranges[at] | self._ranges[at + 1] << 8
