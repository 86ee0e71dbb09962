"""The real transport finds the root that a server's chain leads to, in a store on flash."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from host_tests.support.client import Client
from host_tests.support.hierarchy import Issuer
from host_tests.support.peer import Peer, expect, hold, secure, send
from tools import roots
from tools.sim.certs import Leaf, server_context

pytestmark = pytest.mark.xdist_group("wire-trust")
GREETING = [send(b"* OK hello\r\n"), hold()]
# The collector is conservative: some blocks may stay. One lost at each round is 1280.
_NOISE_BYTES = 640
# Ones that never fit, so that the right one has to be looked for.
OTHERS = [Issuer(f"Other {number}").certificate for number in range(20)]


@pytest.fixture
def store(tmp_path: Path) -> Callable[..., str]:
    """Writes a store of roots, other ones among them; the path."""

    def write(*issuers: Issuer) -> str:
        path = tmp_path / f"roots-{len(list(tmp_path.iterdir()))}.bin"
        path.write_bytes(roots.pack([*OTHERS, *(issuer.certificate for issuer in issuers)]))
        return str(path)

    return write


def _connected(client: Client, leaf: Leaf, store: str, **order: object) -> tuple[object, int]:
    """The cause of a refusal, None for none, and how many connections it took."""
    with Peer(GREETING, tls=server_context(leaf)) as peer:
        answer = client.connect(peer.port, store=store, **order)
        if "error" not in answer:
            assert client.read(12)["data"] == "* OK hello\r\n"
        return answer.get("cause"), len(peer.lines)


@pytest.mark.parametrize("kind", ["ec", "p384", "rsa"])
def test_a_chain_of_two_intermediates_leads_to_its_root(
    client: Client, store: Callable[..., str], kind: str
) -> None:
    root = Issuer("Root " + kind, kind)
    issuer = Issuer("Issuer", kind, Issuer("Middle", kind, root))
    assert _connected(client, issuer.leaf(), store(root)) == (None, 2)


def test_the_root_is_remembered(client: Client, store: Callable[..., str]) -> None:
    root = Issuer("Root")
    path = store(root)
    assert _connected(client, root.leaf(), path) == (None, 2)
    assert _connected(client, root.leaf(), path) == (None, 1)


def test_a_new_chain_is_learned_anew(client: Client, store: Callable[..., str]) -> None:
    first, second = Issuer("First"), Issuer("Second")
    path = store(first, second)
    assert _connected(client, first.leaf(), path) == (None, 2)
    assert _connected(client, second.leaf(), path) == (None, 2)
    assert _connected(client, second.leaf(), path) == (None, 1)


def test_a_fifth_root_takes_the_place_of_the_others(
    client: Client, store: Callable[..., str]
) -> None:
    many = [Issuer(f"Root {number}") for number in range(5)]
    path = store(*many)
    assert [_connected(client, root.leaf(), path)[1] for root in many] == [2] * 5
    assert [_connected(client, root.leaf(), path)[1] for root in many[::4]] == [2, 1]


def test_a_server_may_show_its_root_too(client: Client, store: Callable[..., str]) -> None:
    root = Issuer("Root")
    issuer = Issuer("Issuer", parent=root)
    leaf = issuer.leaf(issuer.chain() + root.cross_signed_by(root))
    assert _connected(client, leaf, store(root))[0] is None


def test_a_cross_signed_root_is_trusted_through_either(
    client: Client, store: Callable[..., str]
) -> None:
    old, new = Issuer("Old"), Issuer("New")
    issuer = Issuer("Issuer", parent=new)
    leaf = issuer.leaf(issuer.chain() + new.cross_signed_by(old))
    for trusted in ([old], [new], [old, new]):
        assert _connected(client, leaf, store(*trusted))[0] is None


def test_of_two_roots_of_one_name_the_right_one_is_found(
    client: Client, store: Callable[..., str]
) -> None:
    twins = [Issuer("Twin"), Issuer("Twin"), Issuer("Twin")]
    for twin in twins:
        assert _connected(client, twin.leaf(), store(*twins))[0] is None


def test_a_stranger_is_refused_and_learns_nothing(
    client: Client, store: Callable[..., str]
) -> None:
    stranger = Issuer("Issuer", parent=Issuer("Stranger"))
    path = store(Issuer("Root"))
    for _ in range(2):  # the second time too
        with Peer(GREETING, tls=server_context(stranger.leaf())) as peer:
            assert client.connect(peer.port, store=path)["cause"] == "unknown_issuer"
        assert [bytes(line.seen) for line in peer.lines] == [b""]


def test_a_root_of_the_same_name_but_another_key_is_not_enough(
    client: Client, store: Callable[..., str]
) -> None:
    forged = Issuer("Root").leaf()
    path = store(Issuer("Root"))
    assert _connected(client, forged, path) == ("unknown_issuer", 2)
    assert _connected(client, forged, path) == ("unknown_issuer", 1)


def test_a_chain_with_a_hole_is_refused(client: Client, store: Callable[..., str]) -> None:
    root = Issuer("Root")
    leaf = Issuer("Issuer", parent=root).leaf(chain=b"")
    assert _connected(client, leaf, store(root))[0] == "unknown_issuer"


def test_what_else_is_wrong_is_told_once_the_root_is_known(
    client: Client, store: Callable[..., str]
) -> None:
    root = Issuer("Root")
    path = store(root)
    assert _connected(client, root.leaf(host="example.org"), path)[0] == "wrong_host"
    assert _connected(client, root.leaf(days=(-20, -10)), path)[0] == "expired"
    assert _connected(client, root.leaf(days=(10, 20)), path)[0] == "not_yet_valid"
    client_only = root.leaf(purpose=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert _connected(client, client_only, path)[0] == "bad_certificate"


def test_an_expired_root_signs_nothing_any_more(client: Client, store: Callable[..., str]) -> None:
    old = Issuer("Old", days=(-20, -10))
    assert _connected(client, old.leaf(), store(old))[0] == "expired"


def test_starttls_asks_to_be_called_again(client: Client, store: Callable[..., str]) -> None:
    root = Issuer("Root")
    path = store(root)
    tls: ssl.SSLContext = server_context(root.leaf())
    agreed = [send(b"* OK hi\r\n"), expect(rb"a STARTTLS\r\n"), send(b"a OK\r\n"), secure(tls)]
    with Peer([*agreed, hold()]) as peer:
        for is_up in (False, True):
            assert "error" not in client.connect(peer.port, tls="starttls", store=path)
            client.order("write", data="a STARTTLS\r\n", times=1, deadline_ms=1000)
            assert client.read(15)["data"] == "* OK hi\r\na OK\r\n"
            assert client.order("start_tls", name="localhost", tls_ms=3000)["is_up"] == is_up


def test_what_fails_while_a_chain_is_read_is_told_and_costs_nothing(
    client: Client, store: Callable[..., str]
) -> None:
    root = Issuer("Root")
    path = store(root)
    told = {
        "MemoryError": ("LinkError", "memory"),
        "IndexError": ("TrustError", "bad_certificate"),
    }
    with Peer(GREETING, tls=server_context(root.leaf())) as peer:
        before: dict[str, int] = {}
        for round_number in range(60):
            for failure, (error, cause) in told.items():
                client.order("spoil", failure=failure)
                answer = client.connect(peer.port, store=path)
                assert (answer["error"], answer["cause"]) == (error, cause)
            if round_number == 9:
                before = client.order("cost")
    after = client.order("cost")
    # Jumping out of mbedTLS left 1.2 kB of the system's memory each time
    assert after["system_kb"] - before["system_kb"] < 64
    assert after["files"] == before["files"]


def test_a_missing_or_broken_store_is_named(client: Client, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bin"
    broken.write_bytes(b"-----BEGIN CERTIFICATE-----")
    for path in (str(broken), str(tmp_path / "none.bin")):
        with Peer(GREETING, tls=server_context(Issuer("Root").leaf())) as peer:
            answer = client.connect(peer.port, store=path)
        assert (answer["error"], answer["args"][0]) == ("ConfigError", path)


def test_strangers_leave_nothing_behind(
    client: Client, store: Callable[..., str], cost_of: Callable[..., tuple[int, int]]
) -> None:
    path = store(Issuer("Root"))
    with Peer(GREETING, tls=server_context(Issuer("Stranger").leaf())) as peer:

        def work() -> None:
            for _ in range(40):
                client.connect(peer.port, store=path)

        work()
        files, heap_bytes = cost_of(work)
        assert files == 0
        assert heap_bytes < _NOISE_BYTES
