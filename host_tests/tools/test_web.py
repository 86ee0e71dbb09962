"""The simulator's page: what it tells, what it does, and whom it refuses."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from typing import Any

import aiohttp
import pytest

from host_tests.support.page_visit import FakeBoard, FakeMail, Visit, visit
from tools.sim import web


def _get(path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, str]:
    """Status, headers and text of one request to a page served for it."""

    async def run() -> tuple[int, Any, str]:
        url, runner = await web.serve(FakeBoard(), None)  # type: ignore[arg-type]
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
    async def act(visit: Visit) -> None:
        news = await visit.news()
        assert news["light"] == [[0, 0, 0]] * 12
        assert news["status"] == {"state": "nothing", "unseen": 0}
        assert news["proven_age_s"] == 12
        assert news["log"][0] == "I (0.1) app: hello"
        assert news["log"][1].endswith("  nothing, 0 unread")
        assert (news["mail"], news["wifi"], news["end"]) == (None, True, None)

    visit(act)


def test_only_what_changed_is_told() -> None:
    async def act(visit: Visit) -> None:
        await visit.news()
        visit.board.light = [(0, 0, 255)] * 12
        visit.board.change("light")
        assert await visit.news() == {"light": [[0, 0, 255]] * 12}

    visit(act)


def test_pixels_arrive_where_the_panel_shows_them() -> None:
    async def act(visit: Visit) -> None:
        await visit.news()
        visit.board.panel.receive(bytes((0x40, 0b00000101)))  # column 0, rows 0 and 2
        visit.board.change("panel")
        picture = (await visit.news())["panel"]
        bits = base64.b64decode(picture["bits"])
        lit = [at for at in range(128 * 64) if bits[at >> 3] & (0x80 >> (at & 7))]
        assert lit == [0, 2 * 128]
        assert (picture["width"], picture["height"]) == (128, 64)

    visit(act)


def test_a_flickering_light_is_told_at_most_30_times_a_second() -> None:
    async def act(visit: Visit) -> None:
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

    visit(act)


def test_what_happened_is_the_console_and_every_turn_of_the_state() -> None:
    async def act(visit: Visit) -> None:
        await visit.news()
        visit.board.log.append("I (2.0) mail: lost")
        visit.board.change("log")
        visit.board.status = {"state": "not_sure", "unseen": None, "cause": "wifi"}
        visit.board.change("status")
        visit.board.change("status")  # nothing new: an age, say
        news = await visit.news()
        assert news["log"][2] == "I (2.0) mail: lost"
        assert news["log"][3].endswith("  not sure, count unknown, wifi")
        assert len(news["log"]) == 4

    visit(act)


def test_the_form_delivers_mail() -> None:
    mail = FakeMail()

    async def act(visit: Visit) -> None:
        answer = await visit.ask(do="send", sender="Ź <a@b.c>", subject="Привет")
        assert answer == {"said": "sent", "is": "done"}
        assert mail.delivered == [("Ź <a@b.c>", "Привет")]
        assert (await visit.ask(do="read"))["said"] == "1 marked read"

    visit(act, mail)


def test_server_and_wifi_go_and_come_back() -> None:
    mail = FakeMail()

    async def act(visit: Visit) -> None:
        assert (await visit.ask(do="server", on=False))["said"] == "the server is gone"
        assert not mail.is_listening
        assert (await visit.ask(do="server", on=True))["said"] == "the server is back"
        assert mail.is_listening
        assert (await visit.ask(do="wifi", on=False))["said"] == "Wi-Fi is gone"
        assert not visit.board.is_wifi_up
        assert (await visit.ask(do="wifi", on=True))["said"] == "Wi-Fi is back"

    visit(act, mail)


def test_the_button_is_pressed() -> None:
    async def act(visit: Visit) -> None:
        assert (await visit.ask(do="press"))["is"] == "done"
        assert visit.board.presses == 1

    visit(act)


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
    async def act(visit: Visit) -> None:
        await visit.socket.send_str(request_text)
        answer = await visit.answer()
        assert answer["is"] == "problem"
        assert hint in answer["said"]
        assert (await visit.ask(do="press"))["is"] == "done"

    visit(act, FakeMail())


@pytest.mark.parametrize("action", ["send", "read", "server"])
def test_an_account_that_is_not_ours_cannot_be_filled(action: str) -> None:
    async def act(visit: Visit) -> None:
        assert (await visit.ask(do=action, on=False))["is"] == "problem"

    visit(act)


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


def test_a_host_without_a_port_is_ours_on_port_80_only() -> None:
    assert "localhost" in web.own_hosts(80)
    assert "evil.example" not in web.own_hosts(80)
    assert web.own_hosts(8100) == {"127.0.0.1:8100", "localhost:8100"}


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
        url, runner = await web.serve(FakeBoard(), None)  # type: ignore[arg-type]
        assert url == f"http://127.0.0.1:{runner.addresses[0][1]}/"
        assert [address[0] for address in runner.addresses] == ["127.0.0.1"]
        await runner.cleanup()

    asyncio.run(run())


def test_a_port_in_use_is_an_error_that_leaves_nothing_behind() -> None:
    async def run() -> None:
        board = FakeBoard()
        _, runner = await web.serve(board, None)  # type: ignore[arg-type]
        with pytest.raises(OSError, match="address already in use"):
            await web.serve(board, None, runner.addresses[0][1])  # type: ignore[arg-type]
        await runner.cleanup()
        assert board.on_change == []

    asyncio.run(run())


def test_a_firmware_that_ended_is_told() -> None:
    async def act(visit: Visit) -> None:
        await visit.news()
        visit.board.exit_code = 1
        visit.board.change("end")
        assert await visit.news() == json.loads('{"end": 1}')

    visit(act)
