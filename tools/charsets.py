"""Packs what the board decodes mail with: tables of charsets, letters with marks (mime/ reads it).

The file, numbers of 16 bits, little endian: "PLC1", how many names, tables and pairs; for each
name of a charset the name in small letters and digits (11 bytes, zeros behind) and its kind,
which from 128 on is the number of a table; the tables, code points of bytes 128 to 255; the pairs
by rising key, big endian: letter (2 bytes), mark less 0x300 (1), the two as one letter (2).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "firmware" / "assets"
MAGIC = b"PLC1"
BOX = 0x25A1
_FIRST_TABLE = 128

# Each with the codec of CPython that has its table, and the names it goes by in mail. Where mail
# says ISO 8859-1 or -9 and has bytes 128 to 159, it means the charset of Windows.
TABLES = (
    ("cp1252", ("windows1252", "cp1252", "iso88591", "latin1")),
    ("cp1251", ("windows1251", "cp1251", "win1251", "xcp1251")),
    ("cp1250", ("windows1250", "cp1250")),
    ("koi8-r", ("koi8r", "koi8", "cskoi8r")),
    ("koi8-u", ("koi8u",)),
    ("cp866", ("cp866", "ibm866", "866")),
    ("iso8859-2", ("iso88592", "latin2")),
    ("iso8859-5", ("iso88595", "cyrillic")),
    ("cp1254", ("iso88599", "latin5")),
    ("iso8859-15", ("iso885915", "latin9")),
)
# No tables: a box for each character. The kinds are those of mime/charsets.py.
COUNTED = (
    (1, ("gb2312", "gbk", "cp936", "big5", "big5hkscs", "euckr", "ksc56011987", "cp949")),
    (2, ("gb18030",)),
    (3, ("eucjp",)),
    (4, ("shiftjis", "sjis", "cp932", "windows31j")),
    (5, ("iso2022jp", "iso2022jp2", "iso2022kr", "iso2022cn")),
)
# Letters in a script that the fonts have, and marks; who has no such font reads the bare letter.
_LETTERS = ((0xC0, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF))
_MARKS = range(0x300, 0x370)


def pack() -> bytes:
    """The file."""
    kinds = [*enumerate((names for _, names in TABLES), _FIRST_TABLE), *COUNTED]
    names = [struct.pack("11sB", name.encode(), kind) for kind, known in kinds for name in known]
    pairs = sorted(_pairs())
    head = MAGIC + struct.pack("<3H", len(names), len(TABLES), len(pairs))
    return (
        head + b"".join(names) + b"".join(_table(codec) for codec, _ in TABLES) + b"".join(pairs)
    )


def _table(codec: str) -> bytes:
    codes = []
    for byte in range(128, 256):
        letter = bytes([byte]).decode(codec, "replace")
        codes.append(BOX if letter == "\ufffd" else ord(letter))
    return struct.pack("<128H", *codes)


def _pairs() -> Iterator[bytes]:
    for first, last in _LETTERS:
        for code in range(first, last + 1):
            parts = [int(part, 16) for part in _decomposition(chr(code)).split()]
            if len(parts) == 2 and parts[1] in _MARKS:
                yield struct.pack(">HBH", parts[0], parts[1] - _MARKS.start, code)


def _decomposition(letter: str) -> str:
    """Code points of the letter and its mark, "" if it is one for ever."""
    found = unicodedata.decomposition(letter)
    is_composed = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter)) == letter
    return found if is_composed and not found.startswith("<") else ""


def main() -> None:
    """Write the file."""
    packed = pack()
    (ASSETS / "charsets.bin").write_bytes(packed)
    print(f"charsets.bin: {len(packed)} bytes, {len(TABLES)} tables")


if __name__ == "__main__":
    main()
