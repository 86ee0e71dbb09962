"""Every SASL mechanism against real servers, with what is right and what is wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pytest

from host_tests.servers.conftest import ODD_PASSWORDS, ONLY_DOVECOT, Server
from host_tests.support.dovecot import TOKEN_KEY
from host_tests.support.imap_client import Event, IMAPClient
from postlamp.imap import access, mechanisms, sasl
from postlamp.imap.base64 import decode
from postlamp.imap.crammd5 import CRAMMD5
from postlamp.imap.scram import SCRAM

PASSWORDS = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
TOKENS = ("XOAUTH2", "OAUTHBEARER")
ON_PYMAP = {"PLAIN", "LOGIN"}


class Mechanism(Protocol):
    """What mechanisms.py and scram.py have in common."""

    name: str
    is_client_first: bool
    answer: bytes | None

    def work(self, challenge: bytes) -> Generator[None, None, None]:
        """Find the answer."""

    def verify(self, final: bytes) -> None:
        """Check the server's proof."""


def token(user: str, *, key: bytes = TOKEN_KEY, age_s: int = 10) -> str:
    """A bearer token (RFC 7519) of an hour, from `age_s` ago on."""
    start = int(time.time()) - age_s
    claims = {"sub": user, "iat": start, "exp": start + 3600}
    signed = ".".join(
        _part(json.dumps(each).encode()) for each in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    return f"{signed}.{_part(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def made(name: str, user: str, secret: str, port: int) -> Mechanism:
    """The mechanism of this name; the secret is a password or a token."""
    makers: dict[str, Callable[[], Mechanism]] = {
        "CRAM-MD5": lambda: CRAMMD5(user, secret),
        "PLAIN": lambda: mechanisms.plain(user, secret),
        "LOGIN": lambda: mechanisms.login(user, secret),
        "XOAUTH2": lambda: mechanisms.xoauth2(user, secret),
        "OAUTHBEARER": lambda: mechanisms.oauthbearer(user, secret, "localhost", port),
        "ANONYMOUS": lambda: mechanisms.anonymous(secret),
    }
    nonce = secrets.token_urlsafe(18).encode()
    return makers.get(name, lambda: SCRAM(name, user, secret, nonce))()


def sign_in(client: IMAPClient, mechanism: Mechanism, is_initial_sent: bool = True) -> Event:
    """Go through the whole exchange; the completion."""
    engine = client.engine
    initial = None
    if mechanism.is_client_first and is_initial_sent and "SASL-IR" in engine.capabilities:
        initial = _answer(mechanism, b"")
    sasl.authenticate(engine, mechanism.name, initial)
    while (event := client.wait("challenge", "completed"))[0] == "challenge":
        sasl.respond(engine, _answer(mechanism, decode(event[1]) or b""))
    if event[3] == "OK":
        mechanism.verify(b"")
    return event


def _answer(mechanism: Mechanism, challenge: bytes) -> bytes | None:
    for _ in mechanism.work(challenge):
        pass
    return mechanism.answer


def exchange(client: IMAPClient, server: Server, name: str, **other: object) -> Event:
    """Sign in by this mechanism, with what is right unless told otherwise."""
    right = token(server.user) if name in TOKENS else server.password
    user, secret = other.get("user", server.user), other.get("secret", right)
    mechanism = made(name, str(user), str(secret), server.tls_port)
    return sign_in(client, mechanism, bool(other.get("is_initial_sent", True)))


@pytest.fixture
def offered(server: Server, client: IMAPClient) -> set[str]:
    """The mechanisms that the server says it has."""
    names = {word[5:] for word in client.engine.capabilities if word.startswith("AUTH=")}
    assert names == {"dovecot": {*PASSWORDS, *TOKENS, "ANONYMOUS"}, "pymap": ON_PYMAP}[server.name]
    return names


# --- what is right ---


@pytest.mark.parametrize("is_initial_sent", [True, False])
@pytest.mark.parametrize("name", [*PASSWORDS, *TOKENS, "ANONYMOUS"])
def test_each_mechanism_signs_in_where_it_is_offered_and_else_is_refused(
    server: Server, client: IMAPClient, offered: set[str], name: str, is_initial_sent: bool
):
    done = exchange(client, server, name, is_initial_sent=is_initial_sent)
    if name in offered:
        assert done[3] == "OK"
        assert client.finish(access.examine(client.engine, "INBOX"))[3] == "OK"
    else:
        # without a word on the password, so another may be tried
        assert done[3:5] == ("NO", "")
        assert exchange(client, server, "PLAIN")[3] == "OK"


@ONLY_DOVECOT
@pytest.mark.parametrize("name", PASSWORDS)
def test_odd_passwords_pass_through_each_mechanism(server: Server, name: str):
    for user, word in ODD_PASSWORDS.items():
        with IMAPClient(server.host, server.tls_port, server.ca_pem) as client:
            client.wait("greeting")
            assert exchange(client, server, name, user=user, secret=word)[3] == "OK", user


# --- what is wrong ---


@pytest.mark.parametrize("name", [*PASSWORDS, *TOKENS])
def test_a_wrong_secret_is_refused_and_the_right_one_then_taken(
    server: Server, client: IMAPClient, offered: set[str], name: str
):
    done = exchange(client, server, name, secret="not this")
    assert done[3:5] == ("NO", "AUTHENTICATIONFAILED" if name in offered else "")
    assert client.engine.state == "n"
    assert client.finish(access.login(client.engine, server.user, server.password))[3] == "OK"


@ONLY_DOVECOT
def test_what_is_wrong_with_a_token_is_told_before_the_refusal(server: Server):
    wrong = {
        "signed by somebody else": token(server.user, key=b"guessed"),
        "too old": token(server.user, age_s=4000),
        "somebody else's": token("spaces"),
    }

    def told(name: str, secret: str) -> tuple[str, bytes]:
        with IMAPClient(server.host, server.tls_port, server.ca_pem) as client:
            client.wait("greeting")
            assert exchange(client, server, name, secret=secret)[3] == "NO"
            [challenge] = [event[1] for event in client.events if event[0] == "challenge"]
            return json.loads(base64.b64decode(challenge))["status"], client.sent[-8:]

    # Dovecot takes half a second for each refusal
    with ThreadPoolExecutor() as pool:
        for name, status, last in (
            ("XOAUTH2", "401", b"\r\n\r\n"),
            ("OAUTHBEARER", "invalid_token", b"\r\nAQ==\r\n"),
        ):
            answers = pool.map(told, [name] * len(wrong), wrong.values())
            for what, (said, sent) in zip(wrong, answers, strict=True):
                assert said == status, what
                assert sent.endswith(last), what


@ONLY_DOVECOT
def test_an_unknown_user_is_refused_like_a_wrong_password(server: Server, client: IMAPClient):
    done = exchange(client, server, "SCRAM-SHA-256", user="nobody-here")
    assert done[3:5] == ("NO", "AUTHENTICATIONFAILED")


def test_an_exchange_that_is_cancelled_can_be_begun_again(server: Server, client: IMAPClient):
    tag = sasl.authenticate(client.engine, "LOGIN")
    client.wait("challenge")
    sasl.respond(client.engine, server.user.encode())
    client.wait("challenge")
    sasl.respond(client.engine, None)
    assert client.finish(tag)[3] in ("NO", "BAD")
    assert exchange(client, server, "LOGIN")[3] == "OK"
