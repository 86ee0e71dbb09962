"""The real watcher opens its mailbox again every ten minutes, for servers that tell only then."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    EXAMINE,
    FETCH,
    IDLING,
    NEWEST,
    NOOP,
    OK,
    ONE,
    SEARCH,
    SELECTED,
    SIGN_IN,
    item,
)
from host_tests.support.peer import Peer, Step, expect, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-reopening"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
END_IDLE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
NONE = send(b"* SEARCH\r\n{tag} OK done\r\n")


def test_what_others_did_is_seen_when_the_mailbox_is_opened_again() -> None:
    again = [*END_IDLE, EXAMINE, send(b"* OK [CLOSED] x\r\n" + SELECTED), SEARCH, NONE, *AGAIN]
    with Peer([*IDLING, *again, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        watch.jump(600)
        told = watch.unseen(0)
        assert (told["reconnects"], told["newest"]) == (0, None)


def test_a_mailbox_opened_again_is_polled_as_before_for_ten_minutes() -> None:
    poll: list[Step] = [*END_IDLE, NOOP, OK, SEARCH, NONE, *AGAIN]
    again = [*END_IDLE, EXAMINE, send(SELECTED), SEARCH, *ONE, *NEWEST, *AGAIN]
    with Peer([*IDLING, *poll, *again, *poll, hold()]) as peer, watching(peer.port) as watch:
        for unseen, passes_s in ((1, 570), (0, 60), (1, 570), (0, 0)):
            watch.unseen(unseen)
            watch.jump(passes_s)


def test_a_mailbox_made_anew_under_us_is_not_announced() -> None:
    selected = SELECTED.replace(b"VALIDITY 9", b"VALIDITY 10").replace(b"NEXT 8", b"NEXT 9")
    two = [SEARCH, send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")]
    bob = [FETCH, send(item(b"Bob") + b"{tag} OK done\r\n"), *AGAIN]
    with Peer([*IDLING, *END_IDLE, EXAMINE, send(selected), *two, *bob, hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            watch.jump(600)
            told = watch.unseen(2)
            assert (told["new_count"], told["newest"]) == (0, [8, "Bob", "Hello"])


def test_a_mailbox_deleted_under_us_is_told_and_then_looked_for() -> None:
    no = send(b"{tag} NO Mailbox does not exist.\r\n")
    missing = [*SIGN_IN, EXAMINE, no, hold()]
    with Peer([*IDLING, *END_IDLE, EXAMINE, no, hold()], missing) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            watch.jump(600)
            assert watch.cause("mailbox_gone")["retry_ms"] == 500
            assert watch.cause("mailbox")["retry_ms"] == 30000


def test_an_account_that_may_write_selects_again() -> None:
    select = expect(rb'(?P<tag>\S+) SELECT "?INBOX"?\r\n')
    again = [*END_IDLE, select, send(SELECTED), SEARCH, NONE, *AGAIN, hold()]
    first = [*SIGN_IN, select, send(SELECTED), SEARCH, *ONE, *NEWEST, *AGAIN]
    with Peer([*first, *again]) as peer, watching(peer.port, access="read-write") as watch:
        watch.unseen(1)
        watch.jump(600)
        watch.unseen(0)
