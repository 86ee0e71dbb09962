"""The simulator's web page: shows the gadget live and hands on what the visitor does.

Listens on this computer only. Another site's page cannot use it: Host and Origin are checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from tools.sim.live import Live
from tools.sim.mailserver import MailServer

if TYPE_CHECKING:
    from tools.sim.board import SimBoard

_HOST = "127.0.0.1"
_PAGE = Path(__file__).with_name("page")
FILES = {
    "index.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "lamp.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def serve(
    board: SimBoard, mail: MailServer | None, port: int = 0
) -> tuple[str, web.AppRunner]:
    """Serve the page; returns its address and what ends it (`await runner.cleanup()`).

    Without `mail` the parts of the page that fill a mailbox are hidden. OSError when the port
    is taken; 0 takes any free one.
    """
    live = Live(board, mail)
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


def own_hosts(port: int | None) -> set[str]:
    """What a browser that was given our address says as Host: without the port when it is 80."""
    names = (_HOST, "localhost")
    return {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())


@web.middleware
async def _only_for_its_own_page(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what did not come from our own page.

    Host: a name that an attacker's DNS points at 127.0.0.1 (rebinding) is none of ours.
    Origin: any page may open a WebSocket to 127.0.0.1; browsers say which page it was.
    """
    port = request.transport.get_extra_info("sockname")[1] if request.transport else None
    origin = request.headers.get("Origin")
    wants_origin = origin is not None or request.path == "/live"
    is_ours = request.host in own_hosts(port)
    if not is_ours or (wants_origin and origin != f"http://{request.host}"):
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
