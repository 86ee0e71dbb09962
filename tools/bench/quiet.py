"""What an hour without mail costs on the wire, TLS and all, read by a proxy before Dovecot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from host_tests.support.dovecot import Dovecot, missing
from host_tests.support.proxy import Proxy
from tools.bench.figure import Figure
from tools.sim.board import SimBoard

_BUDGET_KB = 60
_HOUR_MS = 3_600_000
_STEP_MS = 20_000
_SETTLED_S = 0.1  # for what is due at that time to happen
_LATEST_MS = 100_000  # a cycle a minute, and some steps
_WAIT_S = 15
_UNREAD = 3  # while something waits, each minute has a SEARCH


def measure() -> Iterator[Figure]:
    """An hour in which nothing waits, and one in which three mails stay unread, in kB."""
    reason = missing()
    if reason:
        print(f"a quiet hour: not measured, {reason}")
        return
    server = Dovecot()
    try:
        for unread, name in ((0, "nothing waits"), (_UNREAD, f"{_UNREAD} stay unread")):
            for _ in range(unread):
                server.deliver()
            spent, connections = asyncio.run(_hour(server, unread))
            note = f"default settings, over {connections} connection, both ways"
            yield Figure(f"TLS bytes of an hour, {name}", spent / 1000, "kB", _BUDGET_KB, note)
    finally:
        server.stop()


async def _hour(server: Dovecot, unread: int) -> tuple[int, int]:
    """Bytes of an hour by the board's clock from the first count on, and all its connections."""
    proxy = await asyncio.to_thread(Proxy, server.tls_port)
    try:
        account = {
            "name": "work",
            "host": "localhost",
            "port": proxy.port,
            "user": server.user,
            "password": server.password,
            "trust": "ca",
        }
        configuration = {"version": 1, "accounts": [account]}
        async with SimBoard(configuration, ca_pem=server.ca_pem) as board:
            await board.wait_for(
                lambda b: b.status.get("unseen") == unread, _WAIT_S, f"{unread} unread"
            )
            before, end_ms = _carried(proxy), board.t_ms + _HOUR_MS
            while board.t_ms < end_ms:
                await _cycle(board, proxy)
            if board.status.get("unseen") != unread:
                raise RuntimeError(f"{unread} unread were not known any more: {board.status}")
            return _carried(proxy) - before, len(proxy.exchanges)
    finally:
        await asyncio.to_thread(proxy.stop)


async def _cycle(board: SimBoard, proxy: Proxy) -> None:
    """Jump on until the gadget asks the server, and then until all is said."""
    carried, began_ms = _carried(proxy), board.t_ms
    while _carried(proxy) == carried:
        if board.t_ms - began_ms > _LATEST_MS:
            raise RuntimeError(f"nothing was asked for {_LATEST_MS} ms: {board.status}")
        board.jump(_STEP_MS)
        await asyncio.sleep(_SETTLED_S)
    while carried != (carried := _carried(proxy)):
        await asyncio.sleep(_SETTLED_S)


def _carried(proxy: Proxy) -> int:
    return sum(len(one.sent) + len(one.received) for one in proxy.exchanges)
