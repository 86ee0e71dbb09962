"""Commands about whole mailboxes, as functions of an Engine; each returns its tag. Pure.

RFC 9051 §6.3, LSUB of RFC 3501, ACL of RFC 4314. Loaded on use. What the server tells comes as
events, one by one, and is kept nowhere:

("list", attributes, delimiter, name, …)      ("lsub", …) the same; the delimiter may be None
("mailbox_status", name, {item: number})      of STATUS
("myrights", name, rights, …)                 ("acl", name, identifier, rights, identifier, …)
("namespace", personal, of others, shared)    each None or a tuple of (prefix, delimiter, …)

Words are bytes in the server's own spelling (for people: utf7.decode(name)), b"" for what is
missing; those of NAMESPACE are as Values reads them. An answer that overflows the engine's buffer
stays ("other", its name): no name is told in part.
"""

from micropython import const

from postlamp.imap.command import Writer
from postlamp.imap.values import Values

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.engine import Engine
    from postlamp.imap.flight import Flight
    from postlamp.imap.framer import Framer
    from postlamp.imap.response import Event

    Mailbox = str | bytes


def send(engine: "Engine", name: str, *mailboxes: "Mailbox") -> str:
    """Send the command of this name (§6.3).

    CREATE, DELETE, SUBSCRIBE, UNSUBSCRIBE, MYRIGHTS and GETACL take one mailbox, RENAME two (from,
    to), NAMESPACE none; LIST and LSUB a reference, mostly "", and a pattern: `*` is anything, `%`
    anything on one level. str is a name as people write it, bytes as the server does.
    """
    writer = Writer(engine, name, _read)
    for mailbox in mailboxes:
        writer.mailbox(mailbox)
    return writer.send()


def status(engine: "Engine", mailbox: "Mailbox", items: str) -> str:
    """STATUS (§6.3.11) of a mailbox that is not open; items such as "(MESSAGES UNSEEN)"."""
    return Writer(engine, "STATUS", _read).mailbox(mailbox).atom(items).send()


def _read(flight: "Flight", event: "Event", framer: "Framer") -> "Event":
    kind = flight.name.replace("GET", "")  # GETACL is answered by ACL
    if event != ("other", kind) or framer.is_cut:
        return event
    values = Values(framer, 0).read()[2:]
    values += [b""] * (3 - len(values))
    words: "tuple[Any, ...]" = _raw(values)
    if kind == "STATUS":
        numbers = {}
        items = iter(_raw(values[1]))
        for item, value in zip(items, items):
            if value.isdigit():
                numbers[item] = int(value)
        return ("mailbox_status", words[0], numbers)
    if kind[0] == "L":
        words = (_raw(values[0]), values[1] and words[1]) + words[2:]
    if kind[0] == "N":
        words = tuple(values)
    return (kind.lower(),) + words


def _raw(values: "Any") -> "tuple[bytes, ...]":
    """Strings and atoms; b"" for what has no place here."""
    found = []
    if not isinstance(values, (list, tuple)):  # letters, one by one, would stay in memory as names
        values = ()
    for value in values:
        if value is None:
            value = "NIL"  # what pymap calls a mailbox of this name
        if isinstance(value, str):
            value = value.encode()
        found.append(value if isinstance(value, bytes) else b"")
    return tuple(found)
