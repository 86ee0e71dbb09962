"""What a panel shows of header text, by the tables as they ship. Runs on every interpreter."""

from postlamp.mime import charsets, header
from postlamp.mime.display import clean
from postlamp.mime.words import runs

with open("firmware/assets/charsets.bin", "rb") as _file:
    _TABLES = _file.read()


def read(at: int, size: int) -> bytes:
    """Bytes of the tables, as mail/newest.py gives them."""
    return _TABLES[at : at + size]


def decode(raw: bytes, read: "charsets.Read" = None, fallback: str = "") -> str:
    """The text of a raw field, as much as is kept of it."""
    return charsets.text(runs(raw), read, fallback)


def shown(raw: bytes, fallback: str = "") -> str:
    """A raw field as it is shown, however long."""
    return clean(decode(raw, read, fallback), read, 1000)


def subject(block: bytes, fallback: str = "") -> str:
    """The subject of a header block."""
    return shown(header.field(block, "subject"), fallback)


def sender(block: bytes, fallback: str = "") -> str:
    """The sender of a header block."""
    return shown(header.sender(block), fallback) or shown(header.address(block), fallback)
