"""A visit to the simulator's page: it is served with a pretended gadget and mail server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tools.sim import web
from tools.sim.mailserver import MailServerError
from tools.sim.panel import Panel


class FakeBoard:
    """The part of SimBoard that the page uses, without a process behind it."""

    def __init__(self) -> None:
        self.panel = Panel(128, 64)
        self.panel.receive(bytes((0x00, 0x8D, 0x14, 0xAF, 0xA1, 0xC8)))
        self.light = [(0, 0, 0)] * 12
        self.status: dict[str, Any] = {"state": "nothing", "unseen": 0}
        self.proven_age_s = 12
        self.log = ["I (0.1) app: hello"]
        self.exit_code: int | None = None
        self.is_wifi_up = True
        self.presses = 0
        self.on_change: list[Callable[[str], None]] = []

    def press(self) -> None:
        """Count a press."""
        self.presses += 1

    def wifi(self, up: bool) -> None:
        """Keep whether Wi-Fi is up."""
        self.is_wifi_up = up

    def change(self, what: str) -> None:
        """Tell every listener."""
        for listener in self.on_change:
            listener(what)


class FakeMail:
    """The part of MailServer that the page uses, keeping what it was asked."""

    def __init__(self) -> None:
        self.is_listening = True
        self.delivered: list[tuple[str, str]] = []

    async def deliver(self, sender: str, subject: str) -> None:
        """Keep the mail; refuse as the real one does."""
        if sender == "broken":
            raise MailServerError("the server said no")
        if "@" not in sender:
            raise ValueError("the sender needs an address")
        self.delivered.append((sender, subject))

    async def mark_all_read(self) -> int:
        """Return how many were delivered."""
        return len(self.delivered)

    async def start_listening(self) -> None:
        """Keep that it listens."""
        self.is_listening = True

    async def stop_listening(self) -> None:
        """Keep that it is away."""
        self.is_listening = False


class Visit:
    """One open page, as its script sees the WebSocket."""

    def __init__(self, board: FakeBoard, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.board = board
        self.socket = socket

    async def news(self) -> dict[str, Any]:
        """Return the next message."""
        return dict(await self.socket.receive_json(timeout=3))

    async def ask(self, **request: Any) -> dict[str, Any]:
        """The answer to a request; news that came meanwhile is skipped."""
        await self.socket.send_json(request)
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """Return the next answer, skipping news."""
        while "said" not in (message := await self.news()):
            continue
        return message


def visit(act: Callable[[Visit], Awaitable[None]], mail: FakeMail | None = None) -> None:
    """Serve the page, open its WebSocket as our own page does, and run `act`."""

    async def run() -> None:
        board = FakeBoard()
        url, runner = await web.serve(board, mail)  # type: ignore[arg-type]
        origin = url.rstrip("/")
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(url + "live", origin=origin) as socket,
            ):
                await act(Visit(board, socket))
        finally:
            await runner.cleanup()
        assert board.on_change == []

    asyncio.run(run())
