"""The real transport refuses every server it cannot trust, and says why."""

import contextlib
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.support.client import Client
from host_tests.support.peer import Line, Peer, Step, expect, fin, hold, rst, send
from tools.sim.certs import Authority, Leaf, self_signed, server_context

pytestmark = pytest.mark.xdist_group("wire-trust")
# The garbage collector is conservative: some blocks may stay. One lost at each round is 640.
_NOISE_BYTES = 640
_SERVER_KEY_EXCHANGE = 12  # RFC 5246 §7.4
GREETING = [send(b"* OK hello\r\n"), hold()]


def _refusal(client: Client, *steps: Step, tls: ssl.SSLContext | None, **order: object) -> str:
    """Connects to a peer that plays `steps`; returns "Error cause" of what was raised."""
    with Peer(list(steps) or GREETING, tls=tls) as peer:
        answer = client.connect(peer.port, **order)
    return f"{answer.get('error')} {answer.get('cause')}"


def test_a_good_server_is_trusted_by_name_and_by_address(
    client: Client, authority: Authority
) -> None:
    for host in ("localhost", "127.0.0.1"):
        with Peer(GREETING, tls=server_context(authority.issue())) as peer:
            assert "error" not in client.connect(peer.port, host=host)
            assert client.read(12)["data"] == "* OK hello\r\n"


def test_the_expected_name_may_differ_from_the_host(client: Client, authority: Authority) -> None:
    with Peer(GREETING, tls=server_context(authority.issue("mail.example.org"))) as peer:
        assert "error" not in client.connect(peer.port, name="mail.example.org")


@pytest.mark.parametrize(
    ("issue", "cause"),
    [
        (lambda ca: ca.issue_expired(), "expired"),
        (lambda ca: ca.issue_not_yet_valid(), "not_yet_valid"),
        (lambda ca: ca.issue_wrong_host(), "wrong_host"),
        (lambda ca: self_signed(), "unknown_issuer"),
        (lambda ca: Authority("a stranger").issue(), "unknown_issuer"),
        (lambda ca: Authority("a stranger").issue_expired(), "unknown_issuer"),
    ],
    ids=["expired", "not-yet-valid", "wrong-host", "self-signed", "unknown", "unknown-expired"],
)
def test_a_bad_certificate_is_refused(
    client: Client, authority: Authority, issue: Callable[[Authority], Leaf], cause: str
) -> None:
    tls = server_context(issue(authority))
    assert _refusal(client, tls=tls) == f"TrustError {cause}"


def test_nothing_is_trusted_without_a_ca(client: Client, authority: Authority) -> None:
    tls = server_context(authority.issue())
    assert _refusal(client, tls=tls, ca="") == "TrustError unknown_issuer"


def test_a_plain_server_on_a_tls_port_is_named(client: Client) -> None:
    assert _refusal(client, tls=None) == "TrustError not_tls"


def test_a_tls_1_3_only_server_is_named(client: Client, authority: Authority) -> None:
    tls = server_context(authority.issue())
    tls.minimum_version = ssl.TLSVersion.TLSv1_3
    assert _refusal(client, tls=tls) == "TrustError tls_version"


def test_no_common_cipher_is_no_common_tls(client: Client, authority: Authority) -> None:
    tls = server_context(authority.issue())
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")  # the certificate is an EC one
    assert _refusal(client, tls=tls) == "TrustError tls_version"


def _forge(tls: ssl.SSLContext, wait_s: float) -> Step:
    """Shows the right certificate and, after a while, a signature that its key never made."""

    def step(line: Line) -> None:
        theirs, ours = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = tls.wrap_bio(theirs, ours, server_side=True)
        theirs.write(line.sock.recv(65536))
        with contextlib.suppress(ssl.SSLWantReadError):
            server.do_handshake()
        flight = bytearray(ours.read())
        at = 0
        while flight[at + 5] != _SERVER_KEY_EXCHANGE:
            at += 5 + int.from_bytes(flight[at + 3 : at + 5], "big")
        line.sock.sendall(flight[:at])
        time.sleep(wait_s)
        flight[at + 5 + int.from_bytes(flight[at + 3 : at + 5], "big") - 1] ^= 1
        line.sock.sendall(flight[at:])
        while line.receive():
            pass

    return step


@pytest.mark.parametrize("wait_s", [0, 0.3], ids=["at-once", "late"])
def test_a_forged_key_exchange_is_never_a_mere_end(
    client: Client, authority: Authority, wait_s: float
) -> None:
    with Peer([_forge(server_context(authority.issue()), wait_s)], tls=None) as peer:
        answer = client.connect(peer.port)
        if "error" not in answer:  # the certificate was right; the rest is judged when it comes
            answer = client.read(12, deadline_ms=3000)
    assert answer["cause"] == "bad_certificate"


def test_silence_instead_of_a_handshake_ends_in_time(client: Client) -> None:
    assert _refusal(client, hold(), tls=None, tls_ms=300) == "LinkError silent"


def test_an_end_in_the_handshake_is_a_closed_link(client: Client) -> None:
    for end in (fin(), rst()):
        assert _refusal(client, expect(b".+"), end, tls=None) == "LinkError closed"


def test_a_way_of_securing_that_is_unknown_is_never_plain_text(client: Client) -> None:
    with Peer(GREETING) as peer:
        assert client.connect(peer.port, tls="if possible")["error"] == "MisuseError"
    assert not peer.lines


def test_a_client_that_refused_has_sent_nothing_but_the_handshake(
    client: Client, authority: Authority
) -> None:
    with Peer(GREETING, tls=server_context(authority.issue_wrong_host())) as peer:
        client.connect(peer.port)
        client.order("write", data="LOGIN", times=1, deadline_ms=500)
    assert not peer.lines[0].seen


def test_another_ca_means_another_context(
    client: Client, authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority("a stranger")
    (tmp_path / "other.pem").write_bytes(stranger.pem)
    with Peer(GREETING, tls=server_context(authority.issue())) as peer:
        assert "error" not in client.connect(peer.port)
        refused = client.connect(peer.port, ca=str(tmp_path / "other.pem"))
        assert refused["cause"] == "unknown_issuer"
        assert "error" not in client.connect(peer.port)


def test_a_file_of_two_cas_trusts_both(
    client: Client, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "two.pem").write_bytes(Authority("a stranger").pem + authority.pem)
    with Peer(GREETING, tls=server_context(authority.issue())) as peer:
        assert "error" not in client.connect(peer.port, ca=str(tmp_path / "two.pem"))


def test_refused_handshakes_leave_nothing_behind(
    client: Client, authority: Authority, cost_of: Callable[..., tuple[int, int]]
) -> None:
    with Peer(GREETING, tls=server_context(authority.issue_expired())) as peer:

        def work() -> None:
            for _ in range(20):
                client.connect(peer.port)

        work()  # the context is made once
        files, heap_bytes = cost_of(work)
        assert files == 0
        assert heap_bytes < _NOISE_BYTES
