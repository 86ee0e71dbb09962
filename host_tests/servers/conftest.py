"""One running server of each kind for the whole rung, its INBOX empty before every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from host_tests.servers.acting import WORK, do, put
from host_tests.support import dovecot
from host_tests.support.dovecot import Dovecot
from host_tests.support.imap_client import IMAPClient
from host_tests.support.pymap import Pymap
from postlamp.imap import access, mailboxes

Server = Dovecot | Pymap
SERVERS = {"pymap": Pymap, "dovecot": Dovecot}
ODD_PASSWORDS = {
    "spaces": " two  words ",
    "quotes": 'say "friend"',
    "backslash": "a\\b\\\\",
    "cyrillic": "пароль é ü",
    "controls": 'back\\slash "and" пробел',
}


def _dovecot() -> Dovecot:
    return Dovecot(ODD_PASSWORDS, more=dovecot.EVERY_MECHANISM + dovecot.RIGHTS)


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[[str], Server]]:
    """Start a server when its first test asks, stop all at the end."""
    found: dict[str, Server] = {}
    with ExitStack() as stack:

        def get(name: str) -> Server:
            if name not in found:
                found[name] = _dovecot() if name == "dovecot" else Pymap()
                stack.callback(found[name].stop)
            return found[name]

        yield get


def _params(*names: str) -> list[object]:
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]


# For what pymap has nothing of.
ONLY_DOVECOT = pytest.mark.parametrize("server", _params("dovecot"), indirect=True)


@pytest.fixture(params=_params(*SERVERS))
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
def signed_in(server: Server, client: IMAPClient) -> IMAPClient:
    """A connection that is logged in, to an account with INBOX alone."""
    login = client.finish(access.login(client.engine, server.user, server.password))
    assert login[3] == "OK"
    client.finish(access.capability(client.engine))  # pymap and Dovecot do not tell all unasked
    _remove_mailboxes(client)
    return client


@pytest.fixture
def desk(signed_in: IMAPClient) -> IMAPClient:
    """A connection that is logged in and has INBOX open to be changed."""
    assert signed_in.finish(access.select(signed_in.engine, "INBOX"))[3] == "OK"
    return signed_in


@pytest.fixture
def three(signed_in: IMAPClient) -> IMAPClient:
    """INBOX with mails "a", "b" and "c" open to be changed, beside an empty mailbox."""
    do(signed_in, mailboxes.send(signed_in.engine, "CREATE", WORK))
    put(signed_in, "a", "b", "c")
    do(signed_in, access.select(signed_in.engine, "INBOX"))
    return signed_in


def _remove_mailboxes(client: IMAPClient) -> None:
    """Delete what another test left, the innermost first."""
    listed = client.told(mailboxes.send(client.engine, "LIST", "", "*"))
    subscribed = client.told(mailboxes.send(client.engine, "LSUB", "", "*"))
    for event in sorted(listed[:-1], key=lambda event: -len(event[3])):
        if event[3] != b"INBOX" and b"\\Noselect" not in event[1]:
            done = client.finish(mailboxes.send(client.engine, "DELETE", event[3]))
            assert done[3] == "OK", event
    for event in subscribed[:-1]:
        if event[3] != b"INBOX":
            client.finish(mailboxes.send(client.engine, "UNSUBSCRIBE", event[3]))


@pytest.fixture
def inbox(server: Server, client: IMAPClient) -> IMAPClient:
    """A connection that is logged in and has INBOX open, read-only."""
    login = client.finish(access.login(client.engine, server.user, server.password))
    assert login[3] == "OK"
    assert client.finish(access.examine(client.engine, "INBOX"))[3] == "OK"
    return client
