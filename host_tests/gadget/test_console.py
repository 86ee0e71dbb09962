"""The console of the whole gadget: typed at its serial port, and mpremote while it watches."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, in_time, shows
from host_tests.support.serial import mpremote
from tools.sim.board import SimBoardError
from tools.sim.pty_board import PtyBoard

SECRET = "hunter2-marked"
READY_S = 20
ANSWER_S = 8
AGAIN_S = 2
PERSON = (b"help\r", b"status\r\n", b"log\n", b"\r", b"password\r", b"x" * 300 + b"\r")


def at_port(settings, use: Callable[[PtyBoard], Awaitable[None]], ca_pem: bytes = b"") -> None:
    """Run the gadget on a board with a serial port while `use` has it."""

    async def run() -> None:
        async with PtyBoard(settings, ca_pem=ca_pem) as board:
            await use(board)

    asyncio.run(run())


async def starts(board: PtyBoard, resets: int, **facts) -> None:
    """Wait until a start of the gadget, of so many, shows these facts."""
    told = len(board.statuses)
    await board.wait_for(lambda b: b.resets >= resets, READY_S, f"{resets} resets")
    await board.wait_for(
        lambda b: any(
            all(status.get(key) == value for key, value in facts.items())
            for status in b.statuses[told:]
        ),
        READY_S,
        f"{facts} after {resets} resets",
    )


async def ask(board: PtyBoard, command: str):
    """What a tool is answered."""
    said = len(board.log)
    board.type(f"@json {command}\r".encode())
    await board.wait_for(lambda b: answers(b, said), ANSWER_S, f"an answer to {command}")
    (answer,) = answers(board, said)
    return answer


async def jumps(board: PtyBoard, ms: int) -> None:
    """The clock jumps, which ends the patience with half a line: it is typed until answered."""
    said = len(board.log)
    board.jump(ms)
    while not answers(board, said):
        board.type(b"@json help\r")
        with contextlib.suppress(SimBoardError):
            await board.wait_for(lambda b: answers(b, said), AGAIN_S, "an answer")


def answers(board: PtyBoard, since: int):
    """Every whole answer to a tool."""
    return [json.loads(line[6:]) for line in board.log[since:] if line.startswith("@json ")]


async def type_everything(board: PtyBoard) -> None:
    """What a person may type, but what restarts it; one answer after the other."""
    for typed in PERSON:
        board.type(typed)
        assert (await ask(board, "help"))["ok"]


def test_the_status_tells_what_the_light_shows(server: Dovecot) -> None:
    server.deliver()

    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="unread", unseen=1)
        told = await ask(board, "status")
        assert (told["ok"], told["mode"], told["state"], told["unseen"]) == (
            True,
            "watching",
            "unread",
            1,
        )
        (work,) = told["accounts"]
        assert (work["account"], work["tls"], work["unseen"]) == ("work", "implicit", 1)
        assert work["sign_in"] and not work["push"]
        assert (told["wifi"], told["clock_is_set"]) == ("home", True)
        server.deliver()
        await shows(board, unseen=2)
        assert (await ask(board, "status"))["accounts"][0]["push"]

    at_port(config(account(server.tls_port)), use, server.ca_pem)


def test_a_person_gets_lines_and_a_prompt_and_the_light_goes_on(server: Dovecot) -> None:
    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="nothing")
        board.type(b"stats\b\btus\r")
        await board.wait_for(lambda b: "account        work" in b.log, ANSWER_S, "the account")
        board.type(b"hlep\r")
        await board.wait_for(
            lambda b: "hlep: no such command; help? help lists them" in b.log, ANSWER_S, "a hint"
        )
        assert any(line.startswith("watching> hlep") for line in board.log)
        server.deliver()
        await shows(board, state="new", unseen=1)

    at_port(config(account(server.tls_port)), use, server.ca_pem)


def test_service_mode_does_not_watch_and_reboot_ends_it(server: Dovecot) -> None:
    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="nothing")
        await board.wait_for(lambda b: "Login:" in server.log(), ANSWER_S, "it is written there")
        logins, asked = server.log().count("Login:"), board.time_server.asked
        assert (await ask(board, "service"))["ok"]
        await starts(board, 1, state="service")
        await jumps(board, 600_000)
        board.type(b"\r")
        await board.wait_for(
            lambda b: any("does not watch mail" in line for line in b.log), ANSWER_S, "who it is"
        )
        told = await ask(board, "status")
        assert (told["mode"], told["accounts"]) == ("service", [])
        assert told["signal_dbm"] is None  # not even Wi-Fi is joined
        assert (server.log().count("Login:"), board.time_server.asked) == (logins, asked)
        board.type(b"reboot\r")
        await starts(board, 2, state="nothing")
        told = await ask(board, "status")
        assert told["mode"] == "watching" and told["signal_dbm"]

    settings = config(account(server.tls_port), wifi=[{"ssid": "home"}])
    at_port(settings, use, server.ca_pem)


def test_no_answer_holds_a_secret_in_any_state(server: Dovecot) -> None:
    """Refused, alone, without Wi-Fi; Wi-Fi has the same password."""
    wifi = [{"ssid": "home", "password": SECRET}]

    async def use(board: PtyBoard) -> None:
        await type_everything(board)
        await shows(board, READY_S, state="needs_you", cause="password")
        await type_everything(board)
        assert (await ask(board, "status"))["accounts"][0]["cause"] == "password"
        board.wifi(False)
        await in_time(board, lambda b: b.status.get("cause") == "wifi", "Wi-Fi is missed")
        await type_everything(board)
        assert len(answers(board, 0)) >= 3 * len(PERSON)
        assert not any(SECRET in line for line in board.log)
        assert SECRET not in json.dumps(board.statuses)

    settings = config(account(server.tls_port, password=SECRET), wifi=wifi)
    at_port(settings, use, server.ca_pem)


def test_mpremote_works_while_it_watches_and_it_watches_again(server: Dovecot) -> None:
    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="nothing")
        assert await mpremote(board.port, "exec", "print(6 * 7)") == "42"
        assert "config.json" in await mpremote(board.port, "fs", "ls")
        server.deliver()
        await mpremote(board.port, "reset")
        await starts(board, 1, unseen=1)

    at_port(config(account(server.tls_port)), use, server.ca_pem)


def test_mpremote_works_while_the_network_is_stuck(server: Dovecot) -> None:
    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="nothing")
        board.wifi(fault="black_hole")
        board.jump(61_000)
        assert await mpremote(board.port, "exec", "print(6 * 7)") == "42"
        board.wifi()
        await mpremote(board.port, "reset")
        await starts(board, 1, state="nothing")

    at_port(config(account(server.tls_port)), use, server.ca_pem)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for sockets in /proc")
def test_mpremote_leaves_no_connection_open(server: Dovecot) -> None:
    def sockets(board: PtyBoard) -> list[str]:
        folder = f"/proc/{board.pid}/fd"
        links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
        return [link for link in links if link.startswith("socket:")]

    async def use(board: PtyBoard) -> None:
        await shows(board, READY_S, state="nothing")
        assert sockets(board)
        assert await mpremote(board.port, "exec", "print(6 * 7)") == "42"
        assert sockets(board) == []

    at_port(config(account(server.tls_port)), use, server.ca_pem)
