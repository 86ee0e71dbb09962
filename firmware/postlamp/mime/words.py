"""RFC 2047: a raw header value taken apart into runs of bytes, each in one charset. Pure.

What the runs say is for charsets.py: a name, plain, with its length before it; the number of bytes
in two, 0x80 more in the first if they may end within a character; the bytes. Loaded when text
comes, then dropped. Work and memory end with what is shown, however long a field is.
"""

from micropython import const

_LIMIT_BYTES = const(496)  # of all runs: more than are shown, 120 characters, in any script
_ROOM_BYTES = const(528)
_NAME_BYTES = const(15)  # of a charset; none that is known has as many
_CUT = const(0x80)


def runs(raw: bytes) -> bytearray:
    """The runs of an unfolded value: of encoded words (B, Q), and "" for what is in none.

    A word at the end that never closes is decoded as far as it goes, for the field may have been
    cut.
    """
    out = bytearray(_ROOM_BYTES)  # made once: growing would leave holes in memory
    out[:] = b""
    name = b""
    at = begin = 0
    while at < len(raw) and len(out) < _LIMIT_BYTES:
        start, content, stop = _next_word(raw, at)
        is_adjacent = at > 0 and stop > 0 and _is_blank(raw, at, start)
        if not is_adjacent and start > at:
            begin = _begin(out, b"")
            out += raw[at : min(start, at + max(0, _LIMIT_BYTES - len(out)))]
            _end(out, begin, not stop)
        if not stop:
            break
        next_name = _plain(raw[start + 2 : content - 3])
        if not (is_adjacent and next_name == name):  # else a character may be split over two
            begin = _begin(out, next_name)
        unpack = _unquote if raw[content - 2] | 32 == 113 else _unpack  # "q"
        unpack(out, raw, content, stop)
        _end(out, begin, stop == len(raw))
        name = next_name
        at = stop + 2
    return out


def _begin(out: bytearray, name: bytes) -> int:
    """Begin a run, and return where its bytes will be."""
    out.append(len(name))
    out += name
    out += b"\0\0"
    return len(out)


def _end(out: bytearray, begin: int, is_cut: bool) -> None:
    """Say how long the run is by now."""
    size = len(out) - begin
    is_cut = is_cut or len(out) >= _LIMIT_BYTES
    out[begin - 2] = size >> 8 | (_CUT if is_cut else 0)
    out[begin - 1] = size & 0xFF


def _plain(name: bytes) -> bytes:
    """The name of a charset as it is compared: without a language (RFC 2231 §5) and signs."""
    kept = bytearray()
    for byte in name.lower():
        if byte == 42 or len(kept) == _NAME_BYTES:  # "*"
            break
        if 48 <= byte < 58 or 97 <= byte < 123:
            kept.append(byte)
    return bytes(kept)


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


def _unpack(out: bytearray, raw: bytes, at: int, stop: int) -> None:
    """The B encoding; what is no letter of it is passed over, padding or none is all the same."""
    bits = held = 0
    while at < stop and len(out) < _LIMIT_BYTES:
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
            out.append(held >> bits & 0xFF)


def _unquote(out: bytearray, raw: bytes, at: int, stop: int) -> None:
    """The Q encoding (RFC 2047 §4.2); a broken escape stays as it is."""
    while at < stop and len(out) < _LIMIT_BYTES:
        byte = raw[at]
        at += 1
        if byte == 95:  # "_" is a space
            byte = 32
        elif byte == 61 and at + 1 < stop:
            high, low = _digit(raw[at]), _digit(raw[at + 1])
            if high >= 0 and low >= 0:
                byte = high << 4 | low
                at += 2
        out.append(byte)


def _digit(byte: int) -> int:
    """The value of a hexadecimal digit, or -1."""
    if 48 <= byte < 58:
        return byte - 48
    byte |= 32
    return byte - 87 if 97 <= byte < 103 else -1
