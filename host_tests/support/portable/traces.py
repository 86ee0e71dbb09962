r"""Plays a trace, a file of host_tests/traces, against the engine: whole, or cut into pieces.

`> flow argument …` starts a flow (the rest of the line after the name, split at " | ", a list at
" / "; `\0` is NUL for `authenticate` and `respond`, `*` cancels), `> COMMAND | …` a command;
`x flow argument …` a flow that must be refused by our own error, with nothing sent;
`C: ` what the engine must then send, `S: ` what the server sends (both with CRLF; `~` for none,
`/` for LF alone), `S* n text` the text n times, without CRLF; `E: ` the stream ends;
`= ` an event that must come, in this order, as repr of the tuple or of its first items and `…`;
`! ` an attribute of the engine and its value (of capabilities all their names);
`---` a new connection, whose may follow; `# ` a note.
"""

import os

from postlamp.errors import PostlampError
from postlamp.imap import access, fetch, mailboxes, messages, sasl
from postlamp.imap.engine import NEED_DATA, Engine

if False:  # for type checkers
    from typing import Any

    Event = tuple[Any, ...]

FOLDER = "host_tests/traces"
MODULES = (access, fetch, mailboxes, messages, sasl)  # a flow of none of them is the engine's own
OF_MESSAGES = ("CHECK", "CLOSE", "COPY", "EXPUNGE", "MOVE", "UID", "UNSELECT")
ENDS = {b"S:": b"\r\n", b"C:": b"\r\n", b"S/": b"\n"}  # of a line on the wire, by its mark
LINES = -1  # a size: line by line
_MOST_PIECES = 8000  # a long answer is cut into so many, not at every byte


def names() -> "list[str]":
    """All traces there are."""
    return sorted(name for name in os.listdir(FOLDER) if name.endswith(".txt"))


def play(name: str, size: int = 0) -> None:
    """Play one trace, what the server says in pieces of `size` bytes (0: as much as it can)."""
    with open(FOLDER + "/" + name, "rb") as file:
        play_lines(file.read().split(b"\n"), size, name)


def play_lines(lines: "list[bytes]", size: int = 0, name: str = "") -> None:
    """Play the lines of a trace; raises AssertionError where the engine does not follow it."""
    player = _Player(size)
    for number, line in enumerate(lines, 1):
        problem = player.take(line)
        if problem is None and number == len(lines):
            problem = player.end()
        if problem is not None:
            raise AssertionError(name + ":" + str(number) + ": " + problem)


class _Player:
    """One connection after another, as the lines of a trace say."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._begin()

    def take(self, line: bytes) -> "str | None":
        """Play one line; returns what is wrong, or None."""
        mark, rest = line[:2], line[3:]
        if mark in (b"S:", b"S/", b"S~", b"S*"):
            self._hear(mark, rest)
            return None
        if line[:1] in (b"#", b""):
            return None
        self._receive()
        if mark in (b"C:", b"C~"):
            return self._send(rest + ENDS.get(mark, b""))
        if mark == b"x ":
            return self._refused(line[2:].decode())
        if self._sent:
            return "sent too: " + repr(self._sent)
        return self._order(mark, line[2:].decode())

    def _order(self, mark: bytes, words: str) -> "str | None":
        if mark == b"> ":
            self._start(words)
        elif mark == b"--":
            return self.end()
        elif mark == b"E:":
            self._engine.eof()
            return _differs(self._engine.next_event(), ("eof",))
        elif mark == b"= ":
            return self._compare(words)
        elif mark == b"! ":
            return self._look(words)
        else:
            return "what is this line?"
        return None

    def end(self) -> "str | None":
        """The connection is over: nothing may be left of it."""
        self._receive()
        left = self._sent or self._engine.to_send() or self._events
        self._begin()
        return "left over: " + repr(left) if left else None

    def _begin(self) -> None:
        self._engine = Engine()
        self._events: list[Event] = []
        self._heard = b""
        self._sent = b""

    def _start(self, words: str) -> None:
        flow, _, rest = words.partition(" ")
        if flow.isupper():
            module = messages if flow in OF_MESSAGES else mailboxes
            module.send(self._engine, *words.split(" | "))
            return
        arguments = _arguments(flow, rest)
        for module in MODULES:
            if hasattr(module, flow):
                getattr(module, flow)(self._engine, *arguments)
                return
        getattr(self._engine, flow)(*arguments)

    def _refused(self, words: str) -> "str | None":
        self._sent += self._engine.to_send()
        try:
            self._start(words)
        except PostlampError:
            return _differs(self._engine.to_send(), b"")
        return "was not refused"

    def _send(self, expected: bytes) -> "str | None":
        self._sent += self._engine.to_send()
        if not self._sent.startswith(expected):
            return repr(self._sent)
        self._sent = self._sent[len(expected) :]
        return None

    def _hear(self, mark: bytes, rest: bytes) -> None:
        if mark == b"S*":
            count, _, text = rest.partition(b" ")
            rest = text * int(count)
        self._heard += rest + ENDS.get(mark, b"")
        if self._size == LINES:
            self._receive()

    def _receive(self) -> None:
        """Give the engine what was heard, in pieces."""
        data, self._heard = self._heard, b""
        if not data:
            return
        size = len(data) if self._size <= 0 else max(self._size, len(data) // _MOST_PIECES)
        engine = self._engine
        try:
            for start in range(0, len(data), size):
                engine.feed(data[start : start + size])
                while True:
                    event = engine.next_event()
                    if event is NEED_DATA:
                        break
                    self._events.append(event)
        except PostlampError as error:
            self._events.append((type(error).__name__,) + error.args)

    def _compare(self, expected: str) -> "str | None":
        if not self._events:
            return "no event came"
        shown = _shown(self._events.pop(0))
        if expected.endswith("…"):
            return None if shown.startswith(expected[:-1]) else shown
        return None if shown == expected else shown

    def _look(self, words: str) -> "str | None":
        attribute, _, wanted = words.partition(" ")
        value = getattr(self._engine, attribute)
        if isinstance(value, frozenset):
            return _differs(" ".join(sorted(value)), " ".join(sorted(wanted.split())))
        return _differs(repr(value), wanted)


def _arguments(flow: str, rest: str) -> "list[Any]":
    words = rest.split(" | ") if rest else []
    if rest == "*":
        return [None]
    if flow == "identify":
        return [words]
    if flow == "respond":
        return [_unescaped(rest)]
    if flow == "authenticate":
        return [words[0]] + [_unescaped(word) for word in words[1:]]
    return [_value(flow, word) for word in words]


def _value(flow: str, word: str) -> "Any":
    if word in ("True", "False"):
        return word == "True"
    if " / " in word:
        return word.split(" / ")
    return int(word) if word.isdigit() and flow in ("search", "headers") else word


def _unescaped(words: str) -> bytes:
    return words.replace("\\0", "\0").replace("\\1", "\1").encode()


def _shown(event: "Event") -> str:
    """As repr, but items of a FETCH in the order of their names, for MicroPython keeps none."""
    if len(event) < 2:
        return repr(event)
    words = []
    for value in event:
        if isinstance(value, dict):
            pairs = [repr(name) + ": " + repr(value[name]) for name in sorted(value)]
            words.append("{" + ", ".join(pairs) + "}")
        else:
            words.append(repr(value))
    return "(" + ", ".join(words) + ")"


def _differs(got: object, wanted: object) -> "str | None":
    return None if got == wanted else repr(got)
