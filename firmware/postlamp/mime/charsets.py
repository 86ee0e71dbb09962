"""Bytes of a charset to UTF-8. Pure; the tables of charsets stay on flash (tools/charsets.py).

A box (U+25A1) stands for each character that there is no table for, or that is none.
`read(at, size)` gives bytes of the file of tables, b"" or fewer where there are none.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Optional

    Read = Optional[Callable[[int, int], bytes]]

_LIMIT_BYTES = const(484)  # of UTF-8: a character more than are shown, 120, in any script
_ROOM_BYTES = const(488)

# Names are plain: small letters and digits. What says ASCII is taken for what it looks like.
_UNNAMED = (b"", b"usascii", b"ascii", b"unknown8bit")
_UTF8 = b"utf8"
_LATIN1_NAMES = (b"iso88591", b"latin1")
_ESCAPED = b"iso2022jp"
_ESCAPE = b"\x1b$"  # this charset has no other sign, and needs none: it is 7-bit
_BOX = b"\xe2\x96\xa1"

# The file: "PLC1", numbers of names, of tables, of pairs; names; tables; pairs (display.py).
_MAGIC = b"PLC1"
_HEAD_BYTES = const(10)
_NAME_BYTES = const(11)
_ENTRY_BYTES = const(12)
_TABLE_BYTES = const(256)

# Kinds: the byte behind a name in the file. From _FIRST_TABLE on it is the number of a table.
_EUC = const(1)  # GB 2312, GBK, Big5, EUC-KR
_GB18030 = const(2)
_EUC_JP = const(3)
_SHIFT_JIS = const(4)
_ISO_2022 = const(5)
_LATIN1 = const(6)
_OTHER = const(7)
_FIRST_TABLE = const(128)


def text(runs: bytearray, read: "Read" = None, fallback: str = "") -> str:
    """The text of the runs of words.py.

    `fallback`: the charset of 8-bit bytes that are no UTF-8; "" for boxes.
    """
    out = bytearray(_ROOM_BYTES)  # made once: growing would leave holes in memory
    out[:] = b""
    other = fallback.replace("-", "").encode()
    at = 0
    while at < len(runs) and len(out) < _LIMIT_BYTES:
        size_at = at + 1 + runs[at]
        name = bytes(runs[at + 1 : size_at])
        start = size_at + 2
        at = start + ((runs[size_at] & 0x7F) << 8 | runs[size_at + 1])
        is_cut = runs[size_at] > 0x7F
        if name in _UNNAMED:
            name = _UTF8
            if runs.find(_ESCAPE, start, at) >= 0:
                name = _ESCAPED
            elif not _is_utf8(runs, start, at, is_cut):
                name, is_cut = other or _UTF8, False
        if name == _UTF8:
            _put_utf8(out, runs, start, at, is_cut)
        elif start < at:
            _put(out, runs, start, at, _find(name, read))
    return str(out, "utf-8")


def _put(out: bytearray, raw: bytearray, at: int, stop: int, found: "tuple[int, bytes]") -> None:
    if found[1] or found[0] == _LATIN1:
        _put_single(out, raw, at, stop, found[1])
    else:
        _put_boxes(out, raw, at, stop, found[0])


def _find(name: bytes, read: "Read") -> "tuple[int, bytes]":
    """Kind and table of a charset, b"" if it has or needs none."""
    head = read(0, _HEAD_BYTES) if read else b""
    if read and head[:4] == _MAGIC and len(head) == _HEAD_BYTES:
        count = head[4] | head[5] << 8
        key = name + bytes(max(0, _NAME_BYTES - len(name)))
        for index in range(count):
            entry = read(_HEAD_BYTES + index * _ENTRY_BYTES, _ENTRY_BYTES)
            if len(entry) < _ENTRY_BYTES:
                break
            if entry[:_NAME_BYTES] == key:
                kind = entry[_NAME_BYTES]
                if kind < _FIRST_TABLE:
                    return kind, b""
                at = _HEAD_BYTES + count * _ENTRY_BYTES + (kind - _FIRST_TABLE) * _TABLE_BYTES
                table = read(at, _TABLE_BYTES)
                if len(table) == _TABLE_BYTES:
                    return kind, table
    return _LATIN1 if name in _LATIN1_NAMES else _OTHER, b""


def _put_single(out: bytearray, raw: bytearray, at: int, stop: int, table: bytes) -> None:
    """A byte is a character: by its table, or in Latin 1 without one."""
    while at < stop and len(out) < _LIMIT_BYTES:
        byte = raw[at]
        at += 1
        if byte < 0x80:
            out.append(byte)
        else:
            place = (byte - 0x80) * 2
            code = table[place] | table[place + 1] << 8 if table else byte
            if code < 0x800:
                out.append(0xC0 | code >> 6)
            else:
                out.append(0xE0 | code >> 12)
                out.append(0x80 | code >> 6 & 0x3F)
            out.append(0x80 | code & 0x3F)


def _put_boxes(out: bytearray, raw: bytearray, at: int, stop: int, kind: int) -> None:
    """ASCII as it is, and a box for each character of what there is no table for."""
    is_shifted = False  # ISO 2022: two bytes a character until an escape says otherwise
    while at < stop and len(out) < _LIMIT_BYTES:
        byte = raw[at]
        if kind == _ISO_2022 and byte == 0x1B:
            is_shifted = at + 1 < stop and raw[at + 1] == 36  # "$"; behind it "(" or ")" or not
            at += 4 if is_shifted and at + 2 < stop and raw[at + 2] | 1 == 41 else 3
        elif kind == _ISO_2022 and byte in (0x0E, 0x0F):
            is_shifted = byte == 0x0E
            at += 1
        elif is_shifted and byte > 0x20:
            out += _BOX
            at += 2
        elif byte < 0x80:
            out.append(byte)
            at += 1
        else:
            out += _BOX
            at += _size(byte, raw[at + 1] if at + 1 < stop else 0, kind)


def _size(byte: int, second: int, kind: int) -> int:
    """How many bytes the character has that begins with these two, the first above ASCII."""
    if kind == _SHIFT_JIS and 0xA0 <= byte < 0xE0:  # katakana of half width
        return 1
    if kind == _EUC_JP and byte == 0x8F:
        return 3
    if kind == _GB18030 and 0x30 <= second < 0x3A:
        return 4
    return 2 if _EUC <= kind <= _SHIFT_JIS and second > 0x3A else 1


def _put_utf8(out: bytearray, raw: bytearray, at: int, stop: int, is_cut: bool) -> None:
    """UTF-8 with a box for each broken sequence, which bytes.decode would raise for, or take."""
    while at < stop and len(out) < _LIMIT_BYTES:
        size = _sequence(raw, at, stop)
        if size > 0:
            for index in range(at, at + size):
                out.append(raw[index])
        elif size < 0 or not is_cut:
            out += _BOX
        at += abs(size) or stop


def _is_utf8(raw: bytearray, at: int, stop: int, is_cut: bool) -> bool:
    """Whether it is; if `is_cut` it may end within a character that is not the first."""
    is_wide = False
    while at < stop:
        size = _sequence(raw, at, stop)
        if size <= 0:
            return size == 0 and is_cut and is_wide
        is_wide = is_wide or size > 1
        at += size
    return True


def _sequence(raw: bytearray, at: int, stop: int) -> int:
    """Bytes of the character at a place; 0 if the text ends within it; if broken, less than 0.

    A broken sequence is as long as it could have become a character (Unicode §3.9).
    """
    lead = raw[at]
    low, high = 0x80, 0xBF
    if lead < 0x80:
        return 1
    if lead < 0xC2 or lead > 0xF4:
        return -1
    if lead == 0xE0 or lead == 0xF0:  # shorter forms exist
        low = 0xA0 if lead == 0xE0 else 0x90
    elif lead == 0xED or lead == 0xF4:  # surrogates; beyond the last character
        high = 0x9F if lead == 0xED else 0x8F
    more = 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3
    for number in range(1, more + 1):
        if at + number == stop:
            return 0
        if not low <= raw[at + number] <= high:
            return -number
        low, high = 0x80, 0xBF
    return more + 1
