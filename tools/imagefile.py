"""Reads a MicroPython image for an ESP32: for which chip, whether it is whole, its partitions.

Never touches a board. An image is one file: bootloader, partition table and application, each at
its place in flash less the place where the file itself is written.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import reduce
from operator import xor

TABLE_AT = 0x8000  # of the partition table, in flash
_TABLE_BYTES = 0xC00
_ENTRY = struct.Struct("<HBBII16sI")
_ENTRY_MAGIC, _END_MAGIC = 0x50AA, 0xFFFF
_SUM_HEAD = b"\xeb\xeb" + b"\xff" * 14  # of the row behind the last
_APPLICATION = 0  # the type of a partition
_HEADER_BYTES = 24
_MAGIC, _CHECKSUM_SEED = 0xE9, 0xEF
_FACTS_AT = _HEADER_BYTES + 8  # an application begins with what it tells of itself
_FACTS_MAGIC = 0xABCD5432
_FACTS = struct.Struct("<I12x32s")

# chip -> (its number in a header, where in flash an image is written)
CHIPS = {
    "ESP32": (0, 0x1000),
    "ESP32-S2": (2, 0x1000),
    "ESP32-C3": (5, 0),
    "ESP32-S3": (9, 0),
    "ESP32-C6": (13, 0),
}


class ImageError(Exception):
    """The image cannot be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Partition:
    """A row of the partition table."""

    label: str
    kind: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + self.size


@dataclass(frozen=True)
class Image:
    """A MicroPython image that is whole; `version` is empty when it does not tell."""

    content: bytes
    chip: str
    version: str
    partitions: tuple[Partition, ...]

    @property
    def offset(self) -> int:
        """Where in flash it is written."""
        return CHIPS[self.chip][1]

    def file_system(self, flash_bytes: int) -> Partition:
        """Where MicroPython looks for its files on a chip with so much flash.

        Since 1.26 its table has no `vfs`: it takes what is behind the last partition, up to the
        end of the flash (boardctrl_startup in ports/esp32/main.c).
        """
        named = {partition.label: partition for partition in self.partitions}
        found = named.get("vfs")
        if found is None and "ffat" in named:
            raise ImageError(
                "The partition table has no partition `vfs`, only `ffat` (an image for TinyUF2). "
                "Take the .bin of this board from MicroPython's download page."
            )
        end = max(partition.end for partition in self.partitions)
        if found is None:
            found = Partition("vfs", 1, end, flash_bytes - end)
        if found.size <= 0 or max(end, found.end) > flash_bytes:
            raise ImageError(
                f"The image wants {_mib(max(end, found.end))} of flash and the board has "
                f"{_mib(flash_bytes)}: it has no room for the partition `vfs`. Take an image for "
                "a flash of this size."
            )
        return found


def read(content: bytes) -> Image:
    """Checks an image and reads it. Raises ImageError, also when anything in it is damaged."""
    if len(content) <= _HEADER_BYTES or content[0] != _MAGIC:
        raise ImageError(
            "This is no image for an ESP32: it does not begin with 0xE9. MicroPython's download "
            "page has several files for a board; take the .bin, not the .app-bin, .elf or .uf2."
        )
    number = int.from_bytes(content[12:14], "little")
    chip = next((name for name, facts in CHIPS.items() if facts[0] == number), "")
    if not chip:
        raise ImageError(
            f"This image is for a chip that Postlamp does not know (number {number})."
        )
    offset = CHIPS[chip][1]
    _check_program(content, 0, "bootloader")
    partitions = _partitions(content[TABLE_AT - offset : TABLE_AT - offset + _TABLE_BYTES])
    application = next((p for p in partitions if p.kind == _APPLICATION), None)
    if application is None:
        raise ImageError("The image is damaged: its partition table names no application.")
    at = application.offset - offset
    if len(content) - at > application.size:
        raise ImageError("The image is damaged: it is larger than the partition it is for.")
    _check_program(content, at, "application")
    return Image(content, chip, _version(content[at:]), partitions)


def _partitions(table: bytes) -> tuple[Partition, ...]:
    found = []
    for at in range(0, len(table) - _ENTRY.size + 1, _ENTRY.size):
        magic, kind, _, offset, size, label, _ = _ENTRY.unpack_from(table, at)
        if magic == _END_MAGIC:
            break
        if magic != _ENTRY_MAGIC:
            summed = _SUM_HEAD + hashlib.md5(table[:at]).digest()
            if table[at : at + _ENTRY.size] != summed:
                raise ImageError("The image is damaged: its partition table was changed.")
            break
        name = label.split(b"\0")[0].decode("ascii", "replace")
        found.append(Partition(name, kind, offset, size))
    if not found:
        raise ImageError(
            "The image has no partition table at 0x8000: it is an application alone, or cut "
            "short. Take the .bin of MicroPython's download page, and load it down again."
        )
    return tuple(found)


def _check_program(content: bytes, at: int, what: str) -> None:
    """Holds a bootloader or an application to the sums behind it."""
    whole = content[at:]
    damaged = ImageError(
        f"The image is damaged: its {what} is cut short or changed. Load it anew."
    )
    if len(whole) < _HEADER_BYTES or whole[0] != _MAGIC:
        raise damaged
    checksum, end = _CHECKSUM_SEED, _HEADER_BYTES
    for _ in range(whole[1]):
        size = int.from_bytes(whole[end + 4 : end + 8], "little")
        data = whole[end + 8 : end + 8 + size]
        if len(data) != size:
            raise damaged
        checksum = _folded(data, checksum)
        end += 8 + size
    end = end // 16 * 16 + 16  # padded so that the checksum is the last of sixteen
    if whole[end - 1 : end] != bytes([checksum]):
        raise damaged
    if whole[23] and hashlib.sha256(whole[:end]).digest() != whole[end : end + 32]:
        raise damaged


def _folded(data: bytes, checksum: int) -> int:
    """XOR over all bytes, eight at a time."""
    words = memoryview(data + bytes(-len(data) % 8)).cast("Q")
    return reduce(xor, reduce(xor, words, 0).to_bytes(8, "little"), checksum)


def _version(application: bytes) -> str:
    """What the application calls itself (v1.27.0), or nothing."""
    if len(application) < _FACTS_AT + _FACTS.size:
        return ""
    magic, version = _FACTS.unpack_from(application, _FACTS_AT)
    return version.split(b"\0")[0].decode("ascii", "replace") if magic == _FACTS_MAGIC else ""


def _mib(size: int) -> str:
    return f"{size / (1 << 20):.3g} MiB"
