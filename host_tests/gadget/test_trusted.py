"""Each way to trust a server, with the whole firmware: a root on flash, a pin, STARTTLS."""

import hashlib
import ssl
from typing import Any

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, on_lamp, says, shows
from tools import build, roots
from tools.sim.board import SimBoard
from tools.sim.certs import Authority, self_signed

TLS = ("implicit", "starttls")


def files(*authorities: Authority) -> list[build.BoardFile]:
    """What goes on the board, these authorities in place of Mozilla's."""
    packed = roots.pack([authority.root for authority in authorities])
    return [
        build.BoardFile(file.path, packed, file.origin) if file.path == "roots.bin" else file
        for file in build.deploy_set("SIM")
    ]


def port(server: Dovecot, tls: str) -> int:
    return server.tls_port if tls == "implicit" else server.plain_port


async def counts(board: SimBoard) -> None:
    await shows(board, 15, state="nothing", cause=None, unseen=0)


@pytest.fixture
def proton() -> Any:
    """A server that is its own issuer, as Proton Bridge is; with the digest to pin."""
    leaf = self_signed()
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_pem.decode())
    found = Dovecot(leaf=leaf)
    yield found, hashlib.sha256(der).hexdigest()
    found.stop()


@pytest.mark.parametrize("tls", TLS)
def test_a_root_on_flash_is_found(tls: str):
    authority = Authority("The right one")
    server = Dovecot(authority=authority)
    store = files(Authority("Another"), authority, Authority("A third"))

    async def use(board: SimBoard) -> None:
        await counts(board)
        assert board.status["reconnects"] == 0  # looking for the root is no failure

    try:
        settings = config(account(port(server, tls), tls=tls, trust="mozilla"))
        on_lamp(settings, use, files=store)
    finally:
        server.stop()


@pytest.mark.parametrize("tls", TLS)
def test_a_pinned_server_is_trusted(tls: str, proton: tuple[Dovecot, str]):
    server, digest = proton
    settings = config(account(port(server, tls), tls=tls, trust="pin:" + digest))
    on_lamp(settings, counts)


@pytest.mark.parametrize("tls", TLS)
def test_another_certificate_than_the_pinned_one_is_refused(tls: str, proton: tuple[Dovecot, str]):
    server, _ = proton

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="refused", cause="pin_changed", unseen=None)
        await says(board, "Certificate changed")

    settings = config(account(port(server, tls), tls=tls, trust="pin:" + "ab" * 32))
    on_lamp(settings, use)
    assert "Login:" not in server.log()
