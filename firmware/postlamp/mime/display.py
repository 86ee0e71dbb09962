"""Text made fit for a display of cells: one character, one column. Pure; loaded when text comes.

Works on bytes of UTF-8: MicroPython interns what iterating, indexing and chr() of text return,
17 bytes for each different character, for ever.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Optional

_LIMIT = const(400)  # characters: more than what a server says, or we say of a mistake
_ELLIPSIS = b"\xe2\x80\xa6"

# Pairs of a letter and its mark in the file of tools/charsets.py, behind names and tables.
_MAGIC = b"PLC1"
_HEAD_BYTES = const(10)
_ENTRY_BYTES = const(12)
_TABLE_BYTES = const(256)
_PAIR_BYTES = const(5)
_KEY_BYTES = const(3)
_LETTER_BYTES = const(3)  # in UTF-8: longer ones have no pairs

# First and last code point of what takes a column and shows nothing, and of what takes none.
_BLANK = (0, 0x20, 0x7F, 0xA0, 0x115F, 0x1160, 0x1680, 0x1680, 0x2000, 0x200A,
          0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x2800, 0x2800, 0x3000, 0x3000,
          0x3164, 0x3164, 0xFFA0, 0xFFA0)  # fmt: skip
_INVISIBLE = (0xAD, 0xAD, 0x483, 0x489, 0x591, 0x5BD, 0x61C, 0x61C, 0x64B, 0x65F,
              0x180B, 0x180F, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x200B, 0x200F,
              0x202A, 0x202E, 0x2060, 0x206F, 0x20D0, 0x20FF, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F,
              0xFEFF, 0xFEFF, 0xFFF9, 0xFFFB, 0x1F3FB, 0x1F3FF, 0xE0000, 0xE0FFF)  # fmt: skip


def clean(
    text: str, read: "Optional[Callable[[int, int], bytes]]" = None, limit: int = _LIMIT
) -> str:
    """The text with one column to a character: composed, without marks, joiners and controls.

    Runs of white space become one space; none is left at the ends. After `limit` characters an
    ellipsis takes the place of the last. `read(at, size)` gives bytes of the file of tables;
    without it letters lose their marks.
    """
    raw = text.encode()
    out = bytearray()
    columns = last = at = 0  # `last`: where the last character begins in `out`
    is_gap = False
    while at < len(raw):
        size = _size(raw[at])
        code = _code(raw, at, size)
        if _is_in(code, _BLANK):
            is_gap = columns > 0
        elif 0x300 <= code < 0x370:
            if columns and not is_gap and read:
                out[last:] = _composed(bytes(out[last:]), code, read)
        elif not _is_in(code, _INVISIBLE):
            if columns + is_gap >= limit:
                out[last if columns == limit else len(out) :] = _ELLIPSIS
                break
            if is_gap:
                out.append(0x20)
            columns += 1 + is_gap
            is_gap = False
            last = len(out)
            out += raw[at : at + size]
        at += size
    return str(out, "utf-8")


def _size(lead: int) -> int:
    """Bytes of the character that begins with this one."""
    return 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def _code(raw: bytes, at: int, size: int) -> int:
    code = raw[at] if size == 1 else raw[at] & 0x7F >> size
    for index in range(at + 1, at + size):
        code = code << 6 | raw[index] & 0x3F
    return code


def _is_in(code: int, ranges: "tuple[int, ...]") -> bool:
    for at in range(0, len(ranges), 2):
        if code <= ranges[at + 1]:
            return code >= ranges[at]
    return False


def _composed(letter: bytes, code: int, read: "Callable[[int, int], bytes]") -> bytes:
    """The letter with the mark of that code if the file has the pair, else the bare letter."""
    head = read(0, _HEAD_BYTES)
    if head[:4] != _MAGIC or len(head) < _HEAD_BYTES or len(letter) > _LETTER_BYTES:
        return letter
    bare = _code(letter, 0, len(letter))
    key = bytes((bare >> 8, bare & 0xFF, code & 0xFF))
    start = _HEAD_BYTES + (head[4] | head[5] << 8) * _ENTRY_BYTES
    start += (head[6] | head[7] << 8) * _TABLE_BYTES
    low, high = 0, head[8] | head[9] << 8
    while low < high:
        middle = (low + high) // 2
        pair = read(start + middle * _PAIR_BYTES, _PAIR_BYTES)
        if pair[:_KEY_BYTES] < key:
            low = middle + 1
        elif pair[:_KEY_BYTES] > key or len(pair) < _PAIR_BYTES:
            high = middle
        else:
            return _encoded(pair[3] << 8 | pair[4])
    return letter


def _encoded(code: int) -> bytes:
    """A letter in UTF-8, none of ASCII and none beyond 16 bits."""
    last = 0x80 | code & 0x3F
    if code < 0x800:
        return bytes((0xC0 | code >> 6, last))
    return bytes((0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, last))
