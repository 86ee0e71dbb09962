"""A server that refuses or is not itself, under the whole gadget: what it shows, how soon."""

import asyncio

import pytest

from host_tests.gadget.test_trusted import files
from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import HOUR_S
from host_tests.support.gate import Gate, insert_behind
from host_tests.support.lamp import account, config, says, shows
from host_tests.support.trial import AUTHORITY, Trial, on_trial
from tools.sim.board import SimBoard
from tools.sim.certs import Authority

LOGIN = rb"(?P<tag>\S+) (?:LOGIN|AUTHENTICATE) "
GOODBYE = b"* BYE see you\r\n"


def refusing(gate: Gate, words: bytes):
    """From now on every login is answered so."""

    def begin() -> None:
        gate.refusal = (LOGIN, b"{tag} " + words + b"\r\n")
        gate.leave(GOODBYE)

    return begin


def relenting(gate: Gate):
    def end() -> None:
        gate.refusal = None

    return end


def test_garbage_greeting(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            trial.gate.greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
            trial.gate.reset()

        def end() -> None:
            trial.gate.greeting = b""

        await trial.begins(begin)
        server.deliver()
        await trial.ends(end, 1)

    on_trial("garbage greeting", server, use)


def test_plaintext_injected_before_tls(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            injected = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
            trial.gate.hook = insert_behind(rb"[^*\s]\S* OK Begin TLS[^\n]*\n", injected)
            trial.gate.reset()

        def end() -> None:
            trial.gate.hook = None

        logins = server.log().count("Login:")
        await trial.begins(begin)
        assert server.log().count("Login:") == logins
        server.deliver()
        await trial.ends(end, 1)

    on_trial("plaintext injected before TLS", server, use, tls="starttls")


def test_wrong_password_for_an_hour(server: Dovecot):
    async def use(trial: Trial) -> None:
        gate = trial.gate
        await trial.begins(refusing(gate, b"NO [AUTHENTICATIONFAILED] Wrong."))
        await says(trial.board, "Password refused")
        since_ms = trial.board.t_ms
        # the loss of the link, and three refusals that it has taken in before its clock jumps
        await trial.until(lambda board: board.status["reconnects"] == 1 + 3, 120, since_ms)
        assert len(gate.refused_ms) == 3
        trial.board.jump((HOUR_S - 60) * 1000)
        await trial.until(lambda _: len(gate.refused_ms) == 4, HOUR_S, gate.refused_ms[2])
        assert gate.refused_ms[3] - gate.refused_ms[2] >= HOUR_S * 1000 - 1000
        server.deliver()
        trial.board.jump((HOUR_S - 60) * 1000)
        await trial.ends(relenting(gate), 1)

    on_trial("wrong password for an hour", server, use)


def test_connection_limit(server: Dovecot):
    async def use(trial: Trial) -> None:
        limit = b"NO [LIMIT] Maximum number of connections from user+IP exceeded"
        await trial.begins(refusing(trial.gate, limit))
        server.deliver()
        await trial.ends(relenting(trial.gate), 1)

    on_trial("connection limit", server, use)


def test_throttle(server: Dovecot):
    async def use(trial: Trial) -> None:
        gate = trial.gate
        throttled = b"BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds"
        await trial.begins(refusing(gate, throttled))
        server.deliver()
        await trial.ends(relenting(gate), 1)
        assert gate.tries_ms[-1] - gate.refused_ms[-1] >= 92_000

    on_trial("throttle", server, use)


def test_certificate_renewed(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            trial.gate.leaf = AUTHORITY.issue()
            trial.gate.reset()

        await trial.passes(begin)

    on_trial("certificate replaced, of the same CA", server, use)


def test_certificate_of_another_ca(server: Dovecot):
    logins = []

    async def use(trial: Trial) -> None:
        def begin() -> None:
            logins.append(server.log().count("Login:"))
            trial.gate.leaf = Authority("a stranger").issue()
            trial.gate.reset()

        def end() -> None:
            logins.append(server.log().count("Login:"))
            trial.gate.leaf = AUTHORITY.issue()

        await trial.begins(begin)
        await says(trial.board, "Unknown issuer")
        server.deliver()
        await trial.ends(end, 1)

    on_trial("certificate replaced, of another CA", server, use)
    assert logins[0] == logins[1]


LEAVES = {
    "unknown_issuer": lambda: Authority("a stranger").issue(),
    "expired": lambda: AUTHORITY.issue_expired(),
    "wrong_host": lambda: AUTHORITY.issue_wrong_host(),
}


@pytest.mark.parametrize("cause", LEAVES)
def test_bad_certificate_under_the_roots_on_flash(cause: str, server: Dovecot):
    logins = server.log().count("Login:")

    async def run() -> None:
        async with Gate(server.plain_port, LEAVES[cause]()) as gate:
            owner = config(account(gate.port, trust="mozilla"))
            async with SimBoard(owner, files=files(Authority("another"), AUTHORITY)) as board:
                await shows(board, state="refused", cause=cause, unseen=None)
                assert gate.tries_ms

    asyncio.run(run())
    assert server.log().count("Login:") == logins
