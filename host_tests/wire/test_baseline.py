"""The real watcher that counts only what came after its baseline, and where that is taken."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    EXAMINE,
    FETCH,
    OK,
    SELECTED,
    SIGN_IN,
    item,
)
from host_tests.support.peer import Peer, Step, delay, expect, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-baseline"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
DONE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
HEADERS = [FETCH, send(item(b"Bob") + b"{tag} OK done\r\n")]


def _opened(uidvalidity: bytes = b"9", uidnext: bytes = b"8") -> list[Step]:
    selected = SELECTED.replace(b"VALIDITY 9", b"VALIDITY " + uidvalidity)
    return [*SIGN_IN, EXAMINE, send(selected.replace(b"NEXT 8", b"NEXT " + uidnext))]


def _search(words: bytes, found: bytes) -> list[Step]:
    pattern = rb"(?P<tag>\S+) UID SEARCH " + words.replace(b"*", rb"\*") + rb"\r\n"
    return [expect(pattern), send(b"* SEARCH " + found + b"\r\n{tag} OK done\r\n")]


def _mail(uid_from: bytes, found: bytes, new_from: bytes, new: bytes) -> list[Step]:
    """A push, what is unread above the baseline then, and what of it is new."""
    count = _search(b"UID " + uid_from + b":* UNSEEN", found)
    return [
        *(delay(0.1), send(b"* 9 EXISTS\r\n"), *DONE, *count),
        *(*_search(b"UID " + new_from + b":* UNSEEN", new), *HEADERS, *AGAIN),
    ]


def test_from_now_on_what_waited_before_does_not_count() -> None:
    """Past the end a server answers with its last message, whose number tells that it is old."""
    first = [*_opened(), *_search(b"UID 8:* UNSEEN", b"7"), *AGAIN]
    with Peer([*first, *_mail(b"8", b"8 9", b"8", b"8 9"), hold()]) as peer:
        with watching(peer.port, baseline="now") as watch:
            told = watch.unseen(0)
            assert (told["kept"], told["urgent"]) == ([9, 7, 7, 0], 1)
            assert watch.unseen(2)["new_count"] == 2


def test_the_baseline_outlives_a_reboot() -> None:
    first = [*_opened(b"9", b"10"), *_search(b"UID 5:* UNSEEN", b"7 9"), *HEADERS, *AGAIN]
    with Peer([*first, hold()]) as peer:
        with watching(peer.port, memory=[9, 9, 4, 0], baseline="now") as watch:
            told = watch.unseen(2)
    assert (told["new_count"], told["kept"]) == (0, [9, 9, 4, 0])


@pytest.mark.parametrize(("uidvalidity", "uidnext"), [(b"8", b"8"), (b"9", b"3")])
def test_another_mailbox_gets_another_baseline(uidvalidity: bytes, uidnext: bytes) -> None:
    search = _search(b"UID " + uidnext + b":* UNSEEN", b"")
    with Peer([*_opened(uidvalidity, uidnext), *search, *AGAIN, hold()]) as peer:
        with watching(peer.port, memory=[9, 9, 4, 0], baseline="now") as watch:
            told = watch.unseen(0)
    last = int(uidnext) - 1
    assert told["kept"] == [int(uidvalidity), last, last, 0]


def test_where_uidnext_is_not_told_the_baseline_is_the_highest_unread() -> None:
    selected = send(SELECTED.replace(b"* OK [UIDNEXT 8] x\r\n", b""))
    first = [*SIGN_IN, EXAMINE, selected, *_search(b"UNSEEN", b"3 7")]
    with Peer([*first, *_search(b"UID 8:* UNSEEN", b""), *AGAIN, hold()]) as peer:
        with watching(peer.port, baseline="now") as watch:
            assert watch.unseen(0)["kept"] == [9, 7, 7, 0]


def test_what_was_seen_does_not_count_any_more_and_the_mailbox_stays_as_it_is() -> None:
    first = [*_opened(), *_search(b"UNSEEN", b"3 7"), *HEADERS, *AGAIN, delay(0.5)]
    with Peer([*first, *_mail(b"8", b"8", b"8", b"8"), hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(2)
            watch.do("see")
            told = watch.unseen(0)
            assert (told["newest"], told["urgent"]) == (None, 0)
            told = watch.unseen(1)
            assert (told["new_count"], told["kept"]) == (1, [9, 8, 7, 0])
    assert b"STORE" not in peer.lines[0].seen


def test_many_above_the_baseline_are_counted_by_the_server() -> None:
    selected = SELECTED.replace(b"* 1 EXISTS", b"* 400 EXISTS").replace(b"NEXT 8", b"NEXT 108")
    login = [*SIGN_IN[:2], send(b"{tag} OK [CAPABILITY IMAP4rev1 IDLE ESEARCH] in\r\n")]
    many = b" ".join(b"%d" % uid for uid in range(8, 108))
    extended = expect(rb"(?P<tag>\S+) UID SEARCH RETURN \(COUNT MAX\) UID 8:\* UNSEEN\r\n")
    told = send(b'* ESEARCH (TAG "{tag}") UID COUNT 100 MAX 107\r\n{tag} OK done\r\n')
    plain = _search(b"UID 8:* UNSEEN", many)
    lit = [*DONE, expect(rb"(?P<tag>\S+) NOOP\r\n"), OK, *plain, extended, told, *AGAIN]
    believed = [*DONE, expect(rb"(?P<tag>\S+) NOOP\r\n"), OK, extended, told, *AGAIN, hold()]
    script = [*login, EXAMINE, send(selected), *plain, *HEADERS, *AGAIN, *lit, *believed]
    with Peer(script) as peer, watching(peer.port, memory=[9, 107, 7, 0], poll_s=5) as watch:
        watch.unseen(100)
        watch.cause("silent")
    peer.check()
