"""The common face of the four clients, and our engine behind it.

Each tells, for every flow of a conversation, the facts that its user learns, in the same words.
"""

import re
from collections.abc import Iterable
from typing import Any

from host_tests.support.imap_client import IMAPClient as Driver
from postlamp.imap import access, fetch, mailboxes
from postlamp.imap.engine import Engine

Facts = dict[str, Any]
HEADERS = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"
TIMEOUT_S = 10
HOST = "127.0.0.1"
_RESPONSE = re.compile(rb"(\d+) (?:FETCH )?\(")
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
_UID = re.compile(rb"UID (\d+)")
_NUMBERS = re.compile(rb"([A-Z]+) (\d+)")


class UnsupportedError(Exception):
    """The library has nothing for this flow."""


class Client:
    """Counts messages as RFC 3501 §7.3.1 and §7.4.1 say, from what the library told."""

    def __init__(self) -> None:
        self.exists = 0

    def changed(self, events: Iterable[tuple[str, int]]) -> Facts:
        """Facts of ("EXISTS", n), ("EXPUNGE", n) and, where flags came, ("FETCH", n)."""
        told = list(events)
        for kind, number in told:
            if kind == "EXISTS":
                self.exists = number
            elif kind == "EXPUNGE":
                self.exists = max(0, self.exists - 1)
        expunged = [number for kind, number in told if kind == "EXPUNGE"]
        flagged = sorted({number for kind, number in told if kind == "FETCH"})
        return {"exists": self.exists, "expunged": expunged, "flagged": flagged}

    def found(self, numbers: list[int], uid_from: int) -> Facts:
        """Facts of a list of UIDs; those before the first asked for are not (§6.4.8)."""
        wanted = [number for number in numbers if number >= uid_from]
        return {"is_ok": True, "count": len(wanted), "highest": max(wanted, default=0)}


def names_of(capabilities: Iterable[str]) -> list[str]:
    """Capability names, to compare."""
    return sorted({name.upper() for name in capabilities})


def text(word: str | bytes) -> str:
    """A word that the server wrote as an atom or as a string."""
    return word.decode() if isinstance(word, bytes) else word


def fetched(pieces: Iterable[bytes]) -> Facts:
    """Flags and UIDs of unparsed FETCH responses, by message number; pieces may continue one."""
    responses: list[bytes] = []
    for piece in pieces:
        if _RESPONSE.match(piece) or not responses:
            responses.append(piece)
        else:
            responses[-1] += piece
    flags, uids = {}, {}
    for response in responses:
        number = int(response.split(b" ")[0])
        if found := _FLAGS.search(response):
            flags[number] = sorted(found[1].decode().split())
        if found := _UID.search(response):
            uids[number] = int(found[1])
    return {"is_ok": True, "flags": flags, "uids": uids}


def numbers_of(response: bytes) -> Facts:
    """The items of an unparsed STATUS response."""
    items = _NUMBERS.findall(response[response.rfind(b"(") :].upper())
    return {"is_ok": True, "items": {name.decode(): int(number) for name, number in items}}


class Ours(Client):
    """The engine, and the shortest driver of it."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._client = Driver(HOST, port)
        # What the lamp cuts to a kilobyte is kept whole here, as the others keep it.
        self._engine = self._client.engine = Engine(bytearray(65536))
        self._is_told = False
        self._client.wait("greeting")

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def known(self) -> Facts:
        """Where the server did not tell its capabilities anew, they are asked for."""
        if not self._is_told:
            return self.capability()
        return {"is_ok": True, "capabilities": names_of(self._engine.capabilities)}

    def capability(self) -> Facts:
        """As the engine holds them."""
        is_ok = self._finish(access.capability(self._engine))
        return {"is_ok": is_ok, "capabilities": names_of(self._engine.capabilities)}

    def login(self, user: str, password: str) -> Facts:
        """Refused or not."""
        before = self._engine.capabilities
        is_ok = self._finish(access.login(self._engine, user, password))
        self._is_told = self._engine.capabilities is not before
        return {"is_ok": is_ok}

    def examine(self, mailbox: str, name: str = "EXAMINE") -> Facts:
        """The engine's attributes."""
        if not self._finish(access.select(self._engine, mailbox, name)):
            return {"is_ok": False}
        facts = ("exists", "uidvalidity", "uidnext", "is_read_only")
        return {"is_ok": True, **{fact: getattr(self._engine, fact) for fact in facts}}

    def select(self, mailbox: str) -> Facts:
        """As examine."""
        return self.examine(mailbox, "SELECT")

    def search(self, criteria: str, uid_from: str = "0", is_extended: str = "False") -> Facts:
        """The result of the command."""
        tag = self._engine.search(criteria, int(uid_from), is_extended == "True")
        if not self._finish(tag):
            return {"is_ok": False}
        count, highest, _ = self._last[6]
        exists = self._engine.exists
        return {"is_ok": True, "count": count, "highest": highest, "exists": exists}

    def headers(self, uid: str) -> Facts:
        """The result of the command."""
        is_ok = self._finish(fetch.headers(self._engine, int(uid)))
        return {"is_ok": True, "header": self._last[6]} if is_ok else {"is_ok": False}

    def fetch(self, numbers: str, items: str, is_by_uid: str = "True") -> Facts:
        """One event a message."""
        if not self._finish(fetch.fetch(self._engine, numbers, items, is_by_uid == "True")):
            return {"is_ok": False}
        messages = [event for event in self._told if event[0] == "fetch"]
        flags = {
            event[1]: sorted(text(flag) for flag in event[3]["FLAGS"])
            for event in messages
            if "FLAGS" in event[3]
        }
        uids = {event[1]: event[3]["UID"] for event in messages if "UID" in event[3]}
        return {"is_ok": True, "flags": flags, "uids": uids}

    def status(self, mailbox: str, items: str) -> Facts:
        """An event of its own."""
        if not self._finish(mailboxes.status(self._engine, mailbox, items)):
            return {"is_ok": False}
        told = [event[2] for event in self._told if event[0] == "mailbox_status"]
        numbers = told[-1] if told else {}
        return {"is_ok": True, "items": {text(name): numbers[name] for name in numbers}}

    def noop(self) -> Facts:
        """Events, and how many messages the engine says there are."""
        is_ok = self._finish(self._engine.noop())
        return {"is_ok": is_ok, **self._changes()}

    def idle(self) -> Facts:
        """Begun with an event, or refused."""
        self._told_from = len(self._client.events)
        self._idle_tag = self._engine.idle()
        return {"is_ok": self._client.wait("idling", "completed")[0] == "idling"}

    def done(self) -> Facts:
        """As noop."""
        self._engine.done()
        self._client.finish(self._idle_tag)
        self._told = self._client.events[self._told_from :]
        return self._changes()

    def logout(self) -> Facts:
        """Ends with the tag."""
        return {"is_ok": self._finish(access.logout(self._engine))}

    def _finish(self, tag: str) -> bool:
        self._told = self._client.told(tag)
        self._last = self._told[-1]
        return bool(self._last[3] == "OK")

    def _changes(self) -> Facts:
        kinds = ("exists", "expunge", "fetch")
        told = [event for event in self._told if event[0] in kinds]
        events = [(event[0].upper(), event[1]) for event in told if event[-1] is not False]
        return {**self.changed(events), "exists": self._engine.exists}
