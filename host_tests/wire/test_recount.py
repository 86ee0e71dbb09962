"""The real watcher while mail comes and goes: the counts, and when they are asked for."""

import threading
import time

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    COUNTED,
    EXAMINE,
    FETCH,
    IDLE,
    IDLING,
    NEWEST,
    NOOP,
    OK,
    ONE,
    OPEN,
    SEARCH,
    SELECTED,
    SIGN_IN,
    item,
)
from host_tests.support.peer import Peer, Step, delay, expect, fin, hold, send, stall
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-recount"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]


def _push(line: bytes, found: bytes, fresh: bytes, newest: bytes = b"") -> list[Step]:
    """A push in IDLE: what is unread then, what of it is new, and the newest one's header."""
    end = [send(line), expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
    count = [SEARCH, send(b"* SEARCH " + found + b"\r\n{tag} OK done\r\n")]
    newer = expect(rb"(?P<tag>\S+) UID SEARCH UID 8:\* UNSEEN\r\n")
    news = [newer, send(fresh + b"\r\n{tag} OK done\r\n")]
    return [*end, *count, *news, FETCH, send(newest + b"{tag} OK done\r\n"), *AGAIN]


def test_new_mail_is_counted_down_as_it_is_read_elsewhere() -> None:
    pushes = [
        *_push(b"* 2 EXISTS\r\n", b"7 8", b"* SEARCH 8"),
        *_push(b"* 3 EXISTS\r\n", b"7 8 9", b"* SEARCH 8 9"),
        *_push(b"* 3 FETCH (FLAGS (\\Seen))\r\n", b"7 8", b"* SEARCH 8"),
    ]
    with Peer([*IDLING, delay(0.1), *pushes, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        for unseen, new_count in ((2, 1), (3, 2), (2, 1)):
            assert watch.unseen(unseen)["new_count"] == new_count


def test_what_was_new_before_a_press_is_not_new_again_in_the_count_that_was_under_way() -> None:
    pressed = threading.Event()
    pushes = [
        *_push(b"* 3 EXISTS\r\n", b"7 8 9", b"* SEARCH 8 9"),
        *_push(b"* 4 EXISTS\r\n", b"7 8 9 10", b"* SEARCH 8 9 10"),
    ]
    fetch = len(pushes) - len(AGAIN) - 1
    pushes.insert(fetch, stall(pressed))
    newer = expect(rb"(?P<tag>\S+) UID SEARCH UID 10:\* UNSEEN\r\n")
    later = [send(b"* 5 EXISTS\r\n"), expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
    later += [SEARCH, send(b"* SEARCH 7 8 9 10 11\r\n{tag} OK done\r\n"), newer]
    later += [send(b"* SEARCH 10 11\r\n{tag} OK done\r\n"), FETCH, OK, hold()]
    with Peer([*IDLING, delay(0.1), *pushes, *later]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        assert watch.unseen(3)["new_count"] == 2
        while peer.lines[0].seen.count(b"FETCH") < 3:
            time.sleep(0.01)
        watch.do("calm")
        watch.wait(lambda told: told["new_count"] == 0, "calm")
        pressed.set()
        assert watch.unseen(4)["new_count"] == 1
        assert watch.unseen(5)["new_count"] == 2


def test_mail_is_new_where_a_search_from_its_number_finds_nothing() -> None:
    push = _push(b"* 2 EXISTS\r\n", b"7 8", b"* SEARCH", item(b"Bob"))
    with Peer([*IDLING, delay(0.1), *push, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        assert watch.unseen(2)["new_count"] == 1


def test_new_is_over_when_the_mailbox_was_made_anew() -> None:
    news = _push(b"* 2 EXISTS\r\n", b"7 8", b"* SEARCH 8", item(b"Bob"))
    selected = SELECTED.replace(b"VALIDITY 9", b"VALIDITY 10").replace(b"NEXT 8", b"NEXT 9")
    both = send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")
    anew = [*SIGN_IN, EXAMINE, send(selected), SEARCH, both, *NEWEST, IDLE, hold()]
    with Peer([*IDLING, delay(0.1), *news, delay(0.1), fin()], anew) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            told = watch.unseen(2)
            assert (told["new_count"], told["newest"]) == (1, [8, "Bob", "Hello"])
            watch.cause("closed")
            told = watch.unseen(2)
            assert (told["new_count"], told["newest"]) == (0, [8, "Ann", "Hello"])


def test_mail_that_comes_between_two_searches_is_counted() -> None:
    pushes = [
        *_push(b"* 2 EXISTS\r\n", b"7 8", b"* 3 EXISTS\r\n* SEARCH 8 9"),
        *_push(b"", b"7 8 9", b"* SEARCH 8 9"),
    ]
    with Peer([*IDLING, delay(0.1), *pushes, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        assert watch.unseen(3)["now_s"] < 30


def test_mail_that_comes_behind_the_list_of_the_second_search_is_counted() -> None:
    newer = expect(rb"(?P<tag>\S+) UID SEARCH UID 8:\* UNSEEN\r\n")
    again = [newer, send(b"* SEARCH 8 9\r\n{tag} OK done\r\n")]
    end = [send(b"* 2 EXISTS\r\n"), expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
    count = [SEARCH, send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")]
    late = [newer, send(b"* SEARCH 8\r\n* 3 EXISTS\r\n{tag} OK done\r\n"), *again, FETCH, OK]
    pushes = [*end, *count, *late, *AGAIN, *_push(b"", b"7 8 9", b"* SEARCH 8 9")]
    with Peer([*IDLING, delay(0.1), *pushes, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        assert watch.unseen(3)["now_s"] < 30


def test_a_server_that_tells_the_same_number_again_is_not_asked_again() -> None:
    same = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n"), NOOP, send(b"* 1 EXISTS\r\n"), OK]
    lit = [SEARCH, send(b"* 1 EXISTS\r\n* SEARCH 7\r\n* 1 EXISTS\r\n{tag} OK done\r\n"), IDLE]
    with Peer([*COUNTED, *AGAIN, *same, *lit, hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            watch.jump(60)
            watch.cause("silent")  # at the end of the script, and not before
    peer.check()


def test_a_count_at_zero_is_asked_for_again_before_it_is_stale() -> None:
    none = send(b"* SEARCH\r\n{tag} OK done\r\n")
    poll = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n"), NOOP, OK]
    script = [*OPEN, SEARCH, none, *AGAIN, *poll, SEARCH, *ONE, *NEWEST, hold()]
    with Peer(script) as peer, watching(peer.port, speed=25, poll_s=200) as watch:
        watch.unseen(0)
        assert watch.unseen(1)["now_s"] < 300  # at 400 s it would be 600 s old at the next look
