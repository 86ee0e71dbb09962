"""The real transport against faults of the wire: no byte lost, no wait without an end, no leak."""

import ssl
import threading
from collections.abc import Callable

import pytest

from host_tests.support.client import Client
from host_tests.support.peer import (
    Peer,
    Step,
    black_hole,
    close_notify,
    delay,
    drip,
    expect,
    fin,
    hold,
    refused_port,
    rst,
    send,
    stall,
)
from tools.sim.certs import Authority, server_context

pytestmark = pytest.mark.xdist_group("wire-transport")
_ROUNDS = 30
# The garbage collector is conservative: a few blocks may stay. One block (32 bytes) lost
# at each round is this much or more.
_ONE_A_ROUND_BYTES = 32 * _ROUNDS
TEXT = b"".join(b"%06d\n" % number for number in range(3000))  # 21,000 bytes


@pytest.fixture(params=["plain", "tls"])
def tls(request: pytest.FixtureRequest, authority: Authority) -> ssl.SSLContext | None:
    return server_context(authority.issue()) if request.param == "tls" else None


def _connect(client: Client, peer: Peer, tls: ssl.SSLContext | None) -> None:
    answer = client.connect(peer.port, tls="implicit" if tls else "none")
    assert "error" not in answer, answer


def _meet(client: Client, tls: ssl.SSLContext | None, *steps: Step) -> dict[str, object]:
    """Lets the peer speak and end first, then reads all."""
    with Peer([send(b"!"), expect(b"go"), *steps], tls=tls) as peer:
        _connect(client, peer, tls)
        assert client.read(1)["data"] == "!"
        client.order("write", data="go", times=1, deadline_ms=1000)
        peer.check()
        return client.read(30000, 500)


def test_a_refused_port_is_refused_at_once(client: Client) -> None:
    with refused_port() as port:
        for host in ("localhost", "127.0.0.1"):
            answer = client.connect(port, host=host)
            assert answer["cause"] == "refused"
            assert answer["took_ms"] < 1000


def test_a_black_hole_ends_with_the_deadline(client: Client) -> None:
    with black_hole() as port:
        answer = client.connect(port, connect_ms=300)
    assert answer["cause"] == "silent"
    assert 290 <= answer["took_ms"] < 2000


def test_a_host_without_an_address_is_dns(client: Client) -> None:
    assert client.connect(993, host="no.such.host.invalid")["cause"] == "dns"


def test_an_address_nobody_routes_is_unreachable(client: Client) -> None:
    # Linux refuses a connection to a broadcast address; no packet leaves
    assert client.connect(993, host="255.255.255.255")["cause"] == "unreachable"


def test_a_greeting_may_take_longer_than_the_handshake(
    client: Client, authority: Authority
) -> None:
    late = [delay(0.5), send(b"* OK\r\n"), hold()]
    with Peer(late, tls=server_context(authority.issue())) as peer:
        assert "error" not in client.connect(peer.port, tls_ms=300)
        assert client.read(6)["data"] == "* OK\r\n"


def test_silence_leaves_the_connection_usable(client: Client, tls: ssl.SSLContext | None) -> None:
    with Peer([send(b"a"), expect(b"go"), send(b"b"), hold()], tls=tls) as peer:
        _connect(client, peer, tls)
        answer = client.read(2, 200)
        assert (answer["data"], answer["cause"]) == ("a", "silent")
        assert "error" not in client.order("write", data="go", times=1, deadline_ms=1000)
        assert client.read(1)["data"] == "b"


def test_a_long_answer_comes_whole(client: Client, tls: ssl.SSLContext | None) -> None:
    with Peer([send(TEXT), hold()], tls=tls) as peer:
        _connect(client, peer, tls)
        assert client.read(len(TEXT))["data"] == TEXT.decode()


def test_single_bytes_come_whole(client: Client, tls: ssl.SSLContext | None) -> None:
    with Peer([drip(b"* OK one by one\r\n", 0.005), hold()], tls=tls) as peer:
        _connect(client, peer, tls)
        assert client.read(17)["data"] == "* OK one by one\r\n"


