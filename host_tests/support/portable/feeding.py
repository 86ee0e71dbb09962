"""Feeds an engine with server bytes, whole or in pieces, and gathers its events."""

from postlamp.imap import access
from postlamp.imap.engine import NEED_DATA, Engine

if False:  # for type checkers: MicroPython has no typing
    from typing import Any

    Event = tuple[Any, ...]


def drain(engine: Engine) -> "list[Event]":
    """All events that need no more data."""
    events: list[Event] = []
    while True:
        event = engine.next_event()
        if event is NEED_DATA or event[0] == "eof":
            return events
        events.append(event)


def feed(engine: Engine, data: bytes, size: int = 0) -> "list[Event]":
    """Events of `data` given in pieces of `size` bytes (0: whole)."""
    events: list[Event] = []
    size = size or len(data) or 1
    for start in range(0, len(data), size):
        engine.feed(data[start : start + size])
        events.extend(drain(engine))
    return events


def logged_in(greeting: bytes = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n") -> Engine:
    """An engine after LOGIN, with nothing left to send."""
    engine = Engine()
    feed(engine, greeting)
    tag = access.login(engine, "alice", "secret")
    engine.to_send()
    feed(engine, tag.encode() + b" OK Logged in\r\n")
    return engine


def selected(greeting: bytes = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n") -> Engine:
    """An engine with INBOX open read-only."""
    engine = logged_in(greeting)
    tag = access.examine(engine, "INBOX")
    engine.to_send()
    feed(engine, b"* 3 EXISTS\r\n" + tag.encode() + b" OK [READ-ONLY] done\r\n")
    return engine
