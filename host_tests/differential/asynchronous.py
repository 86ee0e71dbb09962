"""The client by asyncio, aioimaplib: it hands lines to its user, the last one the tagged one."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable
from typing import Any

from aioimaplib import aioimaplib

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

_EVENT = re.compile(rb"(\d+) (EXISTS|EXPUNGE|FETCH(?=.*FLAGS))")


class Aioimaplib(Client):
    """Runs a loop of its own; what is raised where nobody waits for it is raised here."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._broken: asyncio.Future[None] | None = None
        try:
            self._runner.run(self._open(port))
        except BaseException:
            self._runner.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._client.protocol.transport.close()
        self._runner.close()

    def known(self) -> Facts:
        """A set; asked for at once."""
        return {"is_ok": True, "capabilities": names_of(self._client.protocol.capabilities)}

    def capability(self) -> Facts:
        """Forgets the names told before."""
        try:
            self._run(self._client.protocol.capability())
        except aioimaplib.Error:
            return {"is_ok": False}
        return self.known()

    def login(self, user: str, password: str) -> Facts:
        """Tells the result."""
        return {"is_ok": self._lines(self._client.login(user, password)) is not None}

    def select(self, mailbox: str) -> Facts:
        """Lines; after its EXAMINE no SEARCH is allowed, so that both are asked for by SELECT."""
        lines = self._lines(self._client.select(mailbox))
        if lines is None:
            return {"is_ok": False}
        text = b"\r\n".join(lines)
        self.exists = aioimaplib.extract_exists(aioimaplib.Response("OK", lines)) or 0
        codes = dict(re.findall(rb"\[(UIDVALIDITY|UIDNEXT) (\d+)\]", text))
        return {
            "is_ok": True,
            "exists": self.exists,
            "uidvalidity": int(codes.get(b"UIDVALIDITY", 0)),
            "uidnext": int(codes.get(b"UIDNEXT", 0)),
            "is_read_only": b"[READ-ONLY]" in text,
        }

    examine = select

    def search(self, criteria: str, uid_from: str = "0", is_extended: str = "False") -> Facts:
        """Lines of numbers."""
        if is_extended == "True":
            raise UnsupportedError
        words = f"UID {uid_from}:* {criteria}" if uid_from != "0" else criteria
        lines = self._lines(self._client.uid_search(words, charset=None))
        if lines is None:
            return {"is_ok": False}
        numbers = [int(word) for line in lines[:-1] for word in line.split()]
        return {**self.found(numbers, int(uid_from)), "exists": self.exists}

    def headers(self, uid: str) -> Facts:
        """A literal is a bytearray."""
        lines = self._lines(self._client.uid("fetch", uid, f"(UID {HEADERS})"))
        if lines is None:
            return {"is_ok": False}
        found = [bytes(line) for line in lines if isinstance(line, bytearray)]
        return {"is_ok": True, "header": found[-1] if found else None}

    def fetch(self, numbers: str, items: str, is_by_uid: str = "True") -> Facts:
        """Lines and literals."""
        if is_by_uid == "True":
            lines = self._lines(self._client.uid("fetch", numbers, items))
        else:
            lines = self._lines(self._client.fetch(numbers, items))
        if lines is None:
            return {"is_ok": False}
        return fetched(line for line in lines[:-1] if not isinstance(line, bytearray))

    def status(self, mailbox: str, items: str) -> Facts:
        """A line."""
        lines = self._lines(self._client.status(mailbox, items))
        return {"is_ok": False} if lines is None else numbers_of(b" ".join(lines[:-1]))

    def noop(self) -> Facts:
        """Lines."""
        lines = self._lines(self._client.noop())
        return {"is_ok": lines is not None, **self._changes(lines or [])}

    def idle(self) -> Facts:
        """Begun with a "+"."""
        if not self._client.has_capability("IDLE"):
            raise UnsupportedError
        try:
            self._idle = self._run(self._client.idle_start())
        except aioimaplib.Abort:
            return {"is_ok": False}
        return {"is_ok": True}

    def done(self) -> Facts:
        """Lines in a queue."""
        self._client.idle_done()
        self._run(self._idle)
        lines = []
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                lines += self._client.protocol.idle_queue.get_nowait()
        return self._changes(lines)

    def logout(self) -> Facts:
        """Ends with the tag."""
        return {"is_ok": self._lines(self._client.logout()) is not None}

    async def _open(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._broken = loop.create_future()
        loop.set_exception_handler(self._fail)
        self._client = aioimaplib.IMAP4(HOST, port, None, TIMEOUT_S, self._lose)
        await self._first(self._client.wait_hello_from_server())

    def _lose(self, error: Exception | None) -> None:
        assert self._broken is not None
        if not self._broken.done():
            self._broken.set_exception(error or ConnectionError("the server hung up"))

    def _fail(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            self._lose(error)

    def _run(self, work: Awaitable[Any]) -> Any:
        return self._runner.run(self._first(work))

    async def _first(self, work: Awaitable[Any]) -> Any:
        """What comes first: the end of the work, or an error outside of it."""
        assert self._broken is not None
        task = asyncio.ensure_future(work)
        await asyncio.wait({task, self._broken}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
            self._broken.result()
        return task.result()

    def _lines(self, work: Awaitable[Any]) -> list[bytes] | None:
        response = self._run(work)
        return response.lines if response.result == "OK" else None

    def _changes(self, lines: list[bytes]) -> Facts:
        found = [_EVENT.match(line) for line in lines]
        return self.changed((match[2].decode(), int(match[1])) for match in found if match)
