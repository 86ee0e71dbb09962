"""Plays a script against the engine in pieces of given sizes, and holds it to what it promises.

A script is a line of commands, names of `ASKED` in turn (a+b: both at once), then the bytes of the
server. The next command goes out after the greeting and after each completed one, so that what
happens depends on the server's words alone and never on how they are cut.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import cycle
from typing import Any

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import access, fetch, mailboxes, messages, sasl, searching
from postlamp.imap.engine import NEED_DATA, Engine

Event = tuple[Any, ...]
Client = Generator[None, Event, None]

_SLACK = 4096  # bytes an engine may hold beside its buffer, as counted by `held`
_NOISE = b"1"  # what a message must never end up with

ASKED: dict[str, Callable[[Engine], str]] = {
    "capability": access.capability,
    "starttls": access.starttls,
    "login": lambda engine: access.login(engine, "alice", "sécret"),
    "authenticate": lambda engine: sasl.authenticate(engine, "SCRAM-SHA-256"),
    "examine": lambda engine: access.examine(engine, "Отправленные"),
    "select": lambda engine: access.select(engine, b"INBOX"),
    "noop": Engine.noop,
    "idle": Engine.idle,
    "search": lambda engine: engine.search("UNSEEN"),
    "newer": lambda engine: engine.search("ALL", 5),
    "esearch": lambda engine: engine.search("UNSEEN", 0, True),
    "literal": lambda engine: engine.search(["SUBJECT", "привет", "SEEN"]),
    "numbers": lambda engine: searching.send(engine, "UNSEEN", name="SEARCH"),
    "headers": lambda engine: fetch.headers(engine, 5),
    "fetch": lambda engine: fetch.fetch(engine, "1:*", "(FLAGS ENVELOPE)"),
    "list": lambda engine: mailboxes.send(engine, "LIST", "", "*"),
    "lsub": lambda engine: mailboxes.send(engine, "LSUB", "", "%"),
    "status": lambda engine: mailboxes.status(engine, "Отправленные", "MESSAGES UNSEEN"),
    "namespace": lambda engine: mailboxes.send(engine, "NAMESPACE"),
    "myrights": lambda engine: mailboxes.send(engine, "MYRIGHTS", b"\xff&"),
    "getacl": lambda engine: mailboxes.send(engine, "GETACL", "INBOX"),
    "rename": lambda engine: mailboxes.send(engine, "RENAME", "a", b"\xff"),
    "append": lambda engine: messages.append(engine, "INBOX", b"Subject: x\r\n\r\n", "\\Seen"),
    "store": lambda engine: messages.store(engine, "3:7", "+FLAGS.SILENT", "$Work"),
    "move": lambda engine: messages.send(engine, "UID MOVE", "3:7", "Архив"),
    "copy": lambda engine: messages.send(engine, "COPY", "3:7", "Архив"),
    "expunge": lambda engine: messages.send(engine, "EXPUNGE"),
    "close": lambda engine: messages.send(engine, "CLOSE"),
    "logout": access.logout,
}


class Outcome:
    """What came of a script: `told`, events and bytes sent in turn, and how the engine ended."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.final: Event = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcome) and (self.told, self.final) == (other.told, other.final)

    def __repr__(self) -> str:
        return "\n".join([repr(event) for event in [*self.told, self.final]])


def play(script: bytes, sizes: Iterable[int] = ()) -> Outcome:
    """The outcome of a script whose server's bytes come in pieces of `sizes`, or whole.

    AssertionError when the engine holds or tells too much, or stops making progress; what else
    it raises, but GarbageError, is a mistake too and goes through.
    """
    plan, _, data = script.partition(b"\n")
    words = plan.decode("ascii", "replace").split()
    limit = 160 if "small" in words else 1024
    engine = Engine(bytearray(limit))
    lent = bytearray(_NOISE * (len(data) + 1))
    outcome = Outcome()
    client = _client(engine, words, outcome)
    next(client)
    try:
        for piece in pieces(data, sizes):
            lent[: len(piece)] = piece
            engine.feed(lent, len(piece))
            _drain(engine, client, len(piece), limit)
            lent[: len(piece)] = _NOISE * len(piece)  # as a driver reads into one buffer for ever
        engine.eof()
        assert engine.next_event() == ("eof",) == engine.next_event()
    except GarbageError as error:
        outcome.told.append((type(error).__name__, *error.args))
    assert held(engine) <= limit + _SLACK, f"the engine holds {held(engine)} bytes"
    outcome.final = (engine.state, engine.capabilities, engine.exists, engine.uidvalidity)
    outcome.final += (engine.uidnext, engine.is_read_only)
    return _exact(outcome, data, words)


