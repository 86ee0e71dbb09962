"""The real watcher from minute to minute: with IDLE, a mute one or none, and when it ends."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    COUNTED,
    EXAMINE,
    FETCH,
    IDLE,
    IDLING,
    LOGIN,
    NEWEST,
    NOOP,
    OK,
    ONE,
    SEARCH,
    SELECTED,
    STAYS,
)
from host_tests.support.peer import Peer, Step, expect, fin, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-cycle"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
DONE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
TOLD = [NOOP, send(b"* 2 EXISTS\r\n{tag} OK done\r\n")]
NEWER = expect(rb"(?P<tag>\S+) UID SEARCH UID 8:\* UNSEEN\r\n")
TWO: list[Step] = [
    *(SEARCH, send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")),
    *(NEWER, send(b"* SEARCH 8\r\n{tag} OK done\r\n"), FETCH, OK),
]
POLL_S = 5


def test_mail_that_a_mute_idle_never_tells_of_is_found_by_polling() -> None:
    with Peer([*IDLING, *DONE, *TOLD, *TWO, *AGAIN, hold()]) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            first = watch.unseen(1)["now_s"]
            told = watch.unseen(2)
            assert (told["new_count"], told["reconnects"]) == (1, 0)
            assert told["now_s"] - first <= POLL_S + 3


def test_a_server_without_idle_is_polled() -> None:
    mute = [send(b"* OK [CAPABILITY IMAP4rev1] hello\r\n"), LOGIN]
    mute += [send(b"{tag} OK [CAPABILITY IMAP4rev1] in\r\n"), EXAMINE, send(SELECTED)]
    with Peer([*mute, SEARCH, *ONE, *NEWEST, *TOLD, *TWO, hold()]) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            first = watch.unseen(1)["now_s"]
            assert watch.unseen(2)["now_s"] - first <= POLL_S + 3


def test_an_idle_that_is_offered_and_refused_is_not_tried_again() -> None:
    refused = [IDLE, send(b"{idle} BAD no\r\n")]
    with Peer([*COUNTED, *refused, *TOLD, *TWO, NOOP, fin()]) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            watch.unseen(1)
            assert watch.unseen(2)["reconnects"] == 0
            watch.cause("closed")
    assert bytes(peer.lines[0].seen).count(b"IDLE") == 1


def test_mail_before_idling_begins_is_counted_at_once() -> None:
    early = [IDLE, send(b"* 2 EXISTS\r\n+ idling\r\n"), *DONE, *TWO, *AGAIN, hold()]
    with Peer([*COUNTED, *early]) as peer, watching(peer.port) as watch:
        first = watch.unseen(1)["now_s"]
        assert watch.unseen(2)["now_s"] - first <= POLL_S


def test_a_still_here_in_idle_is_no_count() -> None:
    still = [send(b"* OK Still here\r\n"), *DONE, NOOP, OK, SEARCH, *ONE, IDLE, fin()]
    with Peer([*IDLING, *still]) as peer, watching(peer.port, poll_s=POLL_S) as watch:
        watch.unseen(1)
        watch.cause("closed")
    peer.check()


def test_an_idle_that_ends_after_minutes_is_taken_up_again_quietly() -> None:
    polled = [*DONE, NOOP, OK, SEARCH, *ONE, *AGAIN]
    with Peer([*IDLING, *polled, *polled, fin()], STAYS) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            watch.unseen(1)
            told = watch.cause("closed")
            assert (told["retry_ms"], told["unseen"]) == (500, 1)
            told = watch.unseen(1)
            assert (told["new_count"], told["reconnects"]) == (0, 1)


def test_a_session_that_ends_with_its_token_is_taken_up_again_quietly() -> None:
    bye = [send(b"* BYE Session expired, please login again.\r\n"), fin()]
    with Peer([*IDLING, *DONE, NOOP, *bye], STAYS) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            watch.unseen(1)
            assert watch.cause("bye")["retry_ms"] == 500
            assert watch.unseen(1)["new_count"] == 0


def test_a_half_open_link_is_found_by_our_own_deadline_where_nobody_idles() -> None:
    mute = [send(b"* OK [CAPABILITY IMAP4rev1] hello\r\n"), LOGIN]
    mute += [send(b"{tag} OK [CAPABILITY IMAP4rev1] in\r\n"), EXAMINE, send(SELECTED)]
    with Peer([*mute, SEARCH, *ONE, *NEWEST, hold()], STAYS) as peer:
        with watching(peer.port) as watch:
            first = watch.unseen(1)["now_s"]
            watch.jump(60)
            assert watch.cause("silent")["now_s"] - first <= 90
            watch.unseen(1)


def test_an_expunge_lowers_the_count() -> None:
    none = send(b"* SEARCH\r\n{tag} OK done\r\n")
    with Peer([*IDLING, send(b"* 1 EXPUNGE\r\n"), *DONE, SEARCH, none, *AGAIN, hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            assert watch.unseen(0)["newest"] is None
