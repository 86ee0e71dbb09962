"""STARTTLS on real servers that listen in plain text: before it nothing secret, after it all."""

import ssl
from collections.abc import Iterator

import pytest

from host_tests.servers.conftest import Server
from host_tests.support.imap_client import IMAPClient
from host_tests.support.pymap import PlainPymap
from postlamp.imap import access
from tools.sim.certs import Authority


@pytest.fixture(scope="session")
def plain_pymap() -> Iterator[PlainPymap]:
    found = PlainPymap()
    yield found
    found.stop()


@pytest.fixture
def plain(server: Server, request: pytest.FixtureRequest) -> Server | PlainPymap:
    """A server with a plain port and STARTTLS on it."""
    fixture = {"dovecot": "server", "pymap": "plain_pymap"}[server.name]
    found: Server | PlainPymap = request.getfixturevalue(fixture)
    return found


@pytest.fixture
def bare(plain: Server | PlainPymap) -> Iterator[IMAPClient]:
    """A connection in plain text that was greeted."""
    with IMAPClient(plain.host, plain.plain_port) as client:
        client.wait("greeting")
        yield client


def test_the_plain_port_offers_starttls_and_secures(plain: Server, bare: IMAPClient):
    engine = bare.engine
    assert bare.finish(access.capability(engine))[3] == "OK"
    assert "STARTTLS" in engine.capabilities
    assert bare.finish(access.starttls(engine))[3] == "OK"
    bare.secure(plain.ca_pem)
    assert engine.capabilities == frozenset()
    assert bare.finish(access.capability(engine))[3] == "OK"
    assert "IMAP4REV1" in engine.capabilities and "STARTTLS" not in engine.capabilities
    assert bare.finish(access.login(engine, plain.user, plain.password))[3] == "OK"
    assert bare.finish(access.examine(engine, "INBOX"))[3] == "OK"


def test_tls_is_not_begun_twice(plain: Server, bare: IMAPClient):
    bare.finish(access.starttls(bare.engine))
    bare.secure(plain.ca_pem)
    assert bare.finish(access.starttls(bare.engine))[3] in ("NO", "BAD")
    assert bare.finish(access.login(bare.engine, plain.user, plain.password))[3] == "OK"


def test_a_certificate_of_another_authority_ends_it_before_anything_is_said(
    plain: Server, bare: IMAPClient
):
    assert bare.finish(access.starttls(bare.engine))[3] == "OK"
    with pytest.raises(ssl.SSLCertVerificationError):
        bare.secure(Authority().pem)
    assert b"LOGIN" not in bare.sent
