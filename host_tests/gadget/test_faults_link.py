"""A link that fails in each of its ways, under the whole gadget: what it shows, and how soon."""

import sys

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import FIRST_RETRY_S, HOUR_S
from host_tests.support.gate import stall_at, stall_behind
from host_tests.support.trial import BUSY_MS, Trial, on_trial

drops_packets = pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops packets")
TWO_CYCLES_MS = 130_000
HALF_A_HANDSHAKE = 400  # of the 700 bytes a server says first: in the middle of its certificate


def test_server_killed(server: Dovecot):
    async def use(trial: Trial) -> None:
        await trial.begins(trial.gate.kill)
        server.deliver()
        await trial.ends(trial.gate.open, 1)

    on_trial("server killed", server, use)


@drops_packets
def test_half_open_connection(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            trial.gate.deafen(True, is_port_too=False)
            server.deliver()

        await trial.passes(begin, 1)

    on_trial("half-open: one connection, packets dropped, no FIN", server, use)


@drops_packets
def test_half_open_server(server: Dovecot):
    async def use(trial: Trial) -> None:
        await trial.begins(lambda: trial.gate.deafen(True))
        server.deliver()
        await trial.ends(lambda: trial.gate.deafen(False), 1)

    on_trial("half-open: the whole server, packets dropped, no FIN", server, use)


def test_rst(server: Dovecot):
    async def use(trial: Trial) -> None:
        await trial.passes(trial.gate.reset)

    on_trial("RST", server, use)


def test_bye(server: Dovecot):
    async def use(trial: Trial) -> None:
        await trial.passes(lambda: trial.gate.leave(b"* BYE Server shutting down.\r\n"))
        assert any(status["detail"] == "Server shutting down." for status in trial.board.statuses)

    on_trial("BYE", server, use)


@pytest.mark.parametrize("end", ["reset", "bye"])
def test_connection_that_has_lasted_ends(end: str, server: Dovecot):
    async def use(trial: Trial) -> None:
        gate = trial.gate
        began_ms = trial.board.t_ms
        await trial.until(lambda b: b.t_ms - began_ms > TWO_CYCLES_MS, HOUR_S, began_ms)
        tries = len(gate.tries_ms)
        lost_ms = trial.board.t_ms
        gate.reset() if end == "reset" else gate.leave(b"* BYE Token expired.\r\n")
        server.deliver()
        await trial.counts(1, lost_ms)
        assert gate.tries_ms[tries] - lost_ms < FIRST_RETRY_S * 1000 + BUSY_MS
        assert {status["cause"] for status in trial.board.statuses} == {None}

    on_trial("RST or BYE, after a minute or more", server, use)


def test_stall_in_mid_line(server: Dovecot):
    async def use(trial: Trial) -> None:
        async def begin() -> None:
            trial.gate.hook = stall_behind(rb"\* SEARCH")
            server.deliver()
            await trial.stalls()
            trial.gate.hook = None

        await trial.begins(begin)
        await trial.ends(unseen=1)

    on_trial("stall in mid-line", server, use)


def test_stall_in_mid_literal(server: Dovecot):
    async def use(trial: Trial) -> None:
        async def begin() -> None:
            trial.gate.hook = stall_behind(rb" FETCH \([^{]*\{\d+\}\r\n.{5}")
            server.deliver()
            await trial.stalls()
            trial.gate.hook = None

        await trial.passes(begin, 1)

    on_trial("stall in mid-literal", server, use)


def test_stall_in_mid_handshake(server: Dovecot):
    async def use(trial: Trial) -> None:
        async def begin() -> None:
            trial.gate.hook = stall_at(HALF_A_HANDSHAKE)
            trial.gate.reset()
            await trial.stalls()

        def end() -> None:
            trial.gate.hook = None

        await trial.begins(begin)
        server.deliver()
        await trial.ends(end, 1)

    on_trial("stall in mid-handshake", server, use, is_open=False)


def test_one_byte_a_second(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            trial.gate.is_slow = True

        def end() -> None:
            trial.gate.is_slow = False
            trial.gate.reset()

        await trial.begins(begin)
        server.deliver()
        await trial.ends(end, 1)

    on_trial("one byte a second", server, use)
