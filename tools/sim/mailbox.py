"""The mailbox behind the simulator's mail server: pymap in a process, filled through imaplib."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

from tools.sim.ending import end_process
from tools.sim.other_client import OtherClient

_CHILD = Path(__file__).with_name("imap_child.py")
_LOOPBACK = "127.0.0.1"
_START_S = 20

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
        await end_process(process)

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
        await self._run(lambda other: other.append(message))

    async def mark_read(self, count: int | None) -> int:
        """Mark the `count` oldest unread messages read (None: all); returns how many it were."""
        return await self._run(lambda other: other.mark_seen(count))

    async def expunge_all(self) -> None:
        """Delete every message."""
        await self._run(lambda other: other.expunge())

    async def unseen(self) -> int:
        """How many messages are unread, by the server's own SEARCH."""
        return await self._run(lambda other: other.unseen())

    async def _run(self, act: Callable[[OtherClient], _Answer]) -> _Answer:
        """Do one thing to the mail, in a thread; MailServerError when anything is refused."""
        other = OtherClient(self._port, self._user, self._password)
        async with self._turn:
            try:
                return await asyncio.to_thread(act, other)
            except (imaplib.IMAP4.error, OSError) as error:
                raise MailServerError(str(error)) from error


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
