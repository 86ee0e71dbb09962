"""The mailbox behind the simulator's mail server: pymap in a process, filled through imaplib."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import imaplib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, TypeVar

_CHILD = Path(__file__).with_name("imap_child.py")
_LOOPBACK = "127.0.0.1"
_START_S = 20
_STOP_S = 3
_COMMAND_S = 10

_Answer = TypeVar("_Answer")


class MailServerError(Exception):
    """The server did not start, or did not do what it was asked; the text says why."""


class Mailbox:
    """The INBOX of one account, in memory, reached without TLS on a loopback port."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        # One command at a time: each has a connection of its own, in a thread.
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Start pymap and wait for its port; raises MailServerError with what it said."""
        with tempfile.TemporaryFile() as words:
            # -P: the modules beside the child must not hide those it imports by name.
            # A session of its own: Ctrl-C is for us, and we end it in order.
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(_CHILD)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=words,
                start_new_session=True,
            )
            account = {"user": self._user, "password": self._password}
            line = await _first_line(self._process, json.dumps(account).encode() + b"\n")
            if not line.strip().isdigit():
                words.seek(0)
                said = words.read().decode(errors="replace").strip().rpartition("\n")[2]
                raise MailServerError("the mail server did not start: " + (said or "no answer"))
            self._port = int(line)

    async def stop(self) -> None:
        """End the process and forget the mail. Harmless when called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    @contextlib.asynccontextmanager
    async def connection(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A raw connection for the front to carry bytes to; cut when the block is left."""
        reader, writer = await asyncio.open_connection(_LOOPBACK, self._port)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def append(self, message: bytes) -> None:
        """Put one unread message in."""
        await self._run(lambda imap: _checked(imap.append("INBOX", "", "", message)))

    async def mark_read(self, count: int | None) -> int:
        """Mark the `count` oldest unread messages read (None: all); returns how many it were."""

        def act(imap: imaplib.IMAP4) -> int:
            uids = _unseen(imap)[:count]
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS", r"(\Seen)"))
            return len(uids)

        return await self._run(act)

    async def expunge_all(self) -> None:
        """Delete every message."""

        def act(imap: imaplib.IMAP4) -> None:
            uids = _search(imap, "ALL")
            if uids:
                _checked(imap.uid("STORE", ",".join(uids), "+FLAGS", r"(\Deleted)"))
                _checked(imap.expunge())

        await self._run(act)

    async def unseen(self) -> int:
        """How many messages are unread, by the server's own SEARCH."""
        return await self._run(lambda imap: len(_unseen(imap)))

    async def _run(self, act: Callable[[imaplib.IMAP4], _Answer]) -> _Answer:
        """Sign in, select INBOX, `act`, sign out; MailServerError when anything is refused."""
        async with self._turn:
            try:
                return await asyncio.to_thread(self._signed_in, act)
            except (imaplib.IMAP4.error, OSError) as error:
                raise MailServerError(str(error)) from error

    def _signed_in(self, act: Callable[[imaplib.IMAP4], _Answer]) -> _Answer:
        # PLAIN, because imaplib's LOGIN can send ASCII only.
        secret = f"\0{self._user}\0{self._password}".encode()
        with imaplib.IMAP4(_LOOPBACK, self._port, timeout=_COMMAND_S) as imap:
            imap.authenticate("PLAIN", lambda _challenge: secret)
            _checked(imap.select("INBOX"))
            return act(imap)


def compose(sender: str, recipient: str, subject: str, body: str) -> bytes:
    """One message as it goes over the wire, its headers in RFC 2047 words where they need it.

    `sender` is an address, or a name and an address in angle brackets.
    Raises ValueError, in words for the person who typed it.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = recipient
    message["Subject"] = _one_line("subject", subject)
    message["Date"] = email.utils.format_datetime(email.utils.localtime())
    message["Message-ID"] = email.utils.make_msgid(domain="postlamp.example")
    message.set_content(body)
    return message.as_bytes()


def _address(sender: str) -> Address:
    name, spec = email.utils.parseaddr(_one_line("sender", sender))
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (ValueError, IndexError):
        address = Address()
    if not (address.username and address.domain and spec.isascii()):
        raise ValueError("the sender needs an address, such as Anna Kovač <anna@example.org>")
    return address


def _one_line(what: str, text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"the {what} must be one line of printable text")
    return text


async def _first_line(process: asyncio.subprocess.Process, account: bytes) -> bytes:
    """Hand the account over and read the port, or nothing when the child said none in time."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(account)
    try:
        async with asyncio.timeout(_START_S):
            await process.stdin.drain()
            return await process.stdout.readline()
    except (TimeoutError, ConnectionError):
        return b""


def _unseen(imap: imaplib.IMAP4) -> list[str]:
    return _search(imap, "UNSEEN")


def _search(imap: imaplib.IMAP4, criteria: str) -> list[str]:
    lines = _checked(imap.uid("SEARCH", criteria))
    return [uid.decode() for line in lines if line for uid in line.split()]


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an imaplib answer; imaplib raises for BAD but returns NO."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(repr(data))
    return data
