"""Values of a response: atoms, strings, NIL, lists (RFC 9051 §4). Pure; loaded on use."""

from micropython import const

from postlamp.errors import GarbageError
from postlamp.imap.response import text

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.framer import Framer

_DEPTH_LIMIT = const(16)  # an ENVELOPE has three levels


class Values:
    """Reads the message in a framer from `at` on, as far as it was kept.

    An atom becomes str, a string bytes, NIL None, a list a tuple.
    """

    def __init__(self, framer: "Framer", at: int) -> None:
        self._buffer = framer.buffer
        self._end = framer.length
        self._literals = framer.literals
        self._at = at
        self._next_literal = 0

    def read(self) -> "list[Any]":
        """All values; parentheses that do not match are mended.

        Raises GarbageError for lists in more than 16 lists. Open ones stand in a list of their
        own: nothing recurses on what a server sent.
        """
        outer: "list[list[Any]]" = []
        values: "list[Any]" = []
        while self._at < self._end:
            byte = self._buffer[self._at]
            if byte == 40:
                if len(outer) >= _DEPTH_LIMIT:
                    raise GarbageError("nested too deep", _DEPTH_LIMIT)
                outer.append(values)
                values = []
            elif byte == 41:
                if outer:
                    outer[-1].append(tuple(values))
                    values = outer.pop()
            elif byte != 32:
                values.append(self._word(byte))
                continue
            self._at += 1
        while outer:
            outer[-1].append(tuple(values))
            values = outer.pop()
        return values

    def _word(self, first: int) -> "Any":
        if first == 34:
            return self._quoted()
        if first == 123:
            return self._literal()
        start = self._at
        while self._at < self._end and self._buffer[self._at] not in b" ()":
            if self._buffer[self._at] == 91:  # BODY[HEADER.FIELDS (FROM)]
                self._at = max(self._at, self._buffer.find(b"]", self._at, self._end))
            self._at += 1
        word = text(bytes(memoryview(self._buffer)[start : self._at]))
        return None if word.upper() == "NIL" else word

    def _quoted(self) -> bytes:
        self._at += 1
        out = bytearray()
        while self._at < self._end:
            byte = self._buffer[self._at]
            self._at += 1
            if byte == 34:
                break
            if byte == 92 and self._at < self._end:
                byte = self._buffer[self._at]
                self._at += 1
            out.append(byte)
        return bytes(out)

    def _literal(self) -> bytes:
        start = self._buffer.find(b"}", self._at, self._end) + 1
        at = self._next_literal
        while at < len(self._literals) and self._literals[at] < start:
            at += 2  # one inside a quoted string that did not end
        if at >= len(self._literals) or self._literals[at] > start:
            self._at = self._end  # "{" in a place no literal begins
            return b""
        self._next_literal = at + 2
        self._at = start + self._literals[at + 1]
        return bytes(memoryview(self._buffer)[start : self._at])
