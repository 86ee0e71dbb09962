"""A clock that nobody sets: no certificate can be judged, so that is a state of its own."""

import asyncio

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, in_time, on_lamp, says, shows
from tools.sim.board import SimBoard

CALM_MS, HALF_DAY_MS = 181_000, 43_201_000
SERVERS = 4  # three public ones and the router


def timed(server: Dovecot):
    return config(account(server.tls_port), timezone="UTC0")


def has_cause(cause: str | None):
    return lambda board: board.status.get("cause") == cause


@pytest.mark.parametrize("fault", ["silent", "kiss", "past"])
def test_without_the_time_it_signs_in_nowhere_and_says_why(fault: str, server: Dovecot):
    logins = server.log().count("Login:")

    async def use(board: SimBoard) -> None:
        board.time_server.fault = fault
        await in_time(board, has_cause("clock"), "no server tells the time", 2_100)
        assert board.status["state"] == "connecting"
        assert board.time_server.asked == SERVERS
        board.jump(CALM_MS)
        await shows(board, state="not_sure", cause="clock", unseen=None)
        await says(board, "Clock is not set", "no time server", "nothing for you to do")
        assert server.log().count("Login:") == logins
        board.time_server.fault = None
        await in_time(board, has_cause(None), "it has the time")
        await shows(board, state="nothing", unseen=0)

    on_lamp(timed(server), use, server.ca_pem)


def test_a_clock_that_was_set_needs_no_server_and_is_set_again_twice_a_day(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        assert board.time_server.asked == 1
        board.time_server.fault = "silent"
        board.jump(HALF_DAY_MS)
        await in_time(board, lambda b: b.time_server.asked > SERVERS, "all are asked", 2_100)
        await shows(board, state="nothing", cause=None, unseen=0)
        board.time_server.fault = None
        await in_time(board, lambda b: b.time_server.asked > SERVERS + 1, "in an hour", 600_000)

    on_lamp(timed(server), use, server.ca_pem)


def test_the_servers_of_the_configuration_are_asked_and_no_others(server: Dovecot):
    def known_as(name: str) -> SimBoard:
        board = SimBoard({**timed(server), "ntp": ["clock.example.org"]}, ca_pem=server.ca_pem)
        board.time_server.names = (name,)
        return board

    async def use() -> None:
        async with known_as("clock.example.org") as board:
            await shows(board, state="nothing", unseen=0)
        async with known_as("pool.ntp.org") as board:
            await in_time(board, has_cause("clock"), "its server is not found", 2_100)
            assert board.time_server.asked == 0

    asyncio.run(use())
