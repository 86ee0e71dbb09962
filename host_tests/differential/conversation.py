"""Reads what a server says in a trace (support/portable/traces.py) and says it to any client.

A trace is bytes of one connection after another, `> flow` lines between them. What our engine
would send does not matter here: whichever client is connected asks for the same flows in its own
words, and is answered with the same bytes under its own tag.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from host_tests.support.peer import Line, ScriptError, Step, hold

# Flows that every client has in some form, and the commands by which one may ask for them.
FLOWS = {
    "capability": (b"CAPABILITY",),
    "login": (b"LOGIN",),
    "examine": (b"EXAMINE", b"SELECT"),
    "select": (b"SELECT",),
    "search": (b"UID SEARCH",),
    "noop": (b"NOOP",),
    "headers": (b"UID FETCH",),
    "fetch": (b"UID FETCH", b"FETCH"),
    "status": (b"STATUS",),
    "idle": (b"IDLE",),
    "done": (b"DONE",),
    "logout": (b"LOGOUT",),
}
_LINE_ENDS = {b"S:": b"\r\n", b"S/": b"\n", b"S~": b""}
_CAPABILITIES = re.compile(rb"CAPABILITY ([^\]\r\n]+)", re.IGNORECASE)


class Asked(NamedTuple):
    """One flow: its arguments, and what the server says to it, {tag} in place of the tag."""

    flow: str
    arguments: list[str]
    said: bytes


class Conversation(NamedTuple):
    """One connection, as far as every client can follow it."""

    name: str
    greeting: bytes
    steps: list[Asked]
    expected: dict[str, str]  # "2 search.count": what must be found


def read(path: Path) -> list[Conversation]:
    """The connections of a trace in which anything is asked that all clients can ask."""
    found = []
    for number, lines in enumerate(_connections(path.read_bytes()), 1):
        name = path.stem if number == 1 else f"{path.stem} ({number})"
        conversation = _conversation(name, lines)
        if conversation.steps:
            found.append(conversation)
    return found


def _connections(text: bytes) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    for line in text.split(b"\n"):
        if line.startswith(b"---"):
            yield lines
            lines = []
        else:
            lines.append(line)
    yield lines


def _conversation(name: str, lines: list[bytes]) -> Conversation:
    blocks: list[list[bytes]] = [[]]
    for line in lines:
        if line.startswith(b"> "):
            blocks.append([])
        blocks[-1].append(line)
    greeting = _said(blocks[0], b"")
    conversation = Conversation(name, greeting, [], {})
    idle = b""
    for number, block in enumerate(blocks[1:], 1):
        flow, _, rest = block[0][2:].decode().partition(" ")
        sent = [line[3:] for line in block if line[:2] == b"C:"]
        tag = sent[0].split(b" ")[0] if sent and flow != "done" else idle
        said = _said(block, tag)
        if not _is_for_all(flow, rest, said) or len(sent) > 1 or flow != "done" and idle:
            break
        conversation.steps.append(Asked(flow, rest.split(" | ") if rest else [], said))
        for line in block:
            if line[:2] == b"? ":
                fact, _, value = line[2:].decode().partition(" ")
                conversation.expected[f"{number} {flow}.{fact}"] = value
        if any(line[:2] == b"E:" for line in block):
            break
        idle = tag if flow == "idle" and b"{tag} " not in said else b""
    return conversation


def _is_for_all(flow: str, rest: str, said: bytes) -> bool:
    """Whether every client can ask this, and waits for nothing that never comes."""
    is_done = re.search(rb"^\{tag\} ", said, re.MULTILINE) is not None
    is_begun = flow == "idle" and re.search(rb"^\+", said, re.MULTILINE) is not None
    return flow in FLOWS and rest.isascii() and is_done != is_begun


def _said(block: list[bytes], tag: bytes) -> bytes:
    said = b""
    for line in block:
        if line[:2] in _LINE_ENDS:
            said += line[3:] + _LINE_ENDS[line[:2]]
        elif line[:2] == b"S*":
            count, _, text = line[3:].partition(b" ")
            said += text * int(count)
    return (
        re.sub(rb'^%s(?= )|(?<=")%s(?=")' % (tag, tag), b"{tag}", said, flags=re.MULTILINE)
        if tag
        else said
    )


def serving(conversation: Conversation) -> Step:
    """Says the whole conversation to whoever connects, then waits until they leave.

    Asked for its capabilities where the conversation does not, it repeats what it said last.
    """

    def step(line: Line) -> None:
        line.sock.sendall(conversation.greeting)
        told = conversation.greeting
        tag = b""
        for asked in conversation.steps:
            while True:
                words = _command(line)
                if words != b"DONE":
                    tag, _, words = words.partition(b" ")
                name = b" ".join(
                    words.upper().split(b" ")[: 1 + words.upper().startswith(b"UID ")]
                )
                if name in FLOWS[asked.flow]:
                    break
                if name != b"CAPABILITY":
                    raise ScriptError(f"not in the conversation: {name!r}")
                line.sock.sendall(_capability(told) + tag + b" OK told\r\n")
            line.sock.sendall(asked.said.replace(b"{tag}", tag))
            told += asked.said
        hold()(line)

    return step


def _capability(told: bytes) -> bytes:
    names: bytes = (_CAPABILITIES.findall(told) or [b"IMAP4rev1 IDLE"])[-1]
    return b"* CAPABILITY " + names + b"\r\n"


def _command(line: Line) -> bytes:
    while b"\r\n" not in line.unread:
        if not line.receive():
            raise ScriptError("the client left")
    command, _, rest = bytes(line.unread).partition(b"\r\n")
    line.unread[:] = rest
    return command
