"""The simulator's web page: shows the gadget live and hands on what the visitor does.

Listens on this computer only. Another site's page cannot use it: Host and Origin are checked.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tools.sim.mailserver import MailServer, MailServerError

if TYPE_CHECKING:
    from tools.sim.board import SimBoard
    from tools.sim.panel import Panel

_HOST = "127.0.0.1"
_PAGE = Path(__file__).with_name("page")
FILES = {
    "index.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "lamp.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_FRAME_S = 1 / 30
_LOG_LINES = 100
_REQUEST_BYTES = 8 * 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NEVER_SENT = object()
_DIGITS = b"01".ljust(256, b"1")  # a pixel's byte, 0 or 1, to a binary digit

Facts = dict[str, Any]


async def serve(
    board: SimBoard, mail: MailServer | None, port: int = 0
) -> tuple[str, web.AppRunner]:
    """Serve the page; returns its address and what ends it (`await runner.cleanup()`).

    Without `mail` the parts of the page that fill a mailbox are hidden. OSError when the port
    is taken; 0 takes any free one.
    """
    live = _Live(board, mail)
    app = web.Application(middlewares=[_only_for_its_own_page])
    app.add_routes([web.get("/live", live.handle), web.get("/", _file), web.get("/{name}", _file)])
    app.on_shutdown.append(live.close)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, _HOST, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return f"http://{_HOST}:{runner.addresses[0][1]}/", runner


@web.middleware
async def _only_for_its_own_page(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what did not come from our own page.

    Host: a name that an attacker's DNS points at 127.0.0.1 (rebinding) is none of ours.
    Origin: any page may open a WebSocket to 127.0.0.1; browsers say which page it was.
    """
    port = request.transport and request.transport.get_extra_info("sockname")[1]
    ours = (f"{_HOST}:{port}", f"localhost:{port}")
    origin = request.headers.get("Origin")
    wants_origin = origin is not None or request.path == "/live"
    if request.host not in ours or (wants_origin and origin != f"http://{request.host}"):
        raise web.HTTPForbidden(text="This page is for the computer it runs on.")
    return await handler(request)


async def _file(request: web.Request) -> web.Response:
    name = request.match_info.get("name", "index.html")
    if name not in FILES:
        raise web.HTTPNotFound
    # ws: is named because older Safari does not count it as 'self'.
    policy = (
        f"default-src 'self'; connect-src 'self' ws://{request.host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return web.Response(
        body=(_PAGE / name).read_bytes(),
        content_type=FILES[name],
        charset="utf-8",
        headers={**_HEADERS, "Content-Security-Policy": policy},
    )


class _Live:
    """The WebSocket side: tells every open page what changed, and does what it asks."""

    def __init__(self, board: SimBoard, mail: MailServer | None) -> None:
        self._board = board
        self._mail = mail
        self._pages: dict[web.WebSocketResponse, asyncio.Event] = {}
        self._readers: dict[str, Callable[[], Any]] = {
            "light": lambda: [list(pixel) for pixel in board.light],
            "panel": lambda: _picture(board.panel),
            "status": lambda: dict(board.status),
            "log": lambda: board.log[-_LOG_LINES:],
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
        self._stale.add(what)
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
