"""From delivery to light, over IDLE on Dovecot: what the gadget adds to the server's own delay.

Both clients are told of a delivery by the server; the time between the moment a bare listener
has the EXISTS line and the moment the light's bytes show mail is ours.
"""

from __future__ import annotations

import asyncio
import ssl
import statistics
import time
from collections.abc import Iterator

from host_tests.support.dovecot import Dovecot, missing
from tools.bench.figure import Figure
from tools.sim.board import SimBoard

_DELIVERIES = 60
_WAIT_S = 15
_TEAL_LEVEL = 5
_APART_S = 1.2  # mails that come together are answered together, within 1 s


def measure() -> Iterator[Figure]:
    """Median and 99th percentile of 60 deliveries, each into an empty mailbox."""
    reason = missing()
    if reason:
        print(f"delivery to light: not measured, {reason}")
        return
    times_ms = sorted(asyncio.run(_run()))
    note = f"{len(times_ms)} deliveries over IDLE, after the server's EXISTS"
    yield Figure("delivery to light, median", statistics.median(times_ms), "ms", 150, note)
    yield Figure("delivery to light, p99", times_ms[len(times_ms) * 99 // 100], "ms", 1000)


async def _run() -> list[float]:
    server = await asyncio.to_thread(Dovecot)
    try:
        account = {
            "name": "work",
            "host": "localhost",
            "port": server.tls_port,
            "user": server.user,
            "password": server.password,
            "trust": "ca",
        }
        board = SimBoard({"version": 1, "accounts": [account]}, ca_pem=server.ca_pem)
        async with board, _Listener(server) as listener:
            return [await _one(server, board, listener) for _ in range(_DELIVERIES)]
    finally:
        await asyncio.to_thread(server.stop)


async def _one(server: Dovecot, board: SimBoard, listener: _Listener) -> float:
    """Milliseconds from EXISTS to light of one delivery."""
    await board.wait_for(lambda b: b.status.get("unseen") == 0, _WAIT_S, "nothing waits")
    await asyncio.sleep(_APART_S)
    told = listener.next_exists()
    server.deliver()
    await board.wait_for(_shows_mail, _WAIT_S, "the light shows mail")
    lit_at = time.perf_counter()
    told_at = await asyncio.wait_for(told, _WAIT_S)
    await asyncio.to_thread(server.mark_seen)
    return max(0.0, (lit_at - told_at) * 1000)


def _shows_mail(board: SimBoard) -> bool:
    """The first frame of the swelling: blue, and brighter than the faint teal of nothing waits."""
    return any(blue > max(green, _TEAL_LEVEL) for _, green, blue in board.light)


class _Listener:
    """A connection in IDLE that notes when EXISTS lines come."""

    def __init__(self, server: Dovecot) -> None:
        self._server = server
        self._task: asyncio.Task[None] | None = None
        self._waiting: asyncio.Future[float] | None = None

    def next_exists(self) -> asyncio.Future[float]:
        """The time of the next EXISTS line."""
        self._waiting = asyncio.get_running_loop().create_future()
        return self._waiting

    async def __aenter__(self) -> _Listener:
        context = ssl.create_default_context(cadata=self._server.ca_pem.decode())
        reader, writer = await asyncio.open_connection(
            "localhost", self._server.tls_port, ssl=context
        )
        login = f"a LOGIN {self._server.user} {self._server.password}\r\n"
        for line, answer in ((login, b"a OK"), ("b EXAMINE INBOX\r\n", b"b OK")):
            writer.write(line.encode())
            while not (said := await reader.readline()).startswith(answer):
                if not said:
                    raise RuntimeError(f"the server hung up before {answer.decode()}")
        writer.write(b"c IDLE\r\n")
        self._task = asyncio.create_task(self._listen(reader, writer))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                waiting = self._waiting
                if line.rstrip().endswith(b"EXISTS") and waiting and not waiting.done():
                    waiting.set_result(time.perf_counter())
        finally:
            writer.close()
