"""Header blocks: fields, unfolding, and the name to show for a sender (RFC 5322). Pure."""

from micropython import const

_LIMIT_BYTES = const(768)  # of a value: 100 letters and more, also in the longest encoding
_PART_BYTES = const(384)  # of a name, an address, a comment
_NAME_BYTES = const(40)  # longer names of fields are none that is asked for


def field(block: bytes, name: str) -> bytes:
    """Unfolded raw value of the first field of that name (any case), or b"".

    No more than the first 768 bytes of it.
    """
    wanted = name.lower().encode()
    at = 0
    while at < len(block):
        end = _line_end(block, at)
        colon = block.find(b":", at, min(end, at + _NAME_BYTES))
        if colon > at and block[at:colon].rstrip().lower() == wanted:
            return _unfolded(block, colon + 1, end)
        if not block[at : min(end, at + 2)].strip():  # the block is over
            break
        at = end + 1
    return b""


def sender(block: bytes) -> bytes:
    """Who the first From address names: its display name, else its comment, else the address.

    Else the group that it is of. Raw, as are all fields: words.py decodes them.
    """
    name, address, comment, group = _AddressReader(field(block, "from")).read()
    return name or comment or address or group


def address(block: bytes) -> bytes:
    """The first From address itself, raw: for names that are nothing once they are decoded."""
    return _AddressReader(field(block, "from")).read()[1]


def _line_end(block: bytes, at: int) -> int:
    end = block.find(b"\n", at)
    return end if end >= 0 else len(block)


def _unfolded(block: bytes, at: int, end: int) -> bytes:
    """The value from `at`; its first line ends at `end`, lines that begin with a blank follow."""
    at, stop = _stripped(block, at, end)
    if not _is_folded(block, end):
        return block[at : min(stop, at + _LIMIT_BYTES)]
    value = bytearray(_LIMIT_BYTES)  # made once: growing would leave holes
    value[:] = block[at : min(stop, at + _LIMIT_BYTES)]
    while _is_folded(block, end) and len(value) < _LIMIT_BYTES:
        if value:
            value.append(0x20)
        at, end = end + 1, _line_end(block, end + 1)
        at, stop = _stripped(block, at, end)
        value += block[at : min(stop, at + _LIMIT_BYTES - len(value))]
    return bytes(value)


def _is_folded(block: bytes, end: int) -> bool:
    """Whether the line goes on behind its end."""
    return block[end + 1 : end + 2] in (b" ", b"\t")


def _stripped(block: bytes, at: int, end: int) -> "tuple[int, int]":
    """Where a line begins and stops without the blanks around it."""
    while at < end and block[at] in b" \t\r":
        at += 1
    while end > at and block[end - 1] in b" \t\r":
        end -= 1
    return at, end


class _AddressReader:
    """Reads a From field up to the end of its first address (RFC 5322 §3.4).

    Goes on after everything that breaks the grammar; comments nest, nothing recurses.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._name = bytearray()
        self._address = b""
        self._comment = b""
        self._group = b""
        self._is_open = False  # a quote that never closes was found

    def read(self) -> "tuple[bytes, bytes, bytes, bytes]":
        """Name, address, comment and group of the first address that has something to show."""
        at = 0
        while at < len(self._raw) and not self._is_over(self._raw[at]):
            at = self._take(self._raw[at], at)
        name, address = bytes(self._name).strip(), self._address
        if not address and b"@" in name:
            name, address = b"", name
        if address[:1] == b"@":  # a route (RFC 5322 §4.4)
            address = address[address.find(b":") + 1 :]
        return name, address, self._comment, self._group

    def _is_over(self, byte: int) -> bool:
        if byte == 44:  # ","; a name with one should be in quotes, and is not always
            return bool(self._address) or b"@" in self._name
        return byte == 59 and bool(self._address or self._group or self._name.strip())  # ";"

    def _take(self, byte: int, at: int) -> int:
        """Take what begins at a place, and return where it ends."""
        raw = self._raw
        if byte == 40:  # "("
            stop = self._closing(at + 1, 40, 41)
            self._comment = self._comment or self._unescaped(at + 1, stop).strip()
            return stop + 1
        if self._address:  # only comments are of use behind it
            return at + 1
        if byte == 60:  # "<"
            stop = raw.find(b">", at)
            stop = stop if stop >= 0 else len(raw)
            self._address = raw[at + 1 : min(stop, at + _PART_BYTES)].strip()
            return stop + 1
        if byte == 34:
            return self._take_quoted(at + 1)
        if byte in b",;" and not self._name.strip():
            return at + 1
        if byte == 58:  # ":"
            self._group = bytes(self._name).strip()
            self._name = bytearray()
            return at + 1
        stop = _word_end(raw, at)
        if len(self._name) < _PART_BYTES:
            self._name += raw[at : min(stop, at + _PART_BYTES)]
        return stop

    def _take_quoted(self, at: int) -> int:
        stop = len(self._raw) if self._is_open else self._closing(at, -1, 34)
        if stop == len(self._raw):  # never closes: passed over, as are all behind it
            self._is_open = True
            return at
        self._name += self._unescaped(at, stop)
        return stop + 1

    def _closing(self, at: int, opening: int, closing: int) -> int:
        """Where that closes which opened before `at`, or the end."""
        raw, depth = self._raw, 1
        while at < len(raw):
            byte = raw[at]
            if byte == 92:
                at += 1
            elif byte == opening:
                depth += 1
            elif byte == closing:
                depth -= 1
                if not depth:
                    break
            at += 1
        return min(at, len(raw))

    def _unescaped(self, at: int, stop: int) -> bytes:
        """Without the backslashes that quote the next byte."""
        kept = bytearray()
        while at < stop and len(kept) < _PART_BYTES:
            if self._raw[at] == 92 and at + 1 < stop:
                at += 1
            kept.append(self._raw[at])
            at += 1
        return bytes(kept)


def _word_end(raw: bytes, at: int) -> int:
    """The end of the encoded word that begins at a place, else of one byte.

    Within a word there should be no comma or quote, and there sometimes is.
    """
    if raw[at : at + 2] == b"=?":
        content = raw.find(b"?", at + 2) + 3
        if content > 2 and raw[content - 2 : content].lower() in (b"b?", b"q?"):
            stop = raw.find(b"?=", content)
            if stop >= 0:
                return stop + 2
    return at + 1
