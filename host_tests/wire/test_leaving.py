"""How the real watcher's connections end: by its own plan, by the server's, or too soon."""

import time

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    COUNTED,
    FETCH,
    GREETING,
    IDLE,
    IDLING,
    LOGIN,
    NOOP,
    OK,
    ONE,
    OPEN,
    SEARCH,
    STAYS,
)
from host_tests.support.peer import Peer, Step, delay, expect, fin, hold, rst, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-leaving"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
LOGOUT = expect(rb"(?P<tag>\S+) LOGOUT\r\n")
GOODBYE = [LOGOUT, send(b"* BYE see you\r\n{tag} OK done\r\n"), hold()]
DONE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
CYCLE = [*DONE, NOOP, OK, SEARCH, *ONE, *AGAIN]
BYE = send(b"* BYE Session expired, please login again.\r\n")
ENDS = ["bye and fin", "bye and rst", "fin", "rst"]
REFUSES: list[Step] = [
    *(GREETING, LOGIN, send(b"{tag} NO [UNAVAILABLE] Temporary authentication failure\r\n")),
    hold(),
]


def _wait_for(peer: Peer, word: bytes, line: int = 0) -> None:
    """Until the client has said the word on this connection."""
    deadline = time.monotonic() + 20
    while len(peer.lines) <= line or word not in peer.lines[line].seen:
        assert time.monotonic() < deadline, f"it never said {word!r}"
        time.sleep(0.01)


def _wait_for_idle(peer: Peer) -> None:
    """Until the client idles."""
    _wait_for(peer, b"IDLE")
    time.sleep(0.3)  # nobody tells when it has read that it does


# --- by plan ---


def test_a_planned_restart_ends_idle_and_logs_out() -> None:
    with Peer([*IDLING, *DONE, *GOODBYE]) as peer, watching(peer.port) as watch:
        _wait_for_idle(peer)
        watch.do("leave")
        left = watch.left()
        assert left["is_over"]
        assert left["left_ms"] < 3000
        peer.check()
    assert len(peer.lines) == 1


def test_a_planned_restart_in_the_middle_of_a_search_logs_out() -> None:
    search = [*OPEN, SEARCH, *ONE, FETCH, *GOODBYE]
    with Peer(search) as peer, watching(peer.port) as watch:
        _wait_for(peer, b"FETCH")
        watch.do("leave")
        assert watch.left()["is_over"]
        peer.check()


def test_a_planned_restart_while_signing_in_hangs_up() -> None:
    with Peer([GREETING, LOGIN, hold()]) as peer, watching(peer.port) as watch:
        _wait_for(peer, b"LOGIN")
        watch.do("leave")
        assert watch.left()["left_ms"] < 3000
        peer.check()


def test_a_planned_restart_while_nobody_is_connected_is_at_once() -> None:
    with Peer(REFUSES) as peer, watching(peer.port) as watch:
        watch.cause("unavailable")
        watch.do("leave")
        left = watch.left()
    assert left["is_over"]
    assert left["left_ms"] < 3000


def test_a_planned_restart_does_not_wait_for_a_server_longer_than_5_s() -> None:
    with Peer([*IDLING, *DONE, LOGOUT, hold()]) as peer, watching(peer.port, speed=1) as watch:
        _wait_for_idle(peer)
        watch.do("leave")
        assert 4000 <= watch.left()["left_ms"] < 6500


# --- by the server's ---


@pytest.mark.parametrize("end", [[BYE, fin()], [BYE, rst()], [fin()], [rst()]], ids=ENDS)
def test_a_session_that_a_server_ends_after_a_while_is_taken_up_again_without_a_word(
    end: list[Step],
) -> None:
    with Peer([*IDLING, *CYCLE, delay(0.2), *end], STAYS) as peer:
        with watching(peer.port, poll_s=30) as watch:
            first = watch.unseen(1)["now_s"]
            watch.jump(30)
            told = watch.wait(lambda told: told["reconnects"] == 1, "a new connection")
            assert (told["cause"], told["unseen"], told["stale"]) == (None, 1, False)
            assert told["now_s"] - first >= 30
            assert told["retry_ms"] == 500
            _wait_for(peer, b"IDLE", 1)
    assert all(told["cause"] is None for told in watch.told)


def test_a_session_that_ends_at_once_is_told() -> None:
    with Peer([*IDLING, *CYCLE, delay(0.2), fin()], STAYS) as peer:
        with watching(peer.port, poll_s=20) as watch:
            watch.unseen(1)
            watch.jump(20)
            assert watch.cause("closed")["unseen"] == 1
            assert watch.unseen(1)["reconnects"] == 1


def test_a_server_that_ends_every_session_at_once_is_left_alone_more_and_more() -> None:
    known = [*OPEN, SEARCH, *ONE, *AGAIN, fin()]
    with Peer([*IDLING, fin()], known) as peer, watching(peer.port) as watch:
        waits_ms = []
        for _ in range(4):
            waits_ms.append(watch.cause("closed")["retry_ms"])
            watch.unseen(1)
    assert waits_ms == [500, 1000, 2000, 4000]


# --- what is no proof ---


def _is_stale_within_90_s(first: list[Step], then: list[Step]) -> None:
    """The first connection counts, and its next cycle ends in vain; those after it do as well."""
    with Peer(first, then) as peer, watching(peer.port, tells_stale=True) as watch:
        proven_s = watch.unseen(1)["now_s"]
        watch.jump(60)  # the longest time until anybody notices
        told = watch.wait(lambda told: told["stale"], "doubt")
        assert 89 <= told["now_s"] - proven_s <= 91


@pytest.mark.parametrize(
    "refused",
    [
        [send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), fin()],
        [send(b"* BYE [ALERT] Too many simultaneous connections\r\n"), fin()],
        REFUSES,
        [*OPEN, SEARCH, send(b"{tag} BAD Request is throttled.\r\n"), hold()],
        [*OPEN, SEARCH, send(b"* SEARCH 7"), hold()],
    ],
    ids=["garbage", "limit", "unavailable", "throttled", "stall"],
)
def test_a_server_that_answers_in_vain_is_told_90_s_after_the_last_count(
    refused: list[Step],
) -> None:
    _is_stale_within_90_s([*IDLING, *DONE, fin()], refused)


def test_a_throttled_count_is_told_90_s_after_the_last_one_though_noop_was_answered() -> None:
    throttled = [SEARCH, send(b"{tag} BAD Request is throttled.\r\n"), hold()]
    _is_stale_within_90_s([*IDLING, *DONE, NOOP, OK, *throttled], [GREETING, hold()])


def test_a_link_that_drips_is_told_90_s_after_the_last_count() -> None:
    drips = [send(b"{idle} OK d"), delay(1), send(b"o"), hold()]
    _is_stale_within_90_s([*COUNTED, IDLE, send(b"+ idling\r\n"), *DONE[:1], *drips], [hold()])
