"""SEARCH beyond words of ASCII: ESEARCH, literals, message numbers. Pure; loaded on use.

RFC 4731 and RFC 9051 §6.4.4, §7.3.4.
"""

from micropython import const

from postlamp.imap.command import Writer
from postlamp.imap.numbers import Numbers
from postlamp.imap.values import Values

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.engine import Engine
    from postlamp.imap.flight import Flight
    from postlamp.imap.framer import Framer
    from postlamp.imap.response import Event

    Criteria = str | list[str]

_AFTER_NAME = const(10)  # "* ESEARCH "


def send(
    engine: "Engine",
    criteria: "Criteria",
    uid_from: int = 0,
    is_extended: bool = False,
    name: str = "UID SEARCH",
) -> str:
    """As Engine.search, of `criteria` or the pieces of criteria.check; "SEARCH" tells numbers.

    Extended asks the server to count; the result's count is None when its answer had none.
    """
    writer = Writer(engine, name, _read if is_extended else None)
    writer.flight.numbers = Numbers(max(0, uid_from - 1))
    if is_extended:
        writer.atom("RETURN (COUNT MAX)")
        writer.flight.found = (None, 0)
    pieces = [criteria] if isinstance(criteria, str) else criteria
    if len(pieces) > 1:
        writer.atom("CHARSET UTF-8")
    if uid_from:
        writer.atom("UID " + str(uid_from) + ":*")
    for index, piece in enumerate(pieces):
        if index % 2:
            writer.literal(piece.encode())
        else:
            writer.atom(piece)
    return writer.send()


def _read(flight: "Flight", event: "Event", framer: "Framer") -> "Event":
    """Takes `* ESEARCH (TAG "p3") UID COUNT 5 MAX 9`; a plain SEARCH line is as good."""
    numbers = flight.numbers
    if numbers is not None and event[0] == "search":
        flight.found = None
    elif numbers is not None and event[:2] == ("other", "ESEARCH"):
        words = Values(framer, _AFTER_NAME).read()
        count, highest = _after(words, "COUNT"), _after(words, "MAX") or 0
        if count and highest <= numbers.above:  # the last message, for n:* past the end
            count = 0 if highest else None
        flight.found = (count, highest)
        numbers.lines += 1
    return event


def _after(words: "list[Any]", name: str) -> "int | None":
    for at in range(len(words) - 1):
        key, value = words[at], words[at + 1]
        if isinstance(key, str) and key.upper() == name and isinstance(value, str):
            return int(value) if value.encode().isdigit() else None
    return None
