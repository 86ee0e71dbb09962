"""A pinned certificate, and nothing else, is trusted; and TLS begun on an open connection."""

import hashlib
import ssl
from collections.abc import Callable

import pytest

from host_tests.support.client import Client
from host_tests.support.peer import Peer, Step, expect, hold, secure, send
from tools.sim.certs import Authority, Leaf, self_signed, server_context

pytestmark = pytest.mark.xdist_group("wire-trust")
GREETING = [send(b"* OK hello\r\n"), hold()]
_NOISE_BYTES = 640  # a cell of 32 bytes for each of 30 refusals would be 960


def _pin(leaf: Leaf) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf.cert_pem.decode())).hexdigest()


@pytest.mark.parametrize(
    "issue",
    [
        lambda ca: self_signed(),
        lambda ca: ca.issue_wrong_host(),
        lambda ca: ca.issue_expired(),
        lambda ca: ca.issue(),
    ],
    ids=["self-signed", "wrong-host", "expired", "issued"],
)
def test_a_pinned_server_is_trusted_whatever_its_certificate_says(
    client: Client, authority: Authority, issue: Callable[[Authority], Leaf]
) -> None:
    leaf = issue(authority)
    with Peer(GREETING, tls=server_context(leaf)) as peer:
        assert "error" not in client.connect(peer.port, pin=_pin(leaf))
        assert client.read(12)["data"] == "* OK hello\r\n"


def _with_a_wrong_bit(pin: str, at: int) -> str:
    changed = bytearray.fromhex(pin)
    changed[at] ^= 1
    return changed.hex()


@pytest.mark.parametrize("at", [0, 31], ids=["first byte", "last byte"])
def test_any_other_certificate_is_refused_and_named(
    client: Client, authority: Authority, at: int
) -> None:
    leaf = authority.issue()
    with Peer(GREETING, tls=server_context(leaf)) as peer:
        answer = client.connect(peer.port, pin=_with_a_wrong_bit(_pin(leaf), at))
        assert (answer["error"], answer["cause"]) == ("TrustError", "pin_changed")
        assert answer["args"] == ["pin_changed", "the server has pin:" + _pin(leaf)]
        client.order("write", data="LOGIN", times=1, deadline_ms=500)
    assert not peer.lines[0].seen


def test_a_pin_of_the_issuer_is_no_pin_of_the_server(client: Client, authority: Authority) -> None:
    leaf = authority.issue()
    chain = Leaf(leaf.cert_pem + authority.pem, leaf.key_pem)
    root = hashlib.sha256(authority.der).hexdigest()
    for pin, cause in ((root, "pin_changed"), (_pin(leaf), None)):
        with Peer(GREETING, tls=server_context(chain)) as peer:
            assert client.connect(peer.port, pin=pin).get("cause") == cause


def test_refused_pins_leave_nothing_behind(
    client: Client, cost_of: Callable[..., tuple[int, int]]
) -> None:
    with Peer(GREETING, tls=server_context(self_signed())) as peer:

        def work() -> None:
            for _ in range(30):
                client.connect(peer.port, pin="11" * 32)

        work()
        files, heap_bytes = cost_of(work)
        assert files == 0
        assert heap_bytes < _NOISE_BYTES


# --- STARTTLS ---


def _agreed(tls: ssl.SSLContext, *then: Step) -> list[Step]:
    """A server that agrees to STARTTLS and then waits for the client to speak."""
    return [
        send(b"* OK hi\r\n"),
        expect(rb"a STARTTLS\r\n"),
        send(b"a OK\r\n"),
        secure(tls),
        *then,
    ]


def _asked(client: Client, port: int, **order: object) -> None:
    assert "error" not in client.connect(port, tls="starttls", **order)
    assert client.read(9)["data"] == "* OK hi\r\n"
    client.order("write", data="a STARTTLS\r\n", times=1, deadline_ms=1000)
    assert client.read(6)["data"] == "a OK\r\n"


def test_tls_begins_on_an_open_connection_and_the_client_speaks_first(
    client: Client, authority: Authority
) -> None:
    echo = [expect(rb"b NOOP\r\n"), send(b"b OK\r\n"), hold()]
    with Peer(_agreed(server_context(authority.issue()), *echo)) as peer:
        _asked(client, peer.port)
        assert "error" not in client.order("start_tls", name="localhost", tls_ms=3000)
        client.order("write", data="b NOOP\r\n", times=1, deadline_ms=1000)
        assert client.read(6)["data"] == "b OK\r\n"


def test_starttls_checks_the_certificate_as_strictly(client: Client, authority: Authority) -> None:
    for leaf, cause in (
        (authority.issue_wrong_host(), "wrong_host"),
        (authority.issue_expired(), "expired"),
        (self_signed(), "unknown_issuer"),
    ):
        with Peer(_agreed(server_context(leaf), hold())) as peer:
            _asked(client, peer.port)
            assert client.order("start_tls", name="localhost", tls_ms=3000)["cause"] == cause
            answer = client.order("write", data="LOGIN", times=1, deadline_ms=500)
            assert answer["cause"] == "closed"


def test_starttls_with_a_pin(client: Client) -> None:
    leaf = self_signed()
    wrong = [_with_a_wrong_bit(_pin(leaf), at) for at in (0, 31)]
    for pin, cause in ((_pin(leaf), None), *((pin, "pin_changed") for pin in wrong)):
        with Peer(_agreed(server_context(leaf), hold())) as peer:
            _asked(client, peer.port, pin=pin)
            answer = client.order("start_tls", name="localhost", tls_ms=3000)
            assert answer.get("cause") == cause


def test_plain_words_in_place_of_the_handshake_are_no_tls(
    client: Client, authority: Authority
) -> None:
    plain = [
        send(b"* OK hi\r\n"),
        expect(rb"a STARTTLS\r\n"),
        send(b"a OK\r\n"),
        expect(rb"\x16.+"),
        send(b"* PREAUTH welcome\r\n"),
        hold(),
    ]
    with Peer(plain) as peer:
        _asked(client, peer.port)
        answer = client.order("start_tls", name="localhost", tls_ms=3000)
        assert (answer["error"], answer["cause"]) == ("TrustError", "not_tls")


def test_starttls_needs_something_to_trust(client: Client) -> None:
    with Peer(GREETING) as peer:
        assert client.connect(peer.port, tls="starttls", ca="")["cause"] == "unknown_issuer"
    assert not peer.lines
