"""The read-only proof: what the real watcher sends to real servers cannot change a flag."""

from collections.abc import Iterator

import pytest

from host_tests.servers.acting import MAIL, do, flags
from host_tests.servers.conftest import Server
from host_tests.support import micropython
from host_tests.support.imap_client import IMAPClient
from host_tests.support.proxy import Proxy
from host_tests.support.read_only import harmful
from host_tests.support.watch import watching
from postlamp.imap import access, messages

needs_micropython = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())
POLL_S = 10
MANY = 60  # more than the watcher counts by itself where a server does (ESEARCH)


def test_whatever_could_change_a_flag_is_found():
    for line in (
        b'p1 SELECT "INBOX"',
        b"p1 select INBOX",
        b"p1 UID STORE 1 +FLAGS (\\Seen)",
        b"p1 STORE 1 -FLAGS.SILENT (\\Seen)",
        b"p1 UID FETCH 1 (BODY[])",
        b"p1 UID FETCH 1 BODY[TEXT]",
        b"p1 UID FETCH 1 (UID BODY.PEEK[HEADER] BODY[TEXT]<0.10>)",
        b"p1 UID FETCH 1 (RFC822)",
        b"p1 UID FETCH 1 (UID RFC822.TEXT)",
        b"p1 FETCH 1 (FLAGS)",
        b"p1 EXPUNGE",
        b"p1 UID EXPUNGE 1:*",
        b"p1 CLOSE",
        b"p1 UID COPY 1 Trash",
        b"p1 MOVE 1 Trash",
        b"p1 APPEND INBOX {3+}\r\nabc",
        b'p1 DELETE "INBOX"',
        b"p1 NOOP EXPUNGE",
    ):
        sent = b"p0 NOOP\r\n" + line + b"\r\np2 NOOP\r\n"
        assert len(harmful(sent)) == 1, line


def test_what_changes_nothing_is_let_through():
    for sent in (
        b"p1 CAPABILITY\r\n",
        b"p1 LOGIN {5+}\r\nalice {8}\r\np SELECT\r\n",
        b"p1 AUTHENTICATE SCRAM-SHA-256\r\nbiwsbj1h\r\n\r\n*\r\n",
        b'p1 EXAMINE "INBOX"\r\np2 STATUS "Work" (UNSEEN)\r\n',
        b"p1 UID SEARCH RETURN (COUNT MAX) UNSEEN UNDELETED\r\n",
        b"p1 UID FETCH 7 (UID BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]<0.99>)\r\n",
        b"p1 IDLE\r\nDONE\r\np2 NOOP\r\np3 LOGOUT\r\n",
    ):
        assert harmful(sent) == []


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """Between the watcher, which speaks plain text here, and the server's TLS."""
    with Proxy(server.tls_port, server.ca_pem) as found:
        yield found


def _flag(server: Server, number: str) -> None:
    with IMAPClient(server.host, server.tls_port, server.ca_pem) as desk:
        desk.wait("greeting")
        _open(server, desk, "SELECT")
        do(desk, messages.store(desk.engine, number, "+FLAGS", "\\Flagged", "STORE"))


def _open(server: Server, client: IMAPClient, name: str) -> None:
    do(client, access.login(client.engine, server.user, server.password))
    do(client, access.select(client.engine, "INBOX", name))


@needs_micropython
@pytest.mark.parametrize("idle", [True, False])
def test_a_watcher_that_may_only_read_changes_no_flag(
    server: Server, proxy: Proxy, client: IMAPClient, idle: bool
):
    server.deliver_raw(*[MAIL] * MANY)
    with watching(proxy.port, user=server.user, idle=idle, poll_s=POLL_S) as watch:
        watch.unseen(MANY)
        _flag(server, "10")
        server.deliver()
        watch.unseen(MANY + 1)
        server.other.mark_seen(3)
        watch.unseen(MANY - 2)
        server.other.expunge(4)
        watch.unseen(MANY - 3)
    sent = b"".join(bytes(exchange.sent) for exchange in proxy.exchanges)
    assert harmful(sent) == []
    waits = b" IDLE\r\n" if idle else b" NOOP\r\n"
    for word in (b" EXAMINE ", b" UID SEARCH ", b" UID FETCH ", b".PEEK[", waits):
        assert word in sent
    # what others did is there, and nothing more
    _open(server, client, "EXAMINE")
    expected: list[set[str]] = [set() for _ in range(MANY - 3)]
    expected[10 - 4 - 1] = {"\\Flagged"}
    assert flags(client) == expected


@needs_micropython
def test_a_watcher_that_may_write_is_seen_to_open_the_mailbox_so(server: Server, proxy: Proxy):
    server.deliver()
    with watching(proxy.port, user=server.user, access="read-write") as watch:
        watch.unseen(1)
    [exchange] = proxy.exchanges
    assert [line.split(b" ", 1)[1] for line in harmful(bytes(exchange.sent))] == [
        b'SELECT "INBOX"'
    ]
    assert b"OK [READ-WRITE]" in exchange.received
