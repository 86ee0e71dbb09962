"""Writes the panel as PNG files, without an imaging library."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_INK = (150, 205, 255)  # the pale blue of the usual 0.96" panel
_PAPER = (8, 10, 14)


def png(pixels: bytes, width: int, height: int, scale: int = 4) -> bytes:
    """A PNG of width × height pixels (one byte each, 0 or 1), each `scale` dots wide."""
    rows = bytearray()
    for y in range(height):
        line = pixels[y * width : (y + 1) * width]
        row = bytes(bit for bit in line for _ in range(scale))
        rows += (b"\x00" + row) * scale
    head = struct.pack(">IIBBBBB", width * scale, height * scale, 8, 3, 0, 0, 0)
    palette = bytes(_PAPER + _INK)
    chunks = [(b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(bytes(rows), 9))]
    body = b"".join(_chunk(name, data) for name, data in [*chunks, (b"IEND", b"")])
    return b"\x89PNG\r\n\x1a\n" + body


class FrameFolder:
    """Keeps every new picture of the panel as a numbered PNG in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._last = b""
        self.count = 0

    def keep(self, t_ms: int, pixels: bytes, width: int, height: int) -> None:
        """Writes one file unless nothing has changed since the last."""
        if pixels == self._last:
            return
        self._last = pixels
        self.count += 1
        name = f"{self.count:05d}-{t_ms:08d}ms.png"
        (self._folder / name).write_bytes(png(pixels, width, height))


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
