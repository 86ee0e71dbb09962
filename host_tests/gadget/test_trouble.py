"""Bad configurations and servers that must not be trusted: each its own state, light and words."""

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, blinks, config, on_lamp, says, shows
from host_tests.support.peer import refused_port
from tools.sim.board import SimBoard
from tools.sim.certs import Authority

GOOD = account(993)
CONFIGS = {
    "no accounts": ({"version": 1}, "accounts"),
    "missing key": (config({k: v for k, v in GOOD.items() if k != "host"}), "host"),
    "wrong type": (config({**GOOD, "port": "993"}), "port"),
    "unknown key": (config({**GOOD, "pasword": "x"}), "pasword"),
    "no such key": (config({**GOOD, "search": "UNSEEN FORM x"}), "accounts[0].search, column 8"),
    "not an object": ([1, 2], "config.json"),
    "too many accounts": (config(*[{**GOOD, "name": name} for name in "abcde"]), "1 to 4"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_an_unusable_configuration_says_where(name: str):
    settings, where = CONFIGS[name]

    async def use(board: SimBoard) -> None:
        await shows(board, state="needs_you", cause="config", unseen=None)
        assert where in board.status["detail"]
        assert name != "missing key" or await blinks(board) == 2
        assert not any("Traceback" in line for line in board.log)

    on_lamp(settings, use, Authority().pem)


def test_a_board_without_a_configuration_breathes():
    async def use(board: SimBoard) -> None:
        await shows(board, state="not_set_up", unseen=None)
        await says(board, "Not set up")

    on_lamp(None, use)


def trouble(settings, ca_pem: bytes, words: str, **facts) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, 15, unseen=None, **facts)
        await says(board, words)
        assert not any("Traceback" in line for line in board.log)

    on_lamp(settings, use, ca_pem)


def test_an_unreachable_port_is_named_while_calm_and_not_sure_later():
    async def use(board: SimBoard) -> None:
        await shows(board, state="connecting", cause="refused", unseen=None)
        await says(board, "Connection refused")
        board.jump(181000)
        await shows(board, state="not_sure", cause="refused")
        assert await blinks(board) == 1

    with refused_port() as port:
        on_lamp(config(account(port)), use, Authority().pem)


def test_an_unknown_host_is_named():
    settings = config({**account(993), "host": "nowhere.invalid"})
    trouble(settings, Authority().pem, "Server name not found", state="connecting", cause="dns")


def test_a_wrong_password(server: Dovecot):
    settings = config(account(server.tls_port, password="wrong"))
    trouble(settings, server.ca_pem, "Password refused", state="needs_you", cause="password")


def test_an_unknown_mailbox(server: Dovecot):
    settings = config(account(server.tls_port, mailboxes=["Nowhere"]))
    trouble(settings, server.ca_pem, "No such mailbox", state="needs_you", cause="mailbox")


def test_a_server_that_no_root_of_mozilla_signed(server: Dovecot):
    settings = config(account(server.tls_port, trust="mozilla"))
    trouble(settings, b"", "Unknown issuer", state="refused", cause="unknown_issuer")


def test_a_plain_server_on_a_tls_port(server: Dovecot):
    settings = config(account(server.plain_port))
    trouble(settings, server.ca_pem, "No TLS on this port", state="refused", cause="not_tls")


LEAVES = {
    "unknown_issuer": (lambda authority: Authority().issue("localhost"), "Unknown issuer"),
    "expired": (lambda authority: authority.issue_expired(), "Certificate expired"),
    "wrong_host": (lambda authority: authority.issue_wrong_host(), "Wrong host name"),
    "not_yet_valid": (lambda authority: authority.issue_not_yet_valid(), "Not yet valid"),
}


@pytest.mark.parametrize("cause", LEAVES)
def test_a_certificate_that_proves_nothing_is_refused(cause: str, server: Dovecot):
    authority = Authority()
    make, words = LEAVES[cause]
    untrusted = Dovecot(authority=authority, leaf=make(authority))

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="refused", cause=cause, unseen=None)
        await says(board, words)
        assert cause != "expired" or await blinks(board) == 3

    try:
        on_lamp(config(account(untrusted.tls_port)), use, authority.pem)
        assert "Login:" not in untrusted.log()
    finally:
        untrusted.stop()
