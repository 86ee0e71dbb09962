"""A proxy on loopback between a client and a real server; it keeps every byte of both."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")
_LOOPBACK = "127.0.0.1"
_START_S = 10
_CHUNK_BYTES = 16384


class Exchange:
    """What went over one connection, in the clear."""

    def __init__(self) -> None:
        self.sent = bytearray()  # by the client
        self.received = bytearray()  # by the client


class Proxy:
    """Serves `port`, in a thread; with `front` (a server's context) over TLS.

    The real server is localhost at `to_port`; with `ca_pem` over TLS that is checked.
    """

    def __init__(
        self, to_port: int, ca_pem: bytes | None = None, front: ssl.SSLContext | None = None
    ) -> None:
        self.exchanges: list[Exchange] = []  # in the order they began
        self._to_port = to_port
        self._back = ssl.create_default_context(cadata=ca_pem.decode()) if ca_pem else None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        listen = asyncio.start_server(self._serve, _LOOPBACK, 0, ssl=front)
        self._server = self._run(listen)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Cut every connection and serve no more."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        exchange = Exchange()
        self.exchanges.append(exchange)
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._join(reader, writer, exchange)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, exchange: Exchange
    ) -> None:
        name = "localhost" if self._back else None
        # Hanging up says in the only way the client can hear that there is no server.
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection(
                "localhost", self._to_port, ssl=self._back, server_hostname=name
            )
            async with asyncio.TaskGroup() as both:
                both.create_task(_carry(reader, back, exchange.sent))
                both.create_task(_carry(there, writer, exchange.received))

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_S)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray
) -> None:
    """Carry one way until the end, and pass that on; a cut connection is an end, too."""
    try:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                kept += chunk
                writer.write(chunk)
                await writer.drain()
    finally:
        writer.close()
