"""The real watcher of two mailboxes on real servers: what comes, is read and is deleted there."""

import pytest

from host_tests.servers.acting import WORK, do, flags, put
from host_tests.servers.conftest import Server
from host_tests.support import micropython
from host_tests.support.imap_client import IMAPClient
from host_tests.support.proxy import Proxy
from host_tests.support.read_only import harmful
from host_tests.support.watch import watching
from postlamp.imap import access, mailboxes, messages

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())
POLL_S = 10
TWO = ["INBOX", WORK]


@pytest.mark.parametrize("baseline", ["all", "now"])
def test_a_second_mailbox_is_watched_and_nothing_in_it_is_changed(
    server: Server, signed_in: IMAPClient, baseline: str
):
    do(signed_in, mailboxes.send(signed_in.engine, "CREATE", WORK))
    put(signed_in, "a", mailbox=WORK)
    old = int(baseline == "all")
    with Proxy(server.tls_port, server.ca_pem) as proxy:
        with watching(
            proxy.port, user=server.user, mailboxes=TWO, baseline=baseline, poll_s=POLL_S
        ) as watch:
            watch.unseen(old)
            server.deliver()
            watch.unseen(old + 1)
            put(signed_in, "b", "c", mailbox=WORK)
            told = watch.unseen(old + 3)
            assert told["new_count"] == 3
            assert (told["newest"][0][0], *told["newest"][1:]) == (WORK, "Жанна", "c")
            do(signed_in, access.select(signed_in.engine, WORK))
            assert flags(signed_in) == [set(), set(), set()]
            do(signed_in, messages.store(signed_in.engine, "2", "+FLAGS", "\\Seen", "STORE"))
            watch.unseen(old + 2)
            server.other.mark_seen()
            told = watch.unseen(old + 1)
        sent = b"".join(bytes(exchange.sent) for exchange in proxy.exchanges)
    assert harmful(sent) == []
    assert sent.count(b" STATUS ") > sent.count(b' EXAMINE "&')
    assert flags(signed_in) == [set(), {"\\Seen"}, set()]


def test_a_second_mailbox_that_is_deleted_is_named_and_the_first_still_counted(
    server: Server, signed_in: IMAPClient
):
    do(signed_in, mailboxes.send(signed_in.engine, "CREATE", WORK))
    put(signed_in, "a", mailbox=WORK)
    server.deliver()
    with Proxy(server.tls_port, server.ca_pem) as proxy:
        with watching(proxy.port, user=server.user, mailboxes=TWO, poll_s=POLL_S) as watch:
            watch.unseen(2)
            do(signed_in, mailboxes.send(signed_in.engine, "DELETE", WORK))
            told = watch.cause("mailbox")
            assert (told["unseen"], told["detail"]) == (1, WORK)
            server.deliver()
            watch.wait(lambda told: told["unseen"] == 2, "one more in the first")
            do(signed_in, mailboxes.send(signed_in.engine, "CREATE", WORK))
            put(signed_in, "b", mailbox=WORK)
            assert watch.unseen(3)["reconnects"] == 0
