"""One running server of each kind for the whole rung, its INBOX empty before every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from host_tests.support import dovecot
from host_tests.support.dovecot import Dovecot
from host_tests.support.imap_client import IMAPClient
from host_tests.support.pymap import Pymap
from postlamp.imap import access

Server = Dovecot | Pymap
SERVERS = {"pymap": Pymap, "dovecot": Dovecot}
ODD_PASSWORDS = {
    "spaces": " two  words ",
    "quotes": 'say "friend"',
    "backslash": "a\\b\\\\",
    "cyrillic": "пароль é ü",
    "controls": 'back\\slash "and" пробел',
}


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[[str], Server]]:
    """Start a server when its first test asks, stop all at the end."""
    found: dict[str, Server] = {}
    with ExitStack() as stack:

        def get(name: str) -> Server:
            if name not in found:
                found[name] = Dovecot(ODD_PASSWORDS) if name == "dovecot" else Pymap()
                stack.callback(found[name].stop)
            return found[name]

        yield get


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SERVERS]
)
def server(request: pytest.FixtureRequest, running: Callable[[str], Server]) -> Server:
    """The server under test; the suite runs once for each."""
    name: str = request.param
    reason = dovecot.missing() if name == "dovecot" else ""
    if reason:
        pytest.skip(reason)
    found = running(name)
    found.other.expunge()
    return found


@pytest.fixture
def client(server: Server) -> Iterator[IMAPClient]:
    """A connection that has read the greeting."""
    with IMAPClient(server.host, server.tls_port, server.ca_pem) as connection:
        assert connection.wait("greeting")[1] == "OK"
        yield connection


@pytest.fixture
def inbox(server: Server, client: IMAPClient) -> IMAPClient:
    """A connection that is logged in and has INBOX open, read-only."""
    login = client.finish(access.login(client.engine, server.user, server.password))
    assert login[3] == "OK"
    assert client.finish(access.examine(client.engine, "INBOX"))[3] == "OK"
    return client