def pieces(data: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """The data in pieces of `sizes`, again and again, or whole when there are none."""
    at = 0
    for size in cycle(tuple(sizes) or (len(data) + 1,)):
        if at >= len(data):
            return
        yield data[at : at + size]
        at += size


def _drain(engine: Engine, client: Client, size: int, limit: int) -> None:
    """Take all events of one piece; there cannot be more of them than bytes and one to go on."""
    for _ in range(size + 1):
        event = engine.next_event()
        if event is NEED_DATA:
            return
        weight = held(event)
        assert weight <= limit + _SLACK, f"an event of {weight} bytes: {event!r}"
        client.send(event)
    raise AssertionError(f"more events than bytes: {size}")


def _client(engine: Engine, words: list[str], outcome: Outcome) -> Client:
    """A generator that is sent each event, answers what must be answered, and asks the next."""
    asks = iter(words)
    is_idling = False
    while True:
        outcome.told.append(("sent", engine.to_send()))
        event = yield
        outcome.told.append(event)
        if is_idling and event[0] != "completed":
            engine.done()
        is_idling = event[0] == "idling"
        if event[0] == "challenge":
            sasl.respond(engine, b"answer")
        elif event[0] in ("greeting", "completed"):
            for step in asks:
                sent = [_ask(engine, name, outcome) for name in step.split("+")]
                if any(sent):
                    break


def _ask(engine: Engine, name: str, outcome: Outcome) -> bool:
    """Whether the command could be sent: others are passed over."""
    if name not in ASKED:
        return False
    try:
        ASKED[name](engine)
    except MisuseError as error:
        outcome.told.append(("MisuseError", *error.args))
        return False
    return True


def held(thing: object) -> int:
    """Bytes that a thing keeps alive: texts, and a word of the board for each place in a list."""
    if isinstance(thing, Engine):
        return held(vars(thing)) + held(vars(thing._framer)) - held(thing._framer._data)
    if isinstance(thing, str | bytes | bytearray):
        return len(thing)
    if isinstance(thing, dict):
        return held(tuple(thing.keys())) + held(tuple(thing.values()))
    if isinstance(thing, tuple | list | frozenset):
        return sum([4 + held(each) for each in thing])
    if type(thing).__module__ in ("postlamp.imap.flight", "postlamp.imap.numbers"):
        return held(vars(thing))
    return thing.bit_length() // 8 if isinstance(thing, int) else 0


_LONG_SEARCH = re.compile(rb"^\* search (.{50,})$", re.I | re.M)
_LARGEST = 4294967295


def _exact(outcome: Outcome, data: bytes, words: list[str]) -> Outcome:
    """Drop what is only about right: numbers.py counts long SEARCH lines in bulk.

    It is exact when they are numbers in order that were asked for, as of every server known.
    """
    least = 5 if "newer" in " ".join(words) else 1
    for found in _LONG_SEARCH.finditer(data):
        listed, _, after = found[1].partition(b"(")  # "(MODSEQ n)", at the end if at all
        said = [word for word in listed.rstrip().split(b" ") if word]
        numbers = [int(word) if word.isdigit() else 0 for word in said]
        in_order = sorted(numbers)
        is_plain = in_order[:1] >= [least] and in_order[-1:] <= [_LARGEST] and len(after) < 50
        if not is_plain or numbers not in (in_order, in_order[::-1]):
            outcome.told = [_without_count(event) for event in outcome.told]
    return outcome


def _without_count(event: Event) -> Event:
    is_search = event[0] == "completed" and event[2] in ("SEARCH", "UID SEARCH")
    return (*event[:6], event[6][2]) if is_search and isinstance(event[6], tuple) else event
