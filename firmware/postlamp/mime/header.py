"""Header blocks: fields, unfolding, and the name to show for a sender (RFC 5322). Pure."""


def field(block: bytes, name: str) -> bytes:
    """Unfolded raw value of the first field of that name (any case), or b""."""
    wanted = name.lower().encode() + b":"
    value = None
    for line in block.split(b"\n"):
        line = line.rstrip(b"\r")
        if value is not None:
            if line[:1] not in (b" ", b"\t"):
                break
            value += b" " + line.strip()
        elif line[: len(wanted)].lower() == wanted:
            value = line[len(wanted) :].strip()
    return value or b""


def sender(block: bytes) -> bytes:
    """Who the first From address names: its display name, else its comment, else the address.

    Raw, as are all fields: words.py decodes them.
    """
    name, address, comment = _first_address(field(block, "from"))
    return name or comment or address


def _first_address(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """(display name, address, comment) of the first address of a From field."""
    reader = _AddressReader()
    for byte in raw:
        if reader.take(byte):
            break
    return reader.parts()


class _AddressReader:
    """Takes a From field byte by byte (RFC 5322 §3.4); comments nest, quotes hide everything."""

    def __init__(self) -> None:
        self._name = bytearray()
        self._address = bytearray()
        self._comment = bytearray()
        self._target = self._name
        self._depth = 0  # of comments
        self._is_quoted = False
        self._is_escaped = False

    def take(self, byte: int) -> bool:
        """True when the first address is over."""
        target = self._comment if self._depth else self._target
        if self._is_escaped:
            self._is_escaped = False
            target.append(byte)
        elif byte == 92 and (self._is_quoted or self._depth):
            self._is_escaped = True
        elif byte == 34 and not self._depth:
            self._is_quoted = not self._is_quoted
        elif self._is_quoted:
            target.append(byte)
        elif byte == 40 or byte == 41:
            self._depth = max(0, self._depth + (1 if byte == 40 else -1))
        elif self._depth:
            target.append(byte)
        else:
            return self._take_plain(byte)
        return False

    def _take_plain(self, byte: int) -> bool:
        if byte == 60:  # "<"
            self._target = self._address
        elif byte == 62:  # ">"
            return True
        elif byte == 44:  # ","
            return bool(self._address or self._name.strip())
        else:
            self._target.append(byte)
        return False

    def parts(self) -> tuple[bytes, bytes, bytes]:
        """(name, address, comment); a lone word is the address."""
        name, address = bytes(self._name).strip(), bytes(self._address).strip()
        if not address:
            name, address = b"", name
        return name, address, bytes(self._comment).strip()
