"""A recording peer proves it: nothing secret before TLS, nor where it is forbidden, nor shown."""

import ssl
from pathlib import Path

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import EXAMINE, IDLE, LOGIN, NEWEST, ONE, SEARCH, SELECTED
from host_tests.support.peer import Line, Peer, Step, expect, hold, secure, send
from host_tests.support.sasl_steps import ANSWER, asks, b64, given, offering
from host_tests.support.watch import watching
from tools.sim.certs import Authority, server_context

pytestmark = [
    pytest.mark.xdist_group("wire-secrets"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]

MECHANISMS = (
    *("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"),
    *("XOAUTH2", "OAUTHBEARER", "ANONYMOUS"),
)
SECRETS = (b"secret", b64(b"secret"), b"AG1lAHNlY3JldA", b"LOGIN", b"AUTHENTICATE")
IN = send(b"{tag} OK [CAPABILITY IMAP4rev1 IDLE] in\r\n")
REST = [IN, EXAMINE, send(SELECTED), SEARCH, *ONE, *NEWEST, IDLE, hold()]
STARTTLS = expect(rb"(?P<tag>\S+) STARTTLS\r\n")
OK = send(b"{tag} OK go ahead\r\n")


@pytest.fixture
def ca(authority: Authority, tmp_path: Path) -> str:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return str(tmp_path / "ca.pem")


@pytest.fixture
def tls(authority: Authority) -> ssl.SSLContext:
    return server_context(authority.issue())


def _told_nothing(lines: list[Line]) -> None:
    assert lines
    for line in lines:
        for secret in SECRETS:
            assert secret not in line.seen


@pytest.mark.parametrize("name", MECHANISMS)
def test_nothing_is_told_in_plain_text_where_tls_is_wanted(name: str, ca: str) -> None:
    eager = [offering(name, more="SASL-IR"), send(b"+ \r\n"), hold()]
    with Peer(eager) as peer, watching(peer.port, ca=ca, auth=name) as watch:
        watch.cause("not_tls")
    _told_nothing(peer.lines)


@pytest.mark.parametrize("name", MECHANISMS)
def test_nothing_is_told_to_a_server_that_will_not_begin_tls(name: str, ca: str) -> None:
    offer = offering(name, more="SASL-IR STARTTLS")
    for steps in (
        [offer, STARTTLS, send(b"{tag} NO not now\r\n")],
        [offer, STARTTLS, send(b"{tag} BAD what?\r\n")],
        [offer, STARTTLS, OK, send(b"* OK still plain\r\n")],
        [send(b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n")],
    ):
        with Peer([*steps, hold()]) as peer:
            with watching(peer.port, ca=ca, tls="starttls", auth=name) as watch:
                watch.wait(lambda told: told["cause"] in ("not_tls", "garbage"), "a refusal")
        _told_nothing(peer.lines)


def test_words_that_stand_behind_the_ok_of_starttls_end_it(ca: str) -> None:
    injected = send(b"{tag} OK go ahead\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
    with Peer([offering(more="STARTTLS"), STARTTLS, injected, hold()]) as peer:
        with watching(peer.port, ca=ca, tls="starttls") as watch:
            watch.cause("garbage")
    _told_nothing(peer.lines)


def test_what_was_offered_before_tls_is_asked_for_again(ca: str, tls: ssl.SSLContext) -> None:
    capability = expect(rb"(?P<tag>\S+) CAPABILITY\r\n")
    again = send(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK\r\n")
    plain = given("PLAIN", b"\0me\0secret")
    steps = [offering("LOGIN", more="STARTTLS"), STARTTLS, OK, secure(tls), capability, again]
    with Peer([*steps, *plain, *REST]) as peer:
        with watching(peer.port, ca=ca, tls="starttls") as watch:
            assert watch.unseen(1)["reconnects"] == 0


def test_no_login_where_it_is_disabled_whatever_is_asked_for(ca: str, tls: ssl.SSLContext) -> None:
    for auth in ("auto", "LOGIN"):
        offer = offering(more="LOGINDISABLED")
        with Peer([offer, hold()], tls=tls) as peer:
            with watching(peer.port, ca=ca, auth=auth) as watch:
                watch.cause("login_disabled")
        _told_nothing(peer.lines)


def test_no_password_in_plain_text_where_login_is_disabled() -> None:
    offer = offering("PLAIN", "LOGIN", more="LOGINDISABLED SASL-IR")
    for auth in ("auto", "PLAIN", "LOGIN"):
        with Peer([offer, hold()]) as peer, watching(peer.port, auth=auth) as watch:
            watch.cause("login_disabled")
        _told_nothing(peer.lines)


def test_the_password_goes_by_plain_over_tls_where_only_login_is_disabled(
    ca: str, tls: ssl.SSLContext
) -> None:
    plain = given("PLAIN", b"\0me\0secret")
    with Peer([offering("PLAIN", more="LOGINDISABLED"), *plain, *REST], tls=tls) as peer:
        with watching(peer.port, ca=ca) as watch:
            watch.unseen(1)


def _echoes(name: str) -> list[list[Step]]:
    """A refusal, and a goodbye, that repeat what the mechanism sent last."""
    exchange = [asks(name), send(b"+ \r\n"), ANSWER]
    if name == "LOGIN":
        exchange += [send(b"+ \r\n"), ANSWER]
    ends = (b"{tag} NO cannot read {answer}\r\n", b"* BYE what is {answer}?\r\n")
    # After the mechanism LOGIN comes the command
    return [[offering(name), *exchange, send(end), LOGIN, send(end)] for end in ends]


def _login_echoes() -> list[list[Step]]:
    ends = (b'{tag} NO unknown: LOGIN "me" "secret"\r\n', b"* BYE what is secret?\r\n")
    return [[offering(), LOGIN, send(end)] for end in ends]


@pytest.mark.parametrize("name", ["auto", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])
def test_words_that_repeat_what_was_sent_are_not_told(name: str) -> None:
    for script in _login_echoes() if name == "auto" else _echoes(name):
        with Peer([*script, hold()]) as peer, watching(peer.port, auth=name) as watch:
            told = watch.wait(lambda told: bool(told["cause"]), "a refusal")
            assert (told["cause"] in ("password", "sign_in", "bye"), told["detail"]) == (True, "")


def test_words_that_repeat_a_part_cut_off_are_not_told() -> None:
    cut = send(b"{tag} NO cannot read AG1lAHNl\r\n")
    exchange = given("PLAIN", b"\0me\0secret")
    with Peer([offering("PLAIN"), *exchange, cut, hold()]) as peer:
        with watching(peer.port, auth="PLAIN") as watch:
            assert watch.cause("password")["detail"] == ""


def test_words_that_repeat_a_password_in_quotes_are_not_told() -> None:
    """As it was sent, with its own quote and backslash escaped, and as it is."""
    asked = expect(rb'(?P<tag>\S+) LOGIN "?me"? "se\\"cr\\\\et"\r\n')
    for words in (b'"me" "se\\"cr\\\\et"', b'se"cr\\et'):
        script = [offering(), asked, send(b"{tag} NO unknown: " + words + b"\r\n"), hold()]
        with Peer(script) as peer, watching(peer.port, password='se"cr\\et') as watch:
            assert watch.cause("password")["detail"] == ""