def test_cancelled_reads_lose_no_byte(client: Client, tls: ssl.SSLContext | None) -> None:
    text = TEXT[:300]
    with Peer([drip(text, 0.003), fin()], tls=tls) as peer:
        _connect(client, peer, tls)
        answer = client.order("read_cancelled", size=len(text), every_ms=1)
    assert answer["data"] == text.decode()
    assert answer["cancelled"] > 3


@pytest.mark.parametrize("length", [0, 1, 255, 256, 1023, 1024, 1025])
def test_the_last_bytes_before_an_end_are_kept(
    client: Client, tls: ssl.SSLContext | None, length: int
) -> None:
    answer = _meet(client, tls, send(TEXT[:length]), fin())
    assert (answer["data"], answer["end"]) == (TEXT[:length].decode(), True)


def test_a_reset_is_a_close(client: Client, tls: ssl.SSLContext | None) -> None:
    answer = _meet(client, tls, send(TEXT[:255]), rst())
    assert TEXT.startswith(str(answer["data"]).encode())
    assert answer["cause"] == "closed"


def test_a_polite_end_of_tls_is_an_end(client: Client, authority: Authority) -> None:
    script = [send(b"bye"), delay(0.1), close_notify()]
    with Peer(script, tls=server_context(authority.issue())) as peer:
        assert "error" not in client.connect(peer.port)
        answer = client.read(10)
    assert (answer["data"], answer["end"]) == ("bye", True)


def test_a_long_write_arrives_whole(client: Client, tls: ssl.SSLContext | None) -> None:
    with Peer([delay(0.2), expect(b"(0123456789){20000}"), send(b"ok"), hold()], tls=tls) as peer:
        _connect(client, peer, tls)
        client.order("write", data="0123456789" * 200, times=100, deadline_ms=5000)
        assert client.read(2, 5000)["data"] == "ok"


def test_a_write_nobody_takes_ends_and_closes(client: Client, tls: ssl.SSLContext | None) -> None:
    is_asserted = threading.Event()
    with Peer([send(b"!"), stall(is_asserted)], tls=tls) as peer:
        try:
            _connect(client, peer, tls)
            client.read(1)
            answer = client.order("write", data="0123456789" * 1000, times=2000, deadline_ms=300)
            assert answer["cause"] == "silent"
            assert 290 <= answer["took_ms"] < 3000
            assert client.read(1)["cause"] == "closed"  # by us: the peer is still there
        finally:
            is_asserted.set()


def test_a_closed_transport_says_so(client: Client) -> None:
    client.order("close")
    assert client.read(1)["cause"] == "closed"
    assert client.order("write", data="x", times=1, deadline_ms=100)["cause"] == "closed"


def test_data_without_end_does_not_stop_the_light(client: Client) -> None:
    assert client.order("flood", reads=100)["ran"] >= 5


def test_reconnects_leave_nothing_behind(
    client: Client, tls: ssl.SSLContext | None, cost_of: Callable[..., tuple[int, int]]
) -> None:
    with Peer([send(b"* OK\r\n"), hold()], tls=tls) as peer:

        def work() -> None:
            for _ in range(_ROUNDS):
                _connect(client, peer, tls)
                client.read(6)

        work()
        files, heap_bytes = cost_of(work)
        assert files == 0
        assert heap_bytes < _ONE_A_ROUND_BYTES


def test_failed_and_cancelled_connects_leave_nothing_behind(
    client: Client, cost_of: Callable[..., tuple[int, int]]
) -> None:
    with refused_port() as refused, black_hole() as hole, Peer([hold()]) as mute:

        def work() -> None:
            for _ in range(_ROUNDS):
                client.connect(refused)
                client.connect(hole, connect_ms=20)
                client.connect(mute.port, tls_ms=20)
                cancelled = client.connect(hole, do="cancel_connect", after_ms=10)
                assert cancelled["cancelled"]
                client.connect(mute.port, do="cancel_connect", after_ms=10)

        work()
        files, heap_bytes = cost_of(work)
        assert files == 0
        assert heap_bytes < _ONE_A_ROUND_BYTES
