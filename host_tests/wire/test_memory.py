"""The real watcher over a reboot: what it remembers, what is new then, and who may try again."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    COUNTED,
    EXAMINE,
    FETCH,
    GREETING,
    IDLE,
    LOGIN,
    NEWEST,
    ONE,
    SEARCH,
    SELECTED,
    SIGN_IN,
    STAYS,
    item,
)
from host_tests.support.peer import Peer, Step, delay, expect, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-memory"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
BOTH = send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")
BOB = [FETCH, send(item(b"Bob") + b"{tag} OK done\r\n")]
REFUSED: list[Step] = [
    *(GREETING, LOGIN),
    *(send(b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"), hold()),
]
THROTTLED: list[Step] = [
    *(GREETING, LOGIN),
    *(send(b"{tag} NO Request is throttled. Backoff Time: 92415 milliseconds\r\n"), hold()),
]


def _opened(uidvalidity: bytes, uidnext: bytes) -> list[Step]:
    selected = SELECTED.replace(b"VALIDITY 9", b"VALIDITY " + uidvalidity)
    return [*SIGN_IN, EXAMINE, send(selected.replace(b"NEXT 8", b"NEXT " + uidnext))]


def _newer(uid: bytes, found: bytes) -> list[Step]:
    search = expect(rb"(?P<tag>\S+) UID SEARCH UID " + uid + rb":\* UNSEEN\r\n")
    return [search, send(b"* SEARCH " + found + b"\r\n{tag} OK done\r\n")]


def test_what_is_unread_at_the_first_connection_of_all_is_not_new_and_is_remembered() -> None:
    with Peer(STAYS) as peer, watching(peer.port) as watch:
        told = watch.unseen(1)
    assert (told["new_count"], told["kept"], told["urgent"]) == (0, [9, 7, -1, 0], 0)


def test_mail_that_came_while_it_was_off_is_new() -> None:
    script = [*_opened(b"9", b"9"), SEARCH, BOTH, *_newer(b"8", b"8"), *BOB, IDLE, hold()]
    with Peer(script) as peer, watching(peer.port, memory=[9, 7, -1, 0]) as watch:
        told = watch.unseen(2)
    assert (told["new_count"], told["newest"]) == (1, [8, "Bob", "Hello"])
    assert told["kept"] == [9, 8, -1, 0]


def test_mail_that_was_announced_before_the_reboot_is_not_new() -> None:
    script = [*_opened(b"9", b"9"), SEARCH, BOTH, *BOB, IDLE, hold()]
    with Peer(script) as peer, watching(peer.port, memory=[9, 8, -1, 0]) as watch:
        told = watch.unseen(2)
    assert (told["new_count"], told["newest"]) == (0, [8, "Bob", "Hello"])


@pytest.mark.parametrize(
    ("uidvalidity", "uidnext"), [(b"10", b"9"), (b"8", b"9"), (b"9", b"8")], ids=str
)
def test_another_mailbox_than_was_remembered_announces_nothing(
    uidvalidity: bytes, uidnext: bytes
) -> None:
    """It is another one by UIDVALIDITY, up or down, or by UIDNEXT, which never goes down."""
    opened = _opened(uidvalidity, uidnext)
    script = [*opened, SEARCH, *ONE, *NEWEST, IDLE, hold()]
    with Peer(script) as peer, watching(peer.port, memory=[9, 8, -1, 0]) as watch:
        told = watch.unseen(1)
    highest = max(int(uidnext) - 1, 7)
    assert told["new_count"] == 0
    assert told["kept"] == [int(uidvalidity), highest, -1, 0]


def test_refused_logins_are_counted_on_over_a_reboot() -> None:
    with Peer(REFUSED) as peer:
        kept = None
        for refusals, wait_s, urgent in ((1, 30, 1), (2, 30, 1), (3, 3600, 1), (3, 3600, 0)):
            with watching(peer.port, memory=kept) as watch:  # tries once as soon as it is on
                told = watch.cause("password")
            assert (told["retry_ms"], told["urgent"]) == (wait_s * 1000, urgent)
            kept = told["kept"]
            assert kept == [0, -1, -1, refusals]


def test_a_login_that_succeeds_forgets_the_refused_ones_at_once() -> None:
    later = [*COUNTED, IDLE, delay(0.3), send(b"* 0 EXISTS\r\n+ idling\r\n"), hold()]
    with Peer(later) as peer, watching(peer.port, memory=[9, 7, -1, 3]) as watch:
        watch.unseen(1)
        told = watch.cause("silent")
    assert (told["kept"], told["urgent"]) == ([9, 7, -1, 0], 1)


def test_a_refused_password_is_not_tried_again_when_wifi_comes_back() -> None:
    with Peer(REFUSED) as peer, watching(peer.port, memory=[0, -1, -1, 2]) as watch:
        first = watch.cause("password")["now_s"]
        for _ in range(3):
            watch.do("wifi")
            watch.cause("wifi")
            assert watch.cause("password")["detail"] == "Invalid credentials"
        assert len(peer.lines) == 1
        watch.jump(3600)
        told = watch.wait(lambda told: told["now_s"] >= first + 3600, "the next hour")
        assert told["cause"] == "password"


def test_a_press_tries_a_refused_password_once() -> None:
    with Peer(REFUSED) as peer, watching(peer.port, memory=[0, -1, -1, 2]) as watch:
        for tries in (1, 2, 3):
            assert watch.cause("password")["retry_ms"] == 3600_000
            assert len(peer.lines) == tries
            watch.do("press")


def test_a_press_does_not_try_sooner_than_the_server_asked() -> None:
    with Peer(THROTTLED, STAYS) as peer, watching(peer.port) as watch:
        first = watch.cause("throttled")["now_s"]
        watch.do("press")
        watch.do("wifi")
        watch.cause("wifi")
        watch.cause("throttled")
        watch.do("press")
        watch.jump(80)
        watch.do("press")
        assert watch.unseen(1)["now_s"] - first >= 92
    assert len(peer.lines) == 2
