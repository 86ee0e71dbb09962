"""Pictures of the simulator's page, taken by a Chromium that is already installed.

`python -m tools.sim.screenshot FILE` runs the gadget, sends it mail and takes the README's
picture. Drives the browser by its DevTools protocol: only so can it wait until there is
something to see.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import click

from tools.sim import web
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.ending import end_process
from tools.sim.mailserver import MailServer, MailServerError
from tools.sim.run import account_for

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars --remote-debugging-port=0"
)
_START_S = 30
_READY_S = 15
_POLL_S = 0.05
_SHOW_S = 10
_BRIGHT = 40  # of 255: the swelling is near its top
_MAILS = (
    ("Мария Иванова <maria@example.org>", "Новое письмо: Привет из Сараева"),
    ("Deniz Yıldız <deniz@example.org>", "Lunch on Thursday?"),
    ("Anna Kovač <anna@example.org>", "Can you bring the keys at seven?"),
)


class ScreenshotError(Exception):
    """No picture could be taken; the text says why."""


def chromium() -> str | None:
    """The path of an installed Chromium, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Page:
    """One open page: evaluate in it, look at it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One DevTools command and its result; its events are not listened to."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = await self._socket.receive_json(timeout=_READY_S)
            if answer.get("id") == number:
                if "error" in answer:
                    raise ScreenshotError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def wait_for(self, expression: str) -> None:
        """Wait until `expression` is true in the page; ScreenshotError when it never is."""
        try:
            async with asyncio.timeout(_READY_S):
                while not await self.evaluate(expression):
                    await asyncio.sleep(_POLL_S)
        except TimeoutError as error:
            raise ScreenshotError(f"the page never got there: {expression}") from error

    async def picture(self) -> bytes:
        """What the page looks like now, as PNG."""
        answer = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])


@contextlib.asynccontextmanager
async def open_page(
    url: str, *, scheme: str = "dark", size: tuple[int, int] = (1200, 800)
) -> AsyncIterator[Page]:
    """Open `url` in a browser of its own and wait until it shows the gadget."""
    async with _browser() as socket:
        page = Page(socket)
        await page.call(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=False,
        )
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        await page.call("Emulation.setEmulatedMedia", features=media)
        await page.call("Page.navigate", url=url)
        await page.wait_for("document.body?.dataset.ready === 'true'")
        yield page


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A headless browser with an empty profile, gone without a trace afterwards."""
    program = chromium()
    if program is None:
        raise ScreenshotError("no Chromium is installed (tried " + ", ".join(_NAMES) + ")")
    async with _profile() as profile:
        process = await asyncio.create_subprocess_exec(
            *(program, *_FLAGS.split(), f"--user-data-dir={profile}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _debugging_port(profile / "DevToolsActivePort")
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                tab = await _first_tab(session)
                async with session.ws_connect(tab, max_msg_size=0) as socket:
                    yield socket
        finally:
            await end_process(process)


@contextlib.asynccontextmanager
async def _profile() -> AsyncIterator[Path]:
    """An empty folder, removed at the end though the browser's children may still write to it."""
    folder = Path(tempfile.mkdtemp(prefix="postlamp-"))
    try:
        yield folder
    finally:
        async with asyncio.timeout(_START_S):
            while folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
                await asyncio.sleep(_POLL_S)


async def _debugging_port(file: Path) -> int:
    try:
        async with asyncio.timeout(_START_S):
            while not (file.exists() and file.read_text().count("\n")):
                await asyncio.sleep(_POLL_S)
    except TimeoutError as error:
        raise ScreenshotError("Chromium did not start") from error
    return int(file.read_text().split("\n")[0])


async def _first_tab(session: aiohttp.ClientSession) -> str:
    async with session.get("/json") as answer:
        tabs = await answer.json(content_type=None)
    return str(next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"))


async def _take(file: Path, scheme: str) -> None:
    """Run the gadget, let three mails come, and look when the light swells for the last one."""
    async with contextlib.AsyncExitStack() as stack:
        mail = MailServer()
        stack.push_async_callback(mail.close)
        await mail.start()
        board = await stack.enter_async_context(SimBoard(account_for(mail), ca_pem=mail.ca_pem))
        url, runner = await web.serve(board, mail)
        stack.push_async_callback(runner.cleanup)
        await board.wait_for(lambda board: board.status.get("unseen") == 0, _SHOW_S, "counting")
        page = await stack.enter_async_context(open_page(url, scheme=scheme))
        for count, (sender, subject) in enumerate(_MAILS, start=1):
            await mail.deliver(sender, subject)
            await page.wait_for(f"document.getElementById('unseen').textContent === '{count}'")
        await board.wait_for(_is_bright, _SHOW_S, "the light swells")
        file.write_bytes(await page.picture())


def _is_bright(board: SimBoard) -> bool:
    return any(max(colour) >= _BRIGHT for colour in board.light)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--light", "scheme", flag_value="light", help="The page as light desktops see it.")
@click.option("--dark", "scheme", flag_value="dark", default=True, help="As dark ones do.")
def main(file: Path, scheme: str) -> None:
    """Write a picture of the simulator's page, with mail just come, to FILE (PNG)."""
    try:
        asyncio.run(_take(file, scheme))
    except (ScreenshotError, SimBoardError, MailServerError, OSError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
