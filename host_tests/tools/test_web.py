"""The simulator's page: what it tells, what it does, and whom it refuses."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from tools.sim import web
from tools.sim.mailserver import MailServerError
from tools.sim.panel import Panel


class _Board:
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
        self.presses += 1

    def wifi(self, up: bool) -> None:
        self.is_wifi_up = up

    def change(self, what: str) -> None:
        for listener in self.on_change:
            listener(what)


class _Mail:
    """The part of MailServer that the page uses, keeping what it was asked."""

    def __init__(self) -> None:
        self.is_listening = True
        self.delivered: list[tuple[str, str]] = []

    async def deliver(self, sender: str, subject: str) -> None:
        if sender == "broken":
            raise MailServerError("the server said no")
        if "@" not in sender:
            raise ValueError("the sender needs an address")
        self.delivered.append((sender, subject))

    async def mark_all_read(self) -> int:
        return len(self.delivered)

    async def start_listening(self) -> None:
        self.is_listening = True

    async def stop_listening(self) -> None:
        self.is_listening = False


class _Visit:
    """One open page, as its script sees the WebSocket."""

    def __init__(self, board: _Board, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.board = board
        self.socket = socket

    async def news(self) -> dict[str, Any]:
        return dict(await self.socket.receive_json(timeout=3))

    async def ask(self, **request: Any) -> dict[str, Any]:
        """The answer to a request; news that came meanwhile is skipped."""
        await self.socket.send_json(request)
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        while "said" not in (message := await self.news()):
            continue
        return message


def _visit(act: Callable[[_Visit], Awaitable[None]], mail: _Mail | None = None) -> None:
    """Serve the page, open its WebSocket as our own page does, and run `act`."""

    async def run() -> None:
        board = _Board()
        url, runner = await web.serve(board, mail)  # type: ignore[arg-type]
        origin = url.rstrip("/")
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(url + "live", origin=origin) as socket,
            ):
                await act(_Visit(board, socket))
        finally:
            await runner.cleanup()
        assert board.on_change == []

    asyncio.run(run())


def _get(path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, str]:
    """Status, headers and text of one request to a page served for it."""

    async def run() -> tuple[int, Any, str]:
        url, runner = await web.serve(_Board(), None)  # type: ignore[arg-type]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(url + path, headers=headers) as answer,
            ):
                return answer.status, answer.headers, await answer.text()
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def test_a_new_page_is_told_everything() -> None:
    async def act(visit: _Visit) -> None:
        news = await visit.news()
        assert news["light"] == [[0, 0, 0]] * 12
        assert news["status"] == {"state": "nothing", "unseen": 0}
        assert news["proven_age_s"] == 12
        assert news["log"] == ["I (0.1) app: hello"]
        assert (news["mail"], news["wifi"], news["end"]) == (None, True, None)

    _visit(act)


def test_only_what_changed_is_told() -> None:
    async def act(visit: _Visit) -> None:
        await visit.news()
        visit.board.light = [(0, 0, 255)] * 12
        visit.board.change("light")
        assert await visit.news() == {"light": [[0, 0, 255]] * 12}

    _visit(act)


def test_pixels_arrive_where_the_panel_shows_them() -> None:
    async def act(visit: _Visit) -> None:
        await visit.news()
        visit.board.panel.receive(bytes((0x40, 0b00000101)))  # column 0, rows 0 and 2
        visit.board.change("panel")
        picture = (await visit.news())["panel"]
        bits = base64.b64decode(picture["bits"])
        lit = [at for at in range(128 * 64) if bits[at >> 3] & (0x80 >> (at & 7))]
        assert lit == [0, 2 * 128]
        assert (picture["width"], picture["height"]) == (128, 64)

    _visit(act)


def test_a_flickering_light_is_told_at_most_30_times_a_second() -> None:
    async def act(visit: _Visit) -> None:
        await visit.news()
        started = time.monotonic()
        for level in range(200):
            visit.board.light = [(level, 0, 0)] * 12
            visit.board.change("light")
            await asyncio.sleep(0.001)
        told = 1
        while (await visit.news())["light"][0][0] != 199:
            told += 1
        assert told <= (time.monotonic() - started) * 30 + 2

    _visit(act)


def test_the_form_delivers_mail() -> None:
    mail = _Mail()

    async def act(visit: _Visit) -> None:
        answer = await visit.ask(do="send", sender="Ź <a@b.c>", subject="Привет")
        assert answer == {"said": "sent", "is": "done"}
        assert mail.delivered == [("Ź <a@b.c>", "Привет")]
        assert (await visit.ask(do="read"))["said"] == "1 marked read"

    _visit(act, mail)


def test_server_and_wifi_go_and_come_back() -> None:
    mail = _Mail()

    async def act(visit: _Visit) -> None:
        assert (await visit.ask(do="server", on=False))["said"] == "the server is gone"
        assert not mail.is_listening
        assert (await visit.ask(do="server", on=True))["said"] == "the server is back"
        assert mail.is_listening
        assert (await visit.ask(do="wifi", on=False))["said"] == "Wi-Fi is gone"
        assert not visit.board.is_wifi_up
        assert (await visit.ask(do="wifi", on=True))["said"] == "Wi-Fi is back"

    _visit(act, mail)


def test_the_button_is_pressed() -> None:
    async def act(visit: _Visit) -> None:
        assert (await visit.ask(do="press"))["is"] == "done"
        assert visit.board.presses == 1

    _visit(act)


@pytest.mark.parametrize(
    ("request_text", "hint"),
    [
        ('{"do": "send", "sender": "nobody", "subject": ""}', "needs an address"),
        ('{"do": "send", "sender": "broken", "subject": ""}', "the server said no"),
        ('{"do": "send"}', "something unknown"),
        ('{"do": "format the disk"}', "something unknown"),
        ('{"do": ["send"]}', "something unknown"),
        ("[]", "something unknown"),
        ("null", "something unknown"),
        ("[" * 8000, "something unknown"),
        ("not json", "Expecting value"),
    ],
)
def test_a_bad_request_is_answered_in_words(request_text: str, hint: str) -> None:
    async def act(visit: _Visit) -> None:
        await visit.socket.send_str(request_text)
        answer = await visit.answer()
        assert answer["is"] == "problem"
        assert hint in answer["said"]
        assert (await visit.ask(do="press"))["is"] == "done"

    _visit(act, _Mail())


@pytest.mark.parametrize("action", ["send", "read", "server"])
def test_an_account_that_is_not_ours_cannot_be_filled(action: str) -> None:
    async def act(visit: _Visit) -> None:
        assert (await visit.ask(do=action, on=False))["is"] == "problem"

    _visit(act)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("", {"Host": "evil.example"}),
        ("page.js", {"Host": "localhost.evil.example:80"}),
        ("", {"Origin": "http://evil.example"}),
        ("live", {}),  # a WebSocket that does not say which page opened it
        ("live", {"Origin": "null"}),
        ("live", {"Origin": "http://127.0.0.1:1"}),
    ],
)
def test_another_sites_page_is_refused(path: str, headers: dict[str, str]) -> None:
    assert _get(path, headers)[0] == 403


@pytest.mark.parametrize("path", ["nothing.js", "..%2fweb.py", "page/../web.py", "__init__.py"])
def test_nothing_but_the_page_is_served(path: str) -> None:
    assert _get(path)[0] == 404


def test_the_page_may_load_nothing_from_outside() -> None:
    status, headers, text = _get("")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), "inline code"


def test_it_listens_on_this_computer_only() -> None:
    async def run() -> None:
        url, runner = await web.serve(_Board(), None)  # type: ignore[arg-type]
        assert url == f"http://127.0.0.1:{runner.addresses[0][1]}/"
        assert [address[0] for address in runner.addresses] == ["127.0.0.1"]
        await runner.cleanup()

    asyncio.run(run())


def test_a_port_in_use_is_an_error_that_leaves_nothing_behind() -> None:
    async def run() -> None:
        board = _Board()
        _, runner = await web.serve(board, None)  # type: ignore[arg-type]
        with pytest.raises(OSError, match="address already in use"):
            await web.serve(board, None, runner.addresses[0][1])  # type: ignore[arg-type]
        await runner.cleanup()
        assert board.on_change == []

    asyncio.run(run())


def test_a_firmware_that_ended_is_told() -> None:
    async def act(visit: _Visit) -> None:
        await visit.news()
        visit.board.exit_code = 1
        visit.board.change("end")
        assert await visit.news() == json.loads('{"end": 1}')

    _visit(act)
