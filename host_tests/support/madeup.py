"""Made-up MicroPython images: real headers, sums and partition tables, nothing that could run."""

from __future__ import annotations

import hashlib
import struct
from functools import reduce
from operator import xor

from tools.imagefile import CHIPS

NVS, PHY = ("nvs", 1, 2, 0x9000, 0x6000), ("phy_init", 1, 1, 0xF000, 0x1000)
FACTORY = ("factory", 0, 0, 0x10000, 0x1F0000)
VFS = ("vfs", 1, 0x81, 0x200000, 0x200000)
# As the stock images have them: until 1.25, and since.
WITH_VFS = (NVS, PHY, FACTORY, VFS)
WITHOUT_VFS = (NVS, PHY, FACTORY)
_TABLE_AT, _APPLICATION_AT = 0x8000, 0x10000
Row = tuple[str, int, int, int, int]


def program(number: int, data: bytes, *, has_digest: bool = True) -> bytes:
    """A bootloader or an application of one segment, with its sums."""
    head = struct.pack("<BBBBI", 0xE9, 1, 2, 0x20, 0x40080000)
    head += struct.pack("<B3xHB4x4xB", 0xEE, number, 0, has_digest)
    body = head + struct.pack("<II", 0x3F400020, len(data)) + data
    body += bytes(-(len(body) + 1) % 16) + bytes([reduce(xor, data, 0xEF)])
    return body + (hashlib.sha256(body).digest() if has_digest else b"")


def table(rows: tuple[Row, ...]) -> bytes:
    """A partition table with its MD5 row."""
    entries = b"".join(
        struct.pack("<HBBII16sI", 0x50AA, kind, subtype, offset, size, label.encode(), 0)
        for label, kind, subtype, offset, size in rows
    )
    summed = b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(entries).digest()
    return (entries + summed).ljust(0xC00, b"\xff")


def image(
    chip: str = "ESP32",
    *,
    version: str = "v1.27.0",
    rows: tuple[Row, ...] = WITHOUT_VFS,
    application: int = 20_000,
    has_digest: bool = True,
) -> bytes:
    """An image for this chip, as MicroPython's site serves them; ends with the application."""
    number, offset = CHIPS[chip]
    facts = struct.pack("<I12x32s32s", 0xABCD5432, version.encode(), b"micropython")
    noise = b"".join(hashlib.sha256(bytes([n & 255, n >> 8])).digest() for n in range(1000))
    code = facts.ljust(256, b"\0") + (noise * (application // len(noise) + 1))[:application]
    whole = program(number, noise[:4000], has_digest=has_digest)
    whole = whole.ljust(_TABLE_AT - offset, b"\xff") + table(rows)
    whole = whole.ljust(_APPLICATION_AT - offset, b"\xff")
    return whole + program(number, code, has_digest=has_digest)
