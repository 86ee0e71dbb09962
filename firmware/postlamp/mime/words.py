"""RFC 2047 encoded words and raw header bytes to str. Pure; never raises on what a mail holds.

Work and memory end with what is shown, however long a field is. Loaded when text comes.
"""

from micropython import const

from postlamp.mime import charsets

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.mime.charsets import Read


def decode(raw: bytes, read: "Read" = None, fallback: str = "") -> str:
    """Text of an unfolded header value: encoded words (B, Q) and 8-bit text.

    `read`: see charsets.py. `fallback`: the charset of 8-bit text that is no UTF-8. A word at the
    end that never closes is decoded as far as it goes, for the field may have been cut.
    """
    text = charsets.Text(read, charsets.plain(fallback.encode()))
    word = bytearray()  # of adjacent words in one charset: a character may be split over two
    name = b""
    at = 0
    while at < len(raw) and len(text.out) < charsets.LIMIT_BYTES:
        start, content, stop = _next_word(raw, at)
        next_name = charsets.plain(raw[start + 2 : content - 3])
        is_adjacent = at > 0 and stop > 0 and _is_blank(raw, at, start)
        if not (is_adjacent and next_name == name):
            text.put(word, 0, len(word), name, len(word) >= charsets.LIMIT_BYTES)
            word = bytearray()
        if not is_adjacent:
            text.put(raw, at, min(start, at + charsets.LIMIT_BYTES), b"", not stop)
        if not stop:
            break
        unpack = _unquote if raw[content - 2] | 32 == 113 else _unpack  # "q"
        unpack(word, raw, content, stop)
        name = next_name
        at = stop + 2
    is_cut = at > len(raw) or len(word) >= charsets.LIMIT_BYTES
    text.put(word, 0, len(word), name, is_cut)
    del word
    return str(text.out, "utf-8")


def _next_word(raw: bytes, at: int) -> "tuple[int, int, int]":
    """(where the next encoded word starts, its content, where that stops), or (the end, 0, 0)."""
    while True:
        start = raw.find(b"=?", at)
        content = raw.find(b"?", start + 2) + 3
        if start < 0 or content < 3:
            return len(raw), 0, 0
        at = start + 2
        if raw[content - 2 : content].lower() in (b"b?", b"q?") and at < content - 3:
            stop = raw.find(b"?=", content)
            if stop < 0 and raw.find(b" ", content) < 0:
                stop = len(raw)
            if stop >= 0 and raw.find(b" ", at, content) < 0:
                return start, content, stop


def _is_blank(raw: bytes, at: int, stop: int) -> bool:
    for index in range(at, stop):
        if raw[index] not in b" \t\r\n":
            return False
    return True


def _unpack(word: bytearray, raw: bytes, at: int, stop: int) -> None:
    """The B encoding; what is no letter of it is passed over, padding or none is all the same."""
    bits = held = 0
    while at < stop and len(word) < charsets.LIMIT_BYTES:
        byte = raw[at]
        at += 1
        if 65 <= byte < 91:
            byte -= 65
        elif 97 <= byte < 123:
            byte -= 71
        elif 48 <= byte < 58:
            byte += 4
        elif byte == 43:
            byte = 62
        elif byte == 47:
            byte = 63
        else:
            if byte == 61:  # the end, or senders that join what was padded by itself
                bits = 0
            continue
        held = (held << 6 | byte) & 0xFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            word.append(held >> bits & 0xFF)


def _unquote(word: bytearray, raw: bytes, at: int, stop: int) -> None:
    """The Q encoding (RFC 2047 §4.2); a broken escape stays as it is."""
    while at < stop and len(word) < charsets.LIMIT_BYTES:
        byte = raw[at]
        at += 1
        if byte == 95:  # "_" is a space
            byte = 32
        elif byte == 61 and at + 1 < stop:
            high, low = _digit(raw[at]), _digit(raw[at + 1])
            if high >= 0 and low >= 0:
                byte = high << 4 | low
                at += 2
        word.append(byte)


def _digit(byte: int) -> int:
    """The value of a hexadecimal digit, or -1."""
    if 48 <= byte < 58:
        return byte - 48
    byte |= 32
    return byte - 87 if 97 <= byte < 103 else -1
