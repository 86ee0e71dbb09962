"""The living part of the simulator's page: tells it what changed, and does what it asks."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tools.sim.mailserver import MailServer, MailServerError

if TYPE_CHECKING:
    from tools.sim.board import SimBoard
    from tools.sim.panel import Panel

_FRAME_S = 1 / 30
_LOG_LINES = 100
_REQUEST_BYTES = 8 * 1024
_NEVER_SENT = object()
_DIGITS = b"01".ljust(256, b"1")  # a pixel's byte, 0 or 1, to a binary digit

Facts = dict[str, Any]


class _Journal:
    """What the board's console said, and each turn its state took, in one list with the time."""

    def __init__(self, board: SimBoard) -> None:
        self.lines = deque(board.log, maxlen=_LOG_LINES)
        self._board = board
        self._last = ""

    def note(self, what: str) -> None:
        """Takes in a change that the board told of."""
        if what == "log" and self._board.log:
            self.lines.append(self._board.log[-1])
        elif what == "status" and (words := _in_words(self._board.status)) != self._last:
            self._last = words
            self.lines.append(time.strftime("%H:%M:%S  ") + words)


def _in_words(status: Facts) -> str:
    if not status:
        return ""  # it boots, and has not said anything yet
    unseen = status.get("unseen")
    words = [
        str(status.get("state")).replace("_", " "),
        "count unknown" if unseen is None else f"{unseen} unread",
        *(str(status[key]) for key in ("cause", "detail") if status.get(key)),
    ]
    return ", ".join(words)


class Live:
    """The WebSocket side of every open page."""

    def __init__(self, board: SimBoard, mail: MailServer | None) -> None:
        self._board = board
        self._mail = mail
        self._journal = _Journal(board)
        self._journal.note("status")
        self._pages: dict[web.WebSocketResponse, asyncio.Event] = {}
        self._readers: dict[str, Callable[[], Any]] = {
            "light": lambda: [list(pixel) for pixel in board.light],
            "panel": lambda: _picture(board.panel),
            "status": lambda: dict(board.status),
            "log": lambda: list(self._journal.lines),
            "end": lambda: board.exit_code,
            "wifi": lambda: board.is_wifi_up,
            "mail": lambda: mail and mail.is_listening,
        }
        self._facts: Facts = {}
        self._stale = set(self._readers)
        self._actions: dict[str, Callable[[Facts], Awaitable[str]]] = {
            "press": self._press,
            "wifi": self._set_wifi,
        }
        if mail is not None:
            self._actions |= {"send": self._send, "read": self._read, "server": self._set_server}
        board.on_change.append(self._wake)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one open page until it is closed."""
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=_REQUEST_BYTES)
        await socket.prepare(request)
        self._pages[socket] = asyncio.Event()
        self._pages[socket].set()
        telling = asyncio.create_task(self._tell(socket, self._pages[socket]))
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await socket.send_json(await self._answer(message.data))
        except ConnectionError:
            return socket  # the page went away while it was being answered
        finally:
            del self._pages[socket]
            telling.cancel()
        return socket

    async def close(self, _app: web.Application) -> None:
        """Hang up on every page."""
        self._board.on_change.remove(self._wake)
        await asyncio.gather(*(socket.close() for socket in list(self._pages)))

    def _wake(self, what: str) -> None:
        self._journal.note(what)
        self._stale |= {what, "log"}
        for changed in self._pages.values():
            changed.set()

    async def _tell(self, socket: web.WebSocketResponse, changed: asyncio.Event) -> None:
        told: Facts = {}
        while True:
            await changed.wait()
            changed.clear()
            facts = self._refreshed()
            news = {key: facts[key] for key in facts if told.get(key, _NEVER_SENT) != facts[key]}
            told = facts
            if "status" in news:
                news["proven_age_s"] = self._board.proven_age_s
            try:
                await socket.send_json(news)
            except ConnectionError:
                return  # the page was closed; its handler sees that too
            await asyncio.sleep(_FRAME_S)

    def _refreshed(self) -> Facts:
        """All that a page shows. Only what changed is read anew: a picture takes milliseconds."""
        while self._stale:
            what = self._stale.pop()
            if what in self._readers:
                self._facts[what] = self._readers[what]()
        return dict(self._facts)

    async def _answer(self, text: str) -> Facts:
        """Do what a page asked; what it shows of it, good or bad."""
        try:
            request = json.loads(text)
            said = await self._actions[request["do"]](request)
        except (KeyError, TypeError, RecursionError):
            return {"said": "the page asked for something unknown", "is": "problem"}
        except (MailServerError, OSError, ValueError) as error:
            return {"said": str(error), "is": "problem"}
        return {"said": said, "is": "done"}

    async def _press(self, _request: Facts) -> str:
        self._board.press()
        return "pressed"

    async def _set_wifi(self, request: Facts) -> str:
        self._board.wifi(bool(request["on"]))
        self._wake("wifi")
        return "Wi-Fi is back" if self._board.is_wifi_up else "Wi-Fi is gone"

    async def _send(self, request: Facts) -> str:
        assert self._mail is not None
        await self._mail.deliver(str(request["sender"]), str(request["subject"]))
        return "sent"

    async def _read(self, _request: Facts) -> str:
        assert self._mail is not None
        return f"{await self._mail.mark_all_read()} marked read"

    async def _set_server(self, request: Facts) -> str:
        assert self._mail is not None
        if request["on"]:
            await self._mail.start_listening()
        else:
            await self._mail.stop_listening()
        self._wake("mail")
        return "the server is back" if self._mail.is_listening else "the server is gone"


def _picture(panel: Panel) -> Facts:
    """The panel as the page takes it: a bit for each pixel, the highest of a byte leftmost."""
    digits = panel.pixels().translate(_DIGITS)
    bits = int(digits, 2).to_bytes(len(digits) // 8, "big")
    return {
        "width": panel.width,
        "height": panel.height,
        "level": panel.contrast / 255,
        "bits": base64.b64encode(bits).decode(),
    }
