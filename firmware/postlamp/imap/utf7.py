"""Modified UTF-7 of mailbox names (RFC 3501 §5.1.3), both ways. Pure.

MicroPython has no UTF-16 or UTF-7 codec. Text is made of bytes, and read in slices: `chr()`, and
a character got by iterating or indexing, is interned there and never freed.
"""

from micropython import const

from postlamp.errors import MisuseError
from postlamp.imap import base64

_AMPERSAND = const(38)
_HYPHEN = const(45)
_SURROGATE = const(0xD800)
_LOW_SURROGATE = const(0xDC00)
_BEYOND = const(0xE000)
_REPLACEMENT = const(0xFFFD)


def encode(name: str) -> str:
    """A mailbox name as it goes on the wire, in ASCII.

    Raises MisuseError for control characters and lone surrogates, which no name may have.
    """
    out = bytearray()
    units = bytearray()  # UTF-16, big-endian, not yet written
    for index in range(len(name)):
        code = ord(name[index : index + 1])
        if _is_unfit(code):
            raise MisuseError("a character that no mailbox name may have", code)
        if code > 127:
            _put_utf16(units, code)
            continue
        _shift(out, units)
        out.append(code)
        if code == _AMPERSAND:
            out.append(_HYPHEN)
    _shift(out, units)
    return bytes(out).decode()


def decode(raw: bytes) -> str:
    """A mailbox name from the wire, for people to read. Never raises.

    What is not modified UTF-7 stays as it stands, so the server's name for a mailbox must be kept
    beside this one: `encode` need not lead back. Control characters and octets that are not UTF-8
    become U+FFFD.
    """
    out = bytearray()
    at = 0
    while True:
        stop = raw.find(b"-", max(at, raw.find(b"&", at)))
        start = raw.rfind(b"&", at, stop) if stop >= 0 else -1
        if start < 0:
            _show(out, raw[at:])
            return bytes(out).decode()
        text = _unshifted(raw[start + 1 : stop])
        _show(out, raw[at:start] if text else raw[at : stop + 1])
        out += text
        at = stop + 1


def _is_unfit(code: int) -> bool:
    """C0, DEL, C1 (which would command a terminal), half of a surrogate pair, or no character."""
    return code < 32 or 127 <= code < 160 or _SURROGATE <= code < _BEYOND or code > 0x10FFFF


def _put_utf8(out: bytearray, code: int) -> None:
    if code < 0x80:
        out.append(code)
        return
    size = 6 if code < 0x800 else 12 if code < 0x10000 else 18
    out.append((0xFF00 >> size // 6 + 1 & 0xFF) | code >> size)
    for shift in range(size - 6, -1, -6):
        out.append(0x80 | code >> shift & 0x3F)


def _put_utf16(units: bytearray, code: int) -> None:
    if code > 0xFFFF:
        code -= 0x10000
        _put_utf16(units, _SURROGATE + (code >> 10))
        code = _LOW_SURROGATE + (code & 0x3FF)
    units.append(code >> 8)
    units.append(code & 0xFF)


def _shift(out: bytearray, units: bytearray) -> None:
    """Write what is gathered in `units`, if anything, and empty it."""
    if units:
        out += b"&" + base64.encode(bytes(units)).rstrip(b"=").replace(b"/", b",") + b"-"
        units[:] = b""


def _unshifted(digits: bytes) -> bytes:
    """In UTF-8 what stands between `&` and `-`; b"" when it is not what `encode` would write."""
    if not digits:
        return b"&"
    padding = b"=" * (-len(digits) % 4)
    units = base64.decode(digits.replace(b",", b"/") + padding)
    if not units or len(units) % 2 or b"/" in digits or b"=" in digits:
        return b""
    out = bytearray()
    high = 0  # the first half of a pair
    for index in range(0, len(units), 2):
        code = units[index] << 8 | units[index + 1]
        is_low = _LOW_SURROGATE <= code < _BEYOND
        if is_low != bool(high):
            return b""
        if is_low:
            code = 0x10000 + ((high - _SURROGATE) << 10) + (code - _LOW_SURROGATE)
            high = 0
        elif _SURROGATE <= code < _LOW_SURROGATE:
            high = code
            continue
        elif code < 128 or _is_unfit(code):  # ASCII stands for itself; hiding it is a trick
            return b""
        _put_utf8(out, code)
    return b"" if high else bytes(out)


def _show(out: bytearray, raw: bytes) -> None:
    """Write what stands outside of `&…-`: ASCII, or UTF-8 from a server that did not ask."""
    try:
        text = raw.decode()
    except UnicodeError:
        text = bytes([byte if byte < 128 else 0 for byte in raw]).decode()
    for index in range(len(text)):
        code = ord(text[index : index + 1])
        _put_utf8(out, _REPLACEMENT if _is_unfit(code) else code)
