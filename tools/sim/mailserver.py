"""The simulator's mail server: one mailbox behind a TLS front that can be taken away.

Loopback only. The front is ours so that a test can cut connections while the mail stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets

from tools.sim import certs
from tools.sim.mailbox import Mailbox, MailServerError
from tools.sim.message import compose
from tools.sim.ports import LOOPBACK, HeldPort

__all__ = ["MailServer", "MailServerError"]

_CHUNK_BYTES = 16 * 1024


class MailServer:
    """One account with one INBOX over implicit TLS on a free port of this computer.

    `user` and `password` are made up unless given; `leaf` is what the TLS front shows.
    """

    host = "localhost"

    def __init__(
        self,
        *,
        user: str = "anna",
        password: str | None = None,
        authority: certs.Authority | None = None,
        leaf: certs.Leaf | None = None,
    ) -> None:
        authority = authority or certs.Authority()
        self.user = user
        self.password = password or secrets.token_urlsafe(12)
        self.ca_pem = authority.pem
        self._port = HeldPort()
        self.port = self._port.number
        self._tls = certs.server_context(leaf or authority.issue(self.host))
        self._mailbox = Mailbox(self.user, self.password)
        self._front: asyncio.Server | None = None
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def is_listening(self) -> bool:
        """Whether the gadget can reach the server now."""
        return self._front is not None

    async def start(self) -> None:
        """Start the server and listen; raises MailServerError with the reason."""
        try:
            await self._mailbox.start()
            await self.start_listening()
        except BaseException:
            # Cancelled by Ctrl-C in mid-start must leave no process either.
            await self.close()
            raise

    async def close(self) -> None:
        """End everything; leaves no process and no file. Harmless when called twice."""
        await self.stop_listening()
        await self._mailbox.stop()
        self._port.release()

    async def start_listening(self) -> None:
        """Listen, on the same port as before."""
        if self._front is None:
            self._front = await asyncio.start_server(
                self._carry, LOOPBACK, self.port, ssl=self._tls
            )

    async def stop_listening(self) -> None:
        """Go away as a crashed server does: the port refuses, connections are cut, mail stays."""
        if self._front is not None:
            self._front.close()
            self._front = None
        for writer in self._clients.values():
            writer.transport.abort()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def deliver(self, sender: str, subject: str, body: str = "") -> None:
        """Put one unread message in; ValueError, in words, when it cannot be a mail."""
        await self._mailbox.append(compose(sender, "anna@example.org", subject, body))

    async def mark_read(self, count: int) -> int:
        """Mark the `count` oldest unread messages read; returns how many there were to mark."""
        return await self._mailbox.mark_read(count)

    async def mark_all_read(self) -> int:
        """Mark everything read; returns how many were unread."""
        return await self._mailbox.mark_read(None)

    async def expunge_all(self) -> None:
        """Delete every message."""
        await self._mailbox.expunge_all()

    async def unseen(self) -> int:
        """How many messages are unread, by the server's own SEARCH."""
        return await self._mailbox.unseen()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one client's bytes to the mailbox and back until either side ends."""
        task = asyncio.current_task()
        assert task is not None
        self._clients[task] = writer
        try:
            # A handshake may end after the server went away; then nobody is served.
            if self.is_listening:
                await self._carry_both_ways(reader, writer)
        finally:
            del self._clients[task]
            writer.close()

    async def _carry_both_ways(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # When the mailbox is gone, hanging up says so in the only way the client can hear.
        with contextlib.suppress(OSError):
            async with self._mailbox.connection() as (inner_reader, inner_writer):
                await _until_either_ends(
                    asyncio.create_task(_pump(reader, inner_writer)),
                    asyncio.create_task(_pump(inner_reader, writer)),
                )


async def _until_either_ends(*pumps: asyncio.Task[None]) -> None:
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until the reader ends; a broken peer is an end like any other."""
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
