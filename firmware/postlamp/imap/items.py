"""The items of a FETCH response (RFC 9051 §7.5.2). Pure; loaded when a header was asked for."""

from micropython import const

from postlamp.imap.response import text

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.framer import Framer


class Items:
    """Reads the list of the FETCH response in a framer.

    Names to bytes, int, None (NIL) or tuple of words.
    """

    def __init__(self, framer: "Framer") -> None:
        self._buffer = framer.buffer
        self._end = framer.length
        self._literals = framer.literals
        at = framer.buffer.find(b"(", 0, framer.length)
        self._at = framer.length if at < 0 else at + 1
        self._next_literal = 0

    def read(self) -> "dict[str, Any]":
        """All pairs up to the closing parenthesis or the end of what was kept."""
        items: "dict[str, Any]" = {}
        while True:
            self._skip_spaces()
            name = self._name()
            if not name:
                return items
            items[name] = self._value()

    def _peek(self) -> int:
        return self._buffer[self._at] if self._at < self._end else 41

    def _skip_spaces(self) -> None:
        while self._at < self._end and self._buffer[self._at] == 32:
            self._at += 1

    def _name(self) -> str:
        """An item's name in upper case; a section keeps its first word: BODY[HEADER.FIELDS]."""
        start = self._at
        while self._peek() not in b" ()[":
            self._at += 1
        name = text(bytes(memoryview(self._buffer)[start : self._at])).upper()
        if self._peek() != 91:
            return name
        close = self._buffer.find(b"]", self._at, self._end)
        if close < 0:
            self._at = self._end
            return name
        section = text(bytes(memoryview(self._buffer)[self._at + 1 : close]))
        self._at = close + 1
        while self._peek() not in b" )":  # a partial's origin, <0>
            self._at += 1
        return name + "[" + section.upper().split(" ")[0] + "]"

    def _value(self) -> "Any":
        self._skip_spaces()
        first = self._peek()
        if first == 40:
            return self._list()
        if first == 34:
            return self._quoted()
        if first == 123:
            return self._literal()
        start = self._at
        while self._peek() not in b" ()":
            self._at += 1
        word = bytes(memoryview(self._buffer)[start : self._at])
        if word.isdigit():
            return int(word)
        return None if word.upper() == b"NIL" else word

    def _list(self) -> "tuple[Any, ...]":
        """Words of a parenthesised list, flat: nested parentheses are counted, not followed."""
        words: "list[Any]" = []
        depth = 0
        while self._at < self._end:
            first = self._buffer[self._at]
            if first == 40 or first == 32:
                depth += first == 40
                self._at += 1
            elif first == 41:
                depth -= 1
                self._at += 1
                if not depth:
                    break
            else:
                words.append(self._value())
        return tuple(words)

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
        if self._next_literal >= len(self._literals):  # "{" in a place no literal begins
            self._at = self._end
            return b""
        start = self._literals[self._next_literal]
        kept = self._literals[self._next_literal + 1]
        self._next_literal += 2
        self._at = start + kept
        return bytes(memoryview(self._buffer)[start : self._at])
