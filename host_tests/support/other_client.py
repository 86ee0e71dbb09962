"""The mail program on the other desk: what somebody else does to the mailbox, through imaplib.

Every act has a connection of its own; CPython only.
"""

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

TIMEOUT_S = 20


def message(sender: str = "Ann <ann@example.org>", subject: str = "Hello") -> bytes:
    """Return a whole message; non-ASCII words are encoded as RFC 2047 wants."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = "me@example.org"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    mail.set_content("A body nobody reads.")
    return mail.as_bytes()


class OtherClient:
    """One account on a server of this computer, over TLS."""

    def __init__(self, port: int, user: str, password: str, ca_pem: bytes) -> None:
        self.port = port
        self.user = user
        self.password = password
        self._tls = ssl.create_default_context(cadata=ca_pem.decode())

    @contextlib.contextmanager
    def session(self, mailbox: str = "INBOX") -> Iterator[imaplib.IMAP4_SSL]:
        """Sign in and open the mailbox for writing; log out at the end."""
        imap = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=self._tls, timeout=TIMEOUT_S)
        # imaplib writes a literal in pieces; Nagle's algorithm would add 40 ms to each message.
        imap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with imap:
            credentials = f"\0{self.user}\0{self.password}".encode()
            imap.authenticate("PLAIN", lambda _: credentials)
            _checked(imap.select(mailbox))
            yield imap

    def append(self, *mails: bytes, flags: str = "") -> None:
        """Put messages in, unread unless the flags say otherwise."""
        with self.session() as imap:
            for mail in mails:
                _checked(imap.append("INBOX", flags, "", mail))

    def deliver(self, sender: str = "Ann <ann@example.org>", subject: str = "Hello") -> None:
        """Put one unread message in."""
        self.append(message(sender, subject))

    def unseen(self) -> int:
        """Return how many messages are unread, as the server counts them."""
        with self.session() as imap:
            return len(_search(imap))

    def mark_seen(self, count: int | None = None) -> None:
        """Read the oldest `count` unread messages, or all."""
        with self.session() as imap:
            uids = _search(imap)[:count]
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Seen)"))

    def expunge(self, count: int | None = None) -> None:
        """Delete the oldest `count` messages for good, or all."""
        with self.session() as imap:
            uids = _search(imap, "ALL")[:count]
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Deleted)"))
                _checked(imap.expunge())


def _search(imap: imaplib.IMAP4, criteria: str = "UNSEEN") -> list[str]:
    _, data = imap.uid("SEARCH", criteria)
    return [uid.decode() for uid in (data[0] or b"").split()]


def _checked(answer: tuple[str, object]) -> None:
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"the server said {status}: {data!r}")
