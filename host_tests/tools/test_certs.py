"""The certificates of the simulator, judged by the real MicroPython and by OpenSSL."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from tools.sim import certs
from tools.sim.runtime import find_micropython

_CLIENT = """
import asyncio, binascii, socket, ssl, sys
port, host = int(sys.argv[1]), sys.argv[2]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_mode = ssl.CERT_REQUIRED
context.load_verify_locations(cadata=binascii.unhexlify("@ROOT@"))
raw = socket.socket()
raw.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
try:
    peer = context.wrap_socket(raw, server_hostname=host)
    print("read", peer.read(5))
except (OSError, ValueError) as error:
    print("refused:", error)
"""


async def _greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"hello")
    writer.close()


async def _shake_hands(leaf: certs.Leaf, root_der: bytes, host: str) -> str:
    """What MicroPython says to `leaf` when it trusts `root_der` and wants `host`."""
    server = await asyncio.start_server(
        _greet, "127.0.0.1", 0, ssl=certs.server_context(leaf), ssl_handshake_timeout=5
    )
    port = server.sockets[0].getsockname()[1]
    # An argument of more than 255 characters kills MicroPython at start: the root is in the code.
    client = await asyncio.create_subprocess_exec(
        *(find_micropython(), "-c", _CLIENT.replace("@ROOT@", root_der.hex()), str(port), host),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(client.communicate(), 20)
    server.close()
    return said.decode().strip()


@pytest.fixture(scope="module")
def authority() -> certs.Authority:
    return certs.Authority()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_micropython_accepts_the_leaf_of_a_root_it_trusts(
    authority: certs.Authority, host: str
) -> None:
    said = asyncio.run(_shake_hands(authority.issue(), authority.der, host))
    assert said == "read b'hello'"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", "expired"),
        ("not yet valid", "future"),
        ("wrong host", "CN"),
        ("self-signed", "not correctly signed"),
        ("another root", "not correctly signed"),
    ],
)
def test_micropython_refuses_each_fault(
    authority: certs.Authority, fault: str, reason: str
) -> None:
    leaves = {
        "expired": authority.issue_expired,
        "not yet valid": authority.issue_not_yet_valid,
        "wrong host": authority.issue_wrong_host,
        "self-signed": certs.self_signed,
        "another root": certs.Authority().issue,
    }
    said = asyncio.run(_shake_hands(leaves[fault](), authority.der, "localhost"))
    assert said.startswith("refused:")
    assert reason in said


async def _strict_read(leaf: certs.Leaf, root_pem: bytes) -> bytes:
    """What CPython reads under the strict rules that are its default from 3.13 on."""
    server = await asyncio.start_server(_greet, "127.0.0.1", 0, ssl=certs.server_context(leaf))
    context = ssl.create_default_context(cadata=root_pem.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    said = await reader.read()
    writer.close()
    server.close()
    return said


def test_a_strict_cpython_accepts_the_leaf(authority: certs.Authority) -> None:
    assert asyncio.run(_strict_read(authority.issue(), authority.pem)) == b"hello"


def test_server_context_allows_tls_1_2_and_leaves_no_file(
    authority: certs.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    context = certs.server_context(authority.issue())
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert list(tmp_path.iterdir()) == []
