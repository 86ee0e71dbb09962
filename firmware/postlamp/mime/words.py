"""RFC 2047 encoded words and raw header bytes to str. Pure; never raises on what a mail holds.

What cannot be decoded becomes U+FFFD, a character each, which the screen draws as a box.
"""

from binascii import a2b_base64, unhexlify

_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")
_LATIN1 = ("iso-8859-1", "latin1", "iso_8859-1")


def decode(raw: bytes) -> str:
    """Text of an unfolded header value: encoded words (B, Q) and 8-bit text guessed as UTF-8."""
    out = []
    gathered = b""  # bytes of adjacent words in one charset: a character may be split over two
    charset = ""
    at = 0
    while True:
        start, stop, word = _next_word(raw, at)
        between = raw[at:start]
        is_adjacent = word is not None and not between.strip() and gathered
        if gathered and not (is_adjacent and word and word[0] == charset):
            out.append(to_text(gathered, charset))
            gathered = b""
        if not is_adjacent:
            out.append(to_text(between, "utf-8"))
        if word is None:
            return "".join(out)
        charset, content = word
        gathered += content
        at = stop


def to_text(raw: bytes, charset: str) -> str:
    """Bytes in a charset as str; charsets beyond UTF-8 and Latin-1 show a box per character."""
    if charset in _UTF8:
        try:
            return raw.decode()
        except UnicodeError:
            return _mend_utf8(raw)
    out = bytearray()  # not of chr(): MicroPython keeps each different character for ever
    for byte in raw:
        if byte < 128:
            out.append(byte)
        elif charset in _LATIN1:
            out.append(0xC0 | byte >> 6)
            out.append(0x80 | byte & 0x3F)
        else:
            out += b"\xef\xbf\xbd"
    return bytes(out).decode()


def _next_word(raw: bytes, at: int) -> "tuple[int, int, tuple[str, bytes] | None]":
    """(start, stop, (charset, bytes)) of the next encoded word from `at`, or None at the end."""
    while True:
        start = raw.find(b"=?", at)
        if start < 0:
            return len(raw), len(raw), None
        charset_end = raw.find(b"?", start + 2)
        encoding_end = raw.find(b"?", charset_end + 1) if charset_end > 0 else -1
        stop = raw.find(b"?=", encoding_end + 1) if encoding_end > 0 else -1
        if stop < 0:
            return len(raw), len(raw), None
        encoding = raw[charset_end + 1 : encoding_end].lower()
        name = raw[start + 2 : charset_end].lower().split(b"*")[0]  # RFC 2231 §5: a language
        content = raw[encoding_end + 1 : stop]
        decoded = _unpack(content, encoding)
        if decoded is not None and name and b" " not in content:
            return start, stop + 2, (to_text(name, ""), decoded)
        at = start + 2


def _unpack(content: bytes, encoding: bytes) -> "bytes | None":
    if encoding == b"q":
        return _unquote(content)
    if encoding != b"b":
        return None
    content = content.rstrip(b"=")
    if len(content) % 4 == 1:  # a letter too many cannot hold a byte
        content = content[:-1]
    try:
        return a2b_base64(content + b"=" * (-len(content) % 4))
    except ValueError:
        return None


def _unquote(content: bytes) -> bytes:
    """The Q encoding (RFC 2047 §4.2); a broken escape stays as it is."""
    out = bytearray()
    at = 0
    while at < len(content):
        byte = content[at]
        at += 1
        if byte == 95:  # "_" is a space
            byte = 32
        elif byte == 61:
            try:
                byte = unhexlify(content[at : at + 2])[0]  # int() would take a sign, too
                at += 2
            except (ValueError, IndexError):
                byte = 61
        out.append(byte)
    return bytes(out)


def _mend_utf8(raw: bytes) -> str:
    """UTF-8 with each broken sequence as one U+FFFD (bytes.decode is strict on MicroPython)."""
    out = []
    at = 0
    while at < len(raw):
        size = _sequence_size(raw[at])
        try:
            out.append(raw[at : at + size].decode())
        except UnicodeError:
            out.append("\ufffd")
            size = 1
        at += size
    return "".join(out)


def _sequence_size(lead: int) -> int:
    if lead < 0xC0:
        return 1
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
