"""Second stage of the engine: one framed message to one event tuple (RFC 9051 §7). Pure.

Lenient where real servers are odd: missing text, LF alone, lower case, NIL, trailing spaces.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.framer import Framer

    Event = tuple[Any, ...]  # (kind, …), see engine.py

_STATUS = ("OK", "NO", "BAD", "PREAUTH", "BYE")
_NUMBERED = ("EXISTS", "RECENT", "EXPUNGE")


def parse(framer: "Framer") -> "Event":
    """The event of the message in `framer`; ("other", name) for what a watcher does not need.

    ("tagged", tag, status, code, text) is for the engine only, which turns it into "completed".
    """
    line = bytes(memoryview(framer.buffer)[: framer.length])
    if line.startswith(b"+"):
        return ("continue", line[1:].strip())
    tag, rest = _word(line)
    if tag != "*":
        return ("tagged", tag) + _status(rest)[0:3]
    name, rest = _word(rest)
    upper = name.upper()
    if upper in _STATUS:
        return ("status",) + _status(line[2:])
    if upper == "CAPABILITY":
        return ("capability", capability_names(text(rest)))
    if upper == "SEARCH":
        return ("search",)
    if name.isdigit():
        return _numbered(int(name), rest, framer, len(line) - len(rest))
    return ("other", upper)


def text(raw: bytes) -> str:
    """Server words as str: UTF-8, or what is ASCII of it."""
    try:
        return raw.decode()
    except UnicodeError:
        return "".join(chr(byte) if byte < 128 else "?" for byte in raw)


def capability_names(words: str) -> frozenset[str]:
    """Upper-case capability names; `LITERAL +` (seen on Exchange) is mended."""
    return frozenset(words.upper().replace(" +", "+").split())


def _word(line: bytes) -> tuple[str, bytes]:
    """The first word and what follows its space; no word is ""."""
    head, _, rest = line.lstrip(b" ").partition(b" ")
    return text(head), rest


def _status(line: bytes) -> tuple[str, str, str]:
    """(status, code, text) of a status response (RFC 9051 §7.1); code without brackets or ""."""
    status, rest = _word(line)
    code = ""
    if rest.startswith(b"["):
        inside, _, rest = rest[1:].partition(b"]")
        code = text(inside).strip()
    return status.upper(), code, text(rest.strip())


def _numbered(number: int, rest: bytes, framer: "Framer", offset: int) -> "Event":
    name = _word(rest)[0].upper()
    if name in _NUMBERED:
        return (name.lower(), number)
    if name == "FETCH":
        at = framer.buffer.find(b"(", offset, framer.length)
        items = _Items(framer, framer.length if at < 0 else at + 1)
        return ("fetch", number, items.read())
    return ("other", name)


class _Items:
    """Reads the list of a FETCH response: names to bytes, int, None (NIL) or tuple of words."""

    def __init__(self, framer: "Framer", at: int) -> None:
        self._buffer = framer.buffer
        self._end = framer.length
        self._literals = framer.literals
        self._at = at
        self._next_literal = 0
        while self._next_literal < len(self._literals) and self._literals[self._next_literal] < at:
            self._next_literal += 2

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

    def _list(self) -> "Event":
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
