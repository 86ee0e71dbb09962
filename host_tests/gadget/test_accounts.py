"""More accounts than connections: they take turns, and one that fails does not hide the others."""

import json
import re
from dataclasses import replace

import pytest

from host_tests.gadget.conftest import ODD_PASSWORD
from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, in_time, on_lamp, says, shows
from tools import build
from tools.build import BoardFile
from tools.sim.board import SimBoard
from tools.sim.message import compose

_HEAP = "130k"  # with the page of trouble beside, two accounts at times try once more for memory


@pytest.fixture
def server() -> Dovecot:
    """A Dovecot of its own, for its log is read."""
    server = Dovecot({"odd": ODD_PASSWORD})
    yield server
    server.stop()


def _two(server: Dovecot, **more: object) -> dict[str, object]:
    home = account(server.tls_port, "odd", ODD_PASSWORD, **more)
    return config(account(server.tls_port), {**home, "name": "home"})


def test_two_accounts_take_turns_and_each_leaves_politely(server: Dovecot) -> None:
    server.deliver("Ann <ann@example.org>", "Hello")

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="unread", unseen=1, cause=None)
        await says(board, "work 1", "home 0")
        server.deliver("Bob <bob@example.org>", "News")
        await in_time(board, lambda b: b.status["unseen"] == 2, "the next turn", 60_000)
        assert board.status["state"] == "new"
        await in_time(board, lambda b: server.log().count("Logged out") >= 3, "a goodbye")

    on_lamp(_two(server), use, server.ca_pem)
    users = re.findall(r"Login: user=<(\w+)>", server.log())
    assert users[:2] == ["alice", "odd"]


def test_a_press_looks_at_all_of_them_now(server: Dovecot) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="nothing", unseen=0)
        server.deliver()
        board.press()
        await shows(board, 5, state="new", unseen=1)

    on_lamp(_two(server), use, server.ca_pem)


def test_a_refused_password_of_one_does_not_keep_the_other_from_its_turns(server: Dovecot) -> None:
    server.deliver_raw(
        *[compose("Ann <a@example.org>", "b@example.org", word, "") for word in "xyz"], user="odd"
    )
    settings = config(
        account(server.tls_port, password="wrong"),
        {**account(server.tls_port, "odd", ODD_PASSWORD), "name": "home"},
    )

    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.status.get("cause") == "password", 20, "the refusal")
        await board.wait_for(
            lambda b: "user=<odd>" in server.log().replace("auth failed", ""), 20, "the other one"
        )
        # its three are known, and lit beside the pixel that tells of the trouble
        await board.wait_for(lambda b: "work ?  home 3" in b.status["screen"], 20, "its count")
        assert (board.status["state"], board.status["unseen"]) == ("needs_you", None)
        blue = lambda b: [pixel[2] > 0 and not pixel[0] for pixel in b.light]  # noqa: E731
        await board.wait_for(lambda b: blue(b) == [True] * 3 + [False] * 9, 20, "three are lit")

    on_lamp(settings, use, server.ca_pem, heapsize=_HEAP)


def test_more_accounts_than_there_is_memory_for_are_refused_in_words(server: Dovecot) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="needs_you", cause="config")
        await says(board, "accounts: must be at", "most 2 on this board,", "not 3")

    accounts = [{**account(server.tls_port), "name": name} for name in ("work", "home", "club")]
    on_lamp(config(*accounts), use, server.ca_pem)
    assert "Login:" not in server.log()


def _wider() -> list[BoardFile]:
    """The files of a board that has memory for two connections at once."""
    files = build.deploy_set("SIM")
    board = next(file for file in files if file.path == "board.json")
    content = json.dumps({**json.loads(board.content), "max_connections": 2}).encode()
    return [file for file in files if file is not board] + [replace(board, content=content)]


def test_where_there_is_memory_for_two_connections_both_stay_open(server: Dovecot) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="nothing", unseen=0)
        server.deliver()
        await shows(board, 5, state="new", unseen=1)  # pushed, as no turn comes so soon
        server.deliver_raw(compose("Bob <b@example.org>", "me@example.org", "x", ""), user="odd")
        await shows(board, 5, state="new", unseen=2)
        await says(board, "work 1", "home 1", timeout_s=15)
        later = lambda b: b.t_ms > 400_000 and b.status["proven_age_s"] < 60  # noqa: E731
        await in_time(board, later, "they were asked again for longer than a turn", 30_000)
        assert server.log().count("Login:") == 2
        assert "Logged out" not in server.log()

    on_lamp(_two(server), use, server.ca_pem, files=_wider(), heapsize="240k")
