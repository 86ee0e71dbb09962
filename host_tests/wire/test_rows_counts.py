"""The real watcher and servers that keep things to themselves: read mail, a mailbox made anew."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    EXAMINE,
    FETCH,
    IDLE,
    IDLING,
    NEWEST,
    NOOP,
    OK,
    SEARCH,
    SELECTED,
    SIGN_IN,
)
from host_tests.support.peer import Peer, Step, delay, expect, fin, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-rows"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
END_IDLE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]


def test_mail_read_elsewhere_without_a_word_is_found_read_in_a_minute() -> None:
    none = send(b"* SEARCH\r\n{tag} OK done\r\n")
    with Peer([*IDLING, *END_IDLE, NOOP, OK, SEARCH, none, *AGAIN, hold()]) as peer:
        with watching(peer.port, speed=20) as watch:
            first = watch.unseen(1)["now_s"]
            assert watch.unseen(0)["now_s"] - first <= 90


def _news(found: bytes, above: bytes) -> list[Step]:
    """A push, and what is unread then; only its last one is new: above this UID."""
    newer = expect(rb"(?P<tag>\S+) UID SEARCH UID " + above + rb":\* UNSEEN\r\n")
    count = [SEARCH, send(b"* SEARCH " + found + b"\r\n{tag} OK\r\n")]
    last = send(b"* SEARCH " + found[-1:] + b"\r\n{tag} OK\r\n")
    return [delay(0.1), send(b"* 9 EXISTS\r\n"), *END_IDLE, *count, newer, last, FETCH, OK]


def test_a_mailbox_made_anew_under_the_same_uidvalidity_is_begun_anew() -> None:
    selected = SELECTED.replace(b"UIDNEXT 8", b"UIDNEXT 3")
    anew = [*SIGN_IN, EXAMINE, send(selected), SEARCH, send(b"* SEARCH 1 2\r\n{tag} OK\r\n")]
    first = [*IDLING, *_news(b"7 8", b"8"), delay(0.1), fin()]
    second = [*anew, *NEWEST, *AGAIN, *_news(b"1 2 3", b"3"), IDLE, hold()]
    with Peer(first, second) as peer, watching(peer.port) as watch:
        assert watch.unseen(2)["new_count"] == 1
        watch.cause("closed")
        assert watch.unseen(2)["new_count"] == 0
        assert watch.unseen(3)["new_count"] == 1  # its UID is lower than one that was new before
