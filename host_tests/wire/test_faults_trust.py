"""However a server is trusted and TLS begins: bad certificates are refused; what roots cost."""

import hashlib
import ssl
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from host_tests.support import client as clients
from host_tests.support import micropython
from host_tests.support.client import Client
from host_tests.support.hierarchy import Issuer
from host_tests.support.peer import Peer, Step, expect, hold, secure, send
from tools import roots
from tools.sim.certs import Leaf, server_context
from tools.sim.runtime import find_micropython

pytestmark = pytest.mark.xdist_group("wire-trust")
ROOT = Issuer("Root")
GOOD = ROOT.leaf()
BAD: dict[str, Callable[[], Leaf]] = {
    "unknown_issuer": lambda: Issuer("Stranger").leaf(),
    "expired": lambda: ROOT.leaf(days=(-20, -10)),
    "not_yet_valid": lambda: ROOT.leaf(days=(10, 20)),
    "wrong_host": lambda: ROOT.leaf(host="mail.example.org"),
}
GREETING = send(b"* OK hi\r\n")
STARTTLS = [GREETING, expect(rb"a STARTTLS\r\n"), send(b"a OK\r\n")]
TRIES = 2  # a root of the store is found by the first, and trusted by the second
# The collector is conservative: a block or two may stay.
_NOISE_BYTES = 640
_HEAP_STEP = 2048
_MALLOC_KB = 200  # the C library takes its memory in pieces of 132 kB


@pytest.fixture
def trusted(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """What an order needs for each setting of `trust`, all of which trust GOOD."""
    (tmp_path / "ca.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "roots.bin").write_bytes(roots.pack([ROOT.certificate, Issuer("B").certificate]))
    der = ssl.PEM_cert_to_DER_cert(GOOD.cert_pem.decode())
    return {
        "ca": {"ca": str(tmp_path / "ca.pem")},
        "mozilla": {"store": str(tmp_path / "roots.bin")},
        "pin": {"pin": hashlib.sha256(der).hexdigest()},
    }.__getitem__


def _told(client: Client, leaf: Leaf, tls: str, order: dict[str, str]) -> tuple[object, bytes]:
    """Why this certificate is refused, None if it is not; and what its server is told inside TLS.

    A client that was refused tries to sign in all the same.
    """
    context = server_context(leaf)
    login: list[Step] = [expect(rb"a LOGIN me secret\r\n"), send(b"a OK in\r\n"), hold()]
    script = [*STARTTLS, secure(context), *login] if tls == "starttls" else [GREETING, *login]
    answer = {}
    with Peer(script, tls=None if tls == "starttls" else context) as peer:
        for _ in range(TRIES):
            answer = client.connect(peer.port, tls=tls, **order)
            if tls == "starttls":
                assert client.read(9)["data"] == "* OK hi\r\n"
                client.order("write", data="a STARTTLS\r\n", times=1, deadline_ms=1000)
                assert client.read(6)["data"] == "a OK\r\n"
                answer = client.order("start_tls", name="localhost", tls_ms=3000)
            if answer.get("is_up", True):
                break
        if "error" not in answer and tls == "implicit":
            assert client.read(9)["data"] == "* OK hi\r\n"
        client.order("write", data="a LOGIN me secret\r\n", times=1, deadline_ms=300)
        if "error" not in answer:
            assert client.read(9)["data"] == "a OK in\r\n"
    heard = b"".join(bytes(line.seen) for line in peer.lines)
    return answer.get("cause"), heard.replace(b"a STARTTLS\r\n", b"")


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("trust", ["mozilla", "ca", "pin"])
def test_bad_certificates_are_refused_and_told_nothing(
    client: Client, trusted: Callable[[str], dict[str, str]], trust: str, tls: str
) -> None:
    assert _told(client, GOOD, tls, trusted(trust)) == (None, b"a LOGIN me secret\r\n")
    for cause, make in BAD.items():
        expected = "pin_changed" if trust == "pin" else cause
        assert _told(client, make(), tls, trusted(trust)) == (expected, b"")


_EACH_SETTING = """
import tls
from postlamp.accounts import _transport
for trust in ("mozilla", "ca", "pin:" + "ab" * 32):
    link = _transport(trust)
    print(trust[:3], link.context.verify_mode == tls.CERT_REQUIRED, len(link.pin), link.store)
"""


def test_only_with_a_pin_is_the_verdict_of_the_library_left_aside(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    said = subprocess.run(
        [find_micropython(), "-c", _EACH_SETTING],
        cwd=tmp_path,
        env=micropython.environment(),
        capture_output=True,
        text=True,
    ).stdout
    assert said.splitlines() == ["moz True 0 roots.bin", "ca True 0 ", "pin False 32 "]


# --- the price of all of Mozilla's roots ---


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A store of one root, and one of that and all of certifi's."""
    folder = tmp_path_factory.mktemp("roots")
    with warnings.catch_warnings():
        # one root's serial number is not positive; it is trusted all the same
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        mozilla = x509.load_pem_x509_certificates(roots.source().read_bytes())
    for name, others in (("one", []), ("all", mozilla)):
        (folder / name).write_bytes(roots.pack([ROOT.certificate, *others]))
    return [str(folder / "one"), str(folder / "all")]


def _cost(store: str, heap: int | None = None) -> dict[str, int] | None:
    """What a process holds when it has found the root in this store; None: its heap was short."""
    options = [] if heap is None else ["-X", f"heapsize={heap}"]
    with Peer([GREETING, hold()], tls=server_context(GOOD)) as peer:
        with clients.started(Path(store), *options) as client:
            try:
                answer = client.connect(peer.port, store=store)
                assert "error" not in answer and len(peer.lines) == TRIES
                return client.order("cost")
            except (AssertionError, BrokenPipeError):
                if heap is None:
                    raise
                return None


def test_all_roots_cost_no_more_memory_than_one(stores: list[str]) -> None:
    one, every = (_cost(store) for store in stores)
    assert one and every
    assert every["heap"] - one["heap"] < _NOISE_BYTES
    assert every["system_kb"] - one["system_kb"] < _MALLOC_KB


def test_to_search_all_roots_takes_no_larger_a_heap_than_to_search_one(stores: list[str]) -> None:
    enough, few = 512 * 1024, 0
    while enough - few > _HEAP_STEP:
        middle = (enough + few) // 2
        if _cost(stores[0], middle):
            enough = middle
        else:
            few = middle
    assert _cost(stores[1], enough + _HEAP_STEP)
