"""Raw header fields as a display can show them. Layer mail; loaded for a mail, then dropped."""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO

_TABLES = "assets/charsets.bin"
_MIME = ("postlamp.mime.words", "postlamp.mime.charsets", "postlamp.mime.display")
_SHOWN = const(120)  # characters of a sender or a subject: more than anybody reads on a panel


def shown(fields: "list[bytes]", fallback: str) -> "tuple[str, str]":
    """Sender and subject of [subject, sender's name, sender's address], which are none after it.

    `fallback` is the charset of 8-bit text that is no UTF-8. One module at a time, for memory's
    sake.
    """
    tables = _Tables()
    try:
        name = _shown(fields, 1, tables, fallback) or _shown(fields, 2, tables, fallback)
        return name, _shown(fields, 0, tables, fallback)
    finally:
        tables.close()
        drop(*_MIME)  # what an error left loaded


def _shown(fields: "list[bytes]", index: int, tables: "_Tables", fallback: str) -> str:
    """One of the raw fields as text, which is then none of them any more."""
    from postlamp.mime.words import runs

    taken = runs(fields[index])
    fields[index] = b""
    del runs
    drop("postlamp.mime.words")
    from postlamp.mime import charsets

    text = charsets.text(taken, tables.read, fallback)
    del charsets, taken
    drop("postlamp.mime.charsets")
    from postlamp.mime.display import clean

    text = clean(text, tables.read, _SHOWN)
    drop("postlamp.mime.display")
    return text


class _Tables:
    """The tables of charsets on flash, opened if they are needed; mime/ must not open files."""

    def __init__(self) -> None:
        self._file: "BinaryIO | None" = None

    def read(self, at: int, size: int) -> bytes:
        """Bytes of the file from a place on; b"" if it is not there or cannot be read."""
        try:
            if self._file is None:
                self._file = open(_TABLES, "rb")
            self._file.seek(at)
            return self._file.read(size)
        except OSError:
            return b""

    def close(self) -> None:
        """Close it, if it was opened."""
        if self._file:
            self._file.close()
