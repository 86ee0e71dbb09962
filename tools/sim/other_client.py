"""The mail program on the other desk: what somebody else does to a mailbox, through imaplib.

Blocking; every act has a connection of its own to a server of this computer.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

_COMMAND_S = 20


class OtherClient:
    """One account, over TLS that trusts `ca_pem`, or without TLS when there is none.

    All methods raise imaplib.IMAP4.error or OSError when the server refuses or is gone.
    """

    def __init__(self, port: int, user: str, password: str, ca_pem: bytes | None = None) -> None:
        self._port = port
        self._secret = f"\0{user}\0{password}".encode()
        self._tls = ssl.create_default_context(cadata=ca_pem.decode()) if ca_pem else None

    def append(self, *messages: bytes) -> None:
        """Put whole messages in, unread."""
        with self._inbox() as imap:
            for message in messages:
                _checked(imap.append("INBOX", "", "", message))

    def mark_seen(self, count: int | None = None) -> int:
        """Read the oldest `count` unread messages, or all; return how many it were."""
        with self._inbox() as imap:
            uids = _search(imap, "UNSEEN")[:count]
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS", r"(\Seen)"))
            return len(uids)

    def expunge(self, count: int | None = None) -> None:
        """Delete the oldest `count` messages for good, or all."""
        with self._inbox() as imap:
            uids = _search(imap, "ALL")[:count]
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS", r"(\Deleted)"))
                _checked(imap.expunge())

    def unseen(self) -> int:
        """Return how many messages are unread, by the server's own SEARCH."""
        with self._inbox() as imap:
            return len(_search(imap, "UNSEEN"))

    @contextlib.contextmanager
    def _inbox(self) -> Iterator[imaplib.IMAP4]:
        """Sign in and open INBOX; sign out when the block is left."""
        with self._connected() as imap:
            # imaplib writes a literal in pieces; Nagle's algorithm would add 40 ms to each.
            imap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # PLAIN, because imaplib's LOGIN can send ASCII only.
            imap.authenticate("PLAIN", lambda _challenge: self._secret)
            _checked(imap.select("INBOX"))
            yield imap

    def _connected(self) -> imaplib.IMAP4:
        if self._tls is None:
            return imaplib.IMAP4("127.0.0.1", self._port, timeout=_COMMAND_S)
        tls = self._tls
        return imaplib.IMAP4_SSL("localhost", self._port, ssl_context=tls, timeout=_COMMAND_S)


def _search(imap: imaplib.IMAP4, criteria: str) -> list[str]:
    lines = _checked(imap.uid("SEARCH", criteria))
    return [uid.decode() for line in lines if line for uid in line.split()]


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an imaplib answer; imaplib raises for BAD but returns NO."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(repr(data))
    return data
