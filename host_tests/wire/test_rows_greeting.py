"""The real watcher and a server that is slow to begin: it waits, and takes no waiting for news."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import IDLING, LOGIN, STAYS
from host_tests.support.peer import Peer, delay, expect, fin, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-rows"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
WAITING = b"* OK Waiting for authentication process to respond..\r\n"
CAPABILITY = expect(rb"(?P<tag>\S+) CAPABILITY\r\n")


def test_a_greeting_may_take_longer_than_other_answers() -> None:
    with Peer([delay(2.0), *STAYS]) as peer, watching(peer.port, speed=20) as watch:
        told = watch.unseen(1)
    assert told["reconnects"] == 0
    assert told["now_s"] >= 40  # other answers have 20 s


def test_a_login_may_take_longer_than_other_answers() -> None:
    login, answer = IDLING[1:3]
    with Peer([IDLING[0], login, delay(2.0), answer, *IDLING[3:], hold()]) as peer:
        with watching(peer.port, speed=20) as watch:
            told = watch.unseen(1)
    assert told["reconnects"] == 0
    assert told["now_s"] >= 40  # some servers take 17 s after wrong passwords


def test_capabilities_are_asked_for_after_an_ok_that_only_waits() -> None:
    listed = send(WAITING + b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n")
    with Peer([send(WAITING), CAPABILITY, listed, *IDLING[1:], hold()]) as peer:
        with watching(peer.port) as watch:
            assert watch.unseen(1)["reconnects"] == 0


def test_a_server_that_waited_in_vain_says_so() -> None:
    broken = send(WAITING + b"* BYE Auth process broken\r\n")
    with Peer([send(WAITING), CAPABILITY, broken, fin()], STAYS) as peer:
        with watching(peer.port) as watch:
            assert watch.cause("bye")["detail"] == "Auth process broken"
            watch.unseen(1)


def test_idle_that_is_listed_only_after_the_login_is_used() -> None:
    told = send(b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK Logged in\r\n")
    again = [CAPABILITY, send(b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n")]
    plain = send(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
    with Peer([plain, LOGIN, told, *again, *IDLING[3:], hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
