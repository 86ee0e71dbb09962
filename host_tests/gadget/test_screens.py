"""Golden screens: the pixels of the panel, decoded from its bus, page by page.

GOLDEN=write writes the files anew: look at each of them in the difference before committing.
"""

import asyncio
import os
from pathlib import Path

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import SHOWN_S, account, config, on_lamp, shows
from tools.sim.board import SimBoard
from tools.sim.certs import Authority

GOLDEN = Path(__file__).parent / "golden"
FOOT = range(28, 32)  # rows of two pixels: ages and the clock stand here
HEAD_3 = range(8, 12)  # "newest 3 s ago"
SETTLED_S = 0.5


def _fixed_rows(board: SimBoard, changing: tuple[range, ...]) -> str:
    """The picture without the rows where seconds are counted."""
    rows = board.panel.rows()
    kept = [
        row.rstrip() for at, row in enumerate(rows) if not any(at in part for part in changing)
    ]
    return "\n".join(kept) + "\n"


async def looks_like(board: SimBoard, name: str, *changing: range) -> None:
    """Wait until the panel shows the golden picture of that name."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        # Written pictures agree with themselves: that is no test
        assert os.environ.get("REQUIRE_ALL") != "1", "GOLDEN=write proves nothing"
        await asyncio.sleep(SETTLED_S)  # there is nothing to compare with yet
        path.parent.mkdir(exist_ok=True)
        path.write_text(_fixed_rows(board, changing), encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    try:
        await board.wait_for(
            lambda b: _fixed_rows(b, changing) == golden, SHOWN_S, f"the panel looks like {name}"
        )
    finally:
        shown = _fixed_rows(board, changing)
        assert shown == golden, f"{name} looks different now:\n{shown}"
    assert not board.panel.problems


@pytest.mark.parametrize("language", ["en", "ru"])
def test_mail_pages(server: Dovecot, language: str):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        await looks_like(board, f"nothing-{language}", FOOT)
        server.deliver("Zażółć Gęślą <z@example.org>", "Новое письмо: Привет, мир")
        await shows(board, state="new")
        await looks_like(board, f"new-{language}", FOOT)
        board.press()
        await shows(board, state="unread")
        await looks_like(board, f"unread-{language}", HEAD_3, FOOT)

    on_lamp(config(account(server.tls_port), language=language), use, server.ca_pem)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_not_sure_page(server: Dovecot, language: str):
    server.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, state="unread")
        board.wifi(False)
        await shows(board, cause="wifi")
        board.jump(91000)
        await shows(board, state="not_sure")
        await looks_like(board, f"not-sure-{language}", FOOT)

    on_lamp(config(account(server.tls_port), language=language), use, server.ca_pem)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_needs_you_page(server: Dovecot, language: str):
    async def use(board: SimBoard) -> None:
        await shows(board, state="needs_you")
        await looks_like(board, f"needs-you-{language}")

    settings = config(account(server.tls_port, password="wrong"), language=language)
    on_lamp(settings, use, server.ca_pem)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_refused_page(server: Dovecot, language: str):
    async def use(board: SimBoard) -> None:
        await shows(board, state="refused")
        await looks_like(board, f"refused-{language}")

    settings = config(account(server.tls_port), language=language)
    on_lamp(settings, use, Authority().pem)


def test_configuration_and_not_set_up_pages():
    async def broken(board: SimBoard) -> None:
        await shows(board, state="needs_you")
        await looks_like(board, "config-en")

    async def empty(board: SimBoard) -> None:
        await shows(board, state="not_set_up")
        await looks_like(board, "not-set-up-en")

    on_lamp(config({**account(993), "pasword": "x"}), broken, Authority().pem)
    on_lamp(None, empty)


def test_connecting_page():
    async def use(board: SimBoard) -> None:
        await shows(board, state="connecting", cause="dns")
        await looks_like(board, "connecting-en", FOOT)

    on_lamp(config({**account(993), "host": "nowhere.invalid"}), use, Authority().pem)
