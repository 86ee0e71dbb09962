"""FETCH: its items and the header of one message (RFC 9051 §6.4.5). Pure; loaded on use."""

from micropython import const

from postlamp.imap.values import Values

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.engine import Engine
    from postlamp.imap.flight import Flight
    from postlamp.imap.framer import Framer
    from postlamp.imap.response import Event


def headers(engine: "Engine", uid: int) -> str:
    """Ask for From, Subject and Date of one message, unseen by its flags (BODY.PEEK).

    Result: the raw header block (bytes, cut to the buffer), or None when there is none.
    """
    words = " (UID BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])"
    flight = engine.start("UID FETCH", " " + str(uid) + words)
    flight.reader = _read_header
    return flight.tag


def fetch(engine: "Engine", numbers: str, items: str, is_by_uid: bool = True) -> str:
    """Ask for `items`, such as "(FLAGS ENVELOPE)", of `numbers`, such as "3:7,9" or "*".

    Each message is told as ("fetch", sequence number, has flags?, items), see `items`.
    """
    name = "UID FETCH" if is_by_uid else "FETCH"
    flight = engine.start(name, " " + numbers + " " + items)
    flight.reader = _read_items
    return flight.tag


def items(framer: "Framer") -> "dict[str, Any]":
    """The items of a FETCH response (§7.5.2) by upper-case name, numbers as int.

    Of a section stays its first word, BODY[HEADER.FIELDS], for servers echo it in many ways.
    """
    at = framer.buffer.find(b"(", 0, framer.length)
    words = Values(framer, at).read()[0] if at >= 0 else ()
    found: "dict[str, Any]" = {}
    for at in range(0, len(words) - 1, 2):
        name, value = words[at], words[at + 1]
        if isinstance(name, str):
            name, bracket, section = name.upper().partition("[")
            if bracket:
                name += "[" + section.split("]")[0].split(" ")[0] + "]"
            is_number = isinstance(value, str) and value.encode().isdigit()
            found[name] = int(value) if is_number else value
    return found


def _read_header(flight: "Flight", event: "Event", framer: "Framer") -> "Event":
    if event[0] == "fetch":
        flight.found = items(framer).get("BODY[HEADER.FIELDS]") or flight.found
    return event


def _read_items(flight: "Flight", event: "Event", framer: "Framer") -> "Event":
    return event + (items(framer),) if event[0] == "fetch" else event
