"""Two of the clients, over blocking sockets: imaplib, and IMAPClient, which reads by it.

Lines that imaplib hands to its user are read as its documentation shows; no more is mended.
"""

import contextlib
import imaplib
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from host_tests.differential.clients import (
    HEADERS,
    HOST,
    TIMEOUT_S,
    Client,
    Facts,
    UnsupportedError,
    fetched,
    names_of,
    numbers_of,
)


class Imaplib(Client):
    """CPython's own; in 3.11 it has no IDLE."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._client = imaplib.IMAP4(HOST, port, TIMEOUT_S)

    def close(self) -> None:
        """Hang up; after LOGOUT it has."""
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def known(self) -> Facts:
        """What came with the OK to LOGIN is to be asked for by `response`."""
        told = self._client.response("CAPABILITY")[1][-1]
        if told is None and self._client.state == "AUTH":
            return self.capability()
        names = told.decode().split() if told else self._client.capabilities
        return {"is_ok": True, "capabilities": names_of(names)}

    def capability(self) -> Facts:
        """A line of names."""
        lines = self._lines("capability")
        if lines is None:
            return {"is_ok": False}
        return {"is_ok": True, "capabilities": names_of(lines[-1].decode().split())}

    def login(self, user: str, password: str) -> Facts:
        """Raises where the server refuses."""
        return {"is_ok": self._lines("login", user, password) is not None}

    def examine(self, mailbox: str, is_read_only: bool = True) -> Facts:
        """The rest is to be asked for by `response`."""
        lines = self._lines("select", mailbox, is_read_only)
        if lines is None:
            return {"is_ok": False}
        self.exists = int(lines[-1] or 0)
        self._client.response("EXISTS")
        is_told = self._client.response("READ-ONLY")[1] != [None]
        return {
            "is_ok": True,
            "exists": self.exists,
            "uidvalidity": int(self._client.response("UIDVALIDITY")[1][-1] or 0),
            "uidnext": int(self._client.response("UIDNEXT")[1][-1] or 0),
            "is_read_only": is_told,
        }

    def select(self, mailbox: str) -> Facts:
        """As examine."""
        return self.examine(mailbox, False)

    def search(self, criteria: str, uid_from: str = "0", is_extended: str = "False") -> Facts:
        """Lines of numbers."""
        if is_extended == "True":
            raise UnsupportedError
        words = f"UID {uid_from}:* {criteria}" if uid_from != "0" else criteria
        lines = self._lines("uid", "SEARCH", words)
        if lines is None:
            return {"is_ok": False}
        numbers = [int(word) for line in lines if line for word in line.split()]
        return {**self.found(numbers, int(uid_from)), "exists": self._changes()["exists"]}

    def headers(self, uid: str) -> Facts:
        """The second of a pair."""
        pieces = self._lines("uid", "FETCH", uid, f"(UID {HEADERS})")
        if pieces is None:
            return {"is_ok": False}
        found = [piece[1] for piece in pieces if isinstance(piece, tuple)]
        return {"is_ok": True, "header": found[-1] if found else None}

    def fetch(self, numbers: str, items: str, is_by_uid: str = "True") -> Facts:
        """Pieces of lines, and pairs of such a piece and a literal."""
        words = ("uid", "FETCH") if is_by_uid == "True" else ("fetch",)
        pieces = self._lines(*words, numbers, items)
        if pieces is None:
            return {"is_ok": False}
        return fetched(
            piece[0] if isinstance(piece, tuple) else piece for piece in pieces if piece
        )

    def status(self, mailbox: str, items: str) -> Facts:
        """A line."""
        lines = self._lines("status", mailbox, items)
        if lines is None:
            return {"is_ok": False}
        parts = [part for line in lines for part in (line if isinstance(line, tuple) else (line,))]
        return numbers_of(b"".join(part for part in parts if part))

    def noop(self) -> Facts:
        """What came is to be asked for by `response`."""
        is_ok = self._lines("noop") is not None
        return {"is_ok": is_ok, **self._changes()}

    def idle(self) -> Facts:
        """Not there."""
        raise UnsupportedError

    def logout(self) -> Facts:
        """BYE is enough."""
        return {"is_ok": self._client.logout()[0] in ("OK", "BYE")}

    def _lines(self, name: str, *words: Any) -> list[Any] | None:
        try:
            status, lines = getattr(self._client, name)(*words)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return None
        return list(lines) if status == "OK" else None

    def _changes(self) -> Facts:
        """One list for each kind: which came first is not to be known."""
        told = {kind: self._client.response(kind)[1] for kind in ("EXPUNGE", "EXISTS", "FETCH")}
        events = [
            (kind, int(line)) for kind in ("EXPUNGE", "EXISTS") for line in told[kind] if line
        ]
        flagged = fetched(line for line in told["FETCH"] if line)["flags"]
        return self.changed(events + [("FETCH", number) for number in flagged])


class Imapclient(Client):
    """IMAPClient, which reads by imaplib."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._client = imapclient.IMAPClient(HOST, port, ssl=False, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Hang up; after LOGOUT it has."""
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def known(self) -> Facts:
        """A tuple; asked for when it is not known yet."""
        names = [name.decode() for name in self._client.capabilities()]
        return {"is_ok": True, "capabilities": names_of(names)}

    def capability(self) -> Facts:
        """Not to be asked for twice."""
        raise UnsupportedError

    def login(self, user: str, password: str) -> Facts:
        """Raises where the server refuses."""
        return {"is_ok": self._is_ok("login", user, password)}

    def examine(self, mailbox: str, is_read_only: bool = True) -> Facts:
        """A dictionary."""
        if not self._is_ok("select_folder", mailbox, is_read_only):
            return {"is_ok": False}
        told = self._answer
        self.exists = told.get(b"EXISTS", 0)
        return {
            "is_ok": True,
            "exists": self.exists,
            "uidvalidity": told.get(b"UIDVALIDITY", 0),
            "uidnext": told.get(b"UIDNEXT", 0),
            "is_read_only": b"READ-ONLY" in told,
        }

    def select(self, mailbox: str) -> Facts:
        """As examine."""
        return self.examine(mailbox, False)

    def search(self, criteria: str, uid_from: str = "0", is_extended: str = "False") -> Facts:
        """A list."""
        if is_extended == "True":
            raise UnsupportedError
        words = f"UID {uid_from}:* {criteria}" if uid_from != "0" else criteria
        if not self._is_ok("search", words):
            return {"is_ok": False}
        return {**self.found(list(self._answer), int(uid_from)), "exists": self.exists}

    def headers(self, uid: str) -> Facts:
        """A dictionary of dictionaries."""
        if not self._is_ok("fetch", [int(uid)], [HEADERS]):
            return {"is_ok": False}
        items = self._answer.get(int(uid), {})
        found = [items[name] for name in items if name.startswith(b"BODY[HEADER.FIELDS")]
        return {"is_ok": True, "header": found[-1] if found else None}

    def fetch(self, numbers: str, items: str, is_by_uid: str = "True") -> Facts:
        """A dictionary of dictionaries, asked for by a list of numbers."""
        first, _, last = numbers.partition(":")
        if "*" in numbers or "," in numbers or is_by_uid != "True":
            raise UnsupportedError
        wanted = list(range(int(first), int(last or first) + 1))
        if not self._is_ok("fetch", wanted, items.strip("()").split()):
            return {"is_ok": False}
        flags, uids = {}, {}
        for uid, told in self._answer.items():
            uids[told[b"SEQ"]] = uid
            if b"FLAGS" in told:
                flags[told[b"SEQ"]] = sorted(flag.decode() for flag in told[b"FLAGS"])
        return {"is_ok": True, "flags": flags, "uids": uids}

    def status(self, mailbox: str, items: str) -> Facts:
        """A dictionary."""
        if not self._is_ok("folder_status", mailbox, items.strip("()").split()):
            return {"is_ok": False}
        return {"is_ok": True, "items": {name.decode(): n for name, n in self._answer.items()}}

    def noop(self) -> Facts:
        """A list of what came."""
        is_ok = self._is_ok("noop")
        return {"is_ok": is_ok, **self._changes(self._answer[1] if is_ok else [])}

    def idle(self) -> Facts:
        """Nothing but a "+" may come first."""
        if not self._client.has_capability("IDLE"):
            raise UnsupportedError
        return {"is_ok": self._is_ok("idle")}

    def done(self) -> Facts:
        """As noop."""
        return self._changes(self._client.idle_done()[1])

    def logout(self) -> Facts:
        """Raises where there is no BYE."""
        return {"is_ok": self._is_ok("logout")}

    def _is_ok(self, name: str, *arguments: Any) -> bool:
        try:
            self._answer = getattr(self._client, name)(*arguments)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return False
        return True

    def _changes(self, told: list[Any]) -> Facts:
        events = []
        for number, kind, *response in told:
            if kind in (b"EXISTS", b"EXPUNGE") or kind == b"FETCH" and b"FLAGS" in response[0]:
                events.append((kind.decode(), number))
        return self.changed(events)
