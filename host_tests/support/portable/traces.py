r"""Plays a trace, a file of host_tests/traces, against the engine: whole, or cut into pieces.

`> flow argument …` starts a flow (the rest of the line after the name, split at " | ");
the response of `authenticate` and `respond` goes out in base64, `\0` for NUL, `*` for a cancel;
`C: ` what the engine must then send, `S: ` what the server sends (both with CRLF; `~` for none),
`= ` an event that must come, in this order, as repr of the tuple or of its first items and `…`;
`! ` an attribute of the engine and its value; `# ` a note.
"""

import os

from feeding import drain
from postlamp.errors import PostlampError
from postlamp.imap import access, fetch
from postlamp.imap.engine import Engine

if False:  # for type checkers
    from typing import Any

    Event = tuple[Any, ...]

FOLDER = "host_tests/traces"
MODULES = (access, fetch)  # of commands; a flow of none of them is the engine's own


def names() -> "list[str]":
    """All traces there are."""
    return sorted(name for name in os.listdir(FOLDER) if name.endswith(".txt"))


def play(name: str, size: int = 0) -> None:
    """Play one trace, the server's bytes in pieces of `size` (0: line by line)."""
    engine = Engine()
    events: list[Event] = []
    with open(FOLDER + "/" + name, "rb") as file:
        for number, line in enumerate(file.read().split(b"\n"), 1):
            mark, rest = line[:2], line[3:]
            where = f"{name}:{number}: "
            if mark == b"> ":
                _start(engine, line[2:].decode())
            elif mark in (b"C:", b"C~"):
                sent = engine.to_send()
                assert sent == rest + (b"\r\n" if mark == b"C:" else b""), where + repr(sent)
            elif mark in (b"S:", b"S~"):
                _receive(engine, rest + (b"\r\n" if mark == b"S:" else b""), size, events)
            elif mark == b"= ":
                assert events, where + "no event came"
                _compare(events.pop(0), line[2:].decode(), where)
            elif mark == b"! ":
                attribute, _, value = line[2:].decode().partition(" ")
                assert repr(getattr(engine, attribute)) == value, where + str(
                    getattr(engine, attribute)
                )
            else:
                assert line[:1] in (b"#", b""), where + "what is this line?"
    assert not events, name + ": more events: " + repr(events)


def _start(engine: Engine, line: str) -> None:
    flow, _, rest = line.partition(" ")
    arguments: list[Any] = [
        int(word) if word.isdigit() else word for word in rest.split(" | ") if word
    ]
    if flow == "authenticate" or flow == "respond":
        words = rest.replace("\\0", "\0").split(" | ")
        arguments = words[:1] if flow == "authenticate" else []
        arguments += [word.encode() for word in words[len(arguments) :]]
        if rest == "*":
            arguments = [None]
    for module in MODULES:
        if hasattr(module, flow):
            getattr(module, flow)(engine, *arguments)
            return
    getattr(engine, flow)(*arguments)


def _receive(engine: Engine, data: bytes, size: int, events: "list[Event]") -> None:
    size = size or len(data)
    try:
        for start in range(0, len(data), size):
            engine.feed(data[start : start + size])
            events.extend(drain(engine))
    except PostlampError as error:
        events.append((type(error).__name__,) + error.args)


def _compare(event: "Event", expected: str, where: str) -> None:
    shown = repr(event)
    if expected.endswith("…"):
        assert shown.startswith(expected[:-1]), where + shown
    else:
        assert shown == expected, where + shown
