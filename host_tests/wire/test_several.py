"""The real watcher of several mailboxes: the first one is open, STATUS tells of the others."""

from binascii import crc32

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    AGAIN,
    COUNTED,
    EXAMINE,
    FETCH,
    NEWEST,
    NOOP,
    OK,
    ONE,
    OPEN,
    SEARCH,
    SELECTED,
    item,
)
from host_tests.support.peer import Peer, Step, expect, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-several"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
TWO = ["INBOX", "Lists"]
LISTS = crc32(b"Lists") & 0x3FFFFFFF
POLL = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n"), NOOP, OK]
LIT = [*POLL, SEARCH, *ONE]
QUIET = [*POLL, *AGAIN] * 4
NONE = [SEARCH, send(b"* SEARCH\r\n{tag} OK done\r\n")]
AWAY = expect(rb'(?P<tag>\S+) EXAMINE "Lists"\r\n')


def _asked(name: bytes = b"Lists") -> Step:
    return expect(rb'(?P<tag>\S+) STATUS "' + name + rb'" \(UIDNEXT UIDVALIDITY UNSEEN\)\r\n')


def _status(uidnext: int, unseen: int, uidvalidity: int = 5, name: bytes = b"Lists") -> list[Step]:
    facts = b"(UNSEEN %d UIDNEXT %d UIDVALIDITY %d)" % (unseen, uidnext, uidvalidity)
    return [_asked(name), send(b"* STATUS " + name + b" " + facts + b"\r\n{tag} OK done\r\n")]


def _search(uid_from: int, found: bytes) -> list[Step]:
    search = expect(rb"(?P<tag>\S+) UID SEARCH UID %d:\* UNSEEN\r\n" % uid_from)
    return [search, send(b"* SEARCH " + found + b"\r\n{tag} OK done\r\n")]


def _opened(*searches: Step, newest: bytes = b"") -> list[Step]:
    """The second mailbox is opened and searched, then the first one again."""
    header = [FETCH, send(item(newest) + b"{tag} OK done\r\n")] if newest else []
    there = send(b"* 9 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n{tag} OK done\r\n")
    return [AWAY, there, *searches, *header, EXAMINE, send(SELECTED)]


def test_the_unread_of_all_mailboxes_are_added_up_and_none_of_them_is_new_at_first() -> None:
    more = [*_status(4, 2), *_status(9, 3, 7, b"&BCcENQRABD0EPgQyBDgEOgQ4-")]
    with Peer([*COUNTED, *more, *AGAIN, hold()]) as peer:
        with watching(peer.port, mailboxes=[*TWO, "Черновики"]) as watch:
            told = watch.unseen(6)
    assert (told["new_count"], told["newest"]) == (0, [7, "Ann", "Hello"])
    assert told["further"][:4] == [LISTS, 5, 3, -1]
    assert told["further"][5:] == [7, 8, -1]


def test_mail_in_the_second_mailbox_is_new_and_who_wrote_it_is_known() -> None:
    came = [*LIT, *_status(5, 3), *_opened(*_search(4, b"4"), newest=b"Bob"), *AGAIN]
    more = [*LIT, *NEWEST, *_status(6, 4), *_opened(*_search(4, b"4 5"), newest=b"Cyd"), *AGAIN]
    same = [*LIT, *NEWEST, *_status(6, 4), *AGAIN]
    script = [*COUNTED, *_status(4, 2), *AGAIN, *came, *more, *same, hold()]
    with Peer(script) as peer, watching(peer.port, mailboxes=TWO) as watch:
        watch.unseen(3)
        watch.jump(60)
        told = watch.unseen(4)
        assert (told["new_count"], told["newest"]) == (1, [["Lists", 4], "Bob", "Hello"])
        watch.jump(60)
        told = watch.unseen(5)
        assert (told["new_count"], told["newest"]) == (2, [["Lists", 5], "Cyd", "Hello"])
        watch.jump(60)
        told = watch.cause("silent")  # at the end of the script, and not before
        assert (told["new_count"], told["newest"]) == (2, [["Lists", 5], "Cyd", "Hello"])


def test_mail_that_is_read_elsewhere_in_the_second_mailbox_is_counted_down() -> None:
    less = [*LIT, *_status(4, 1), *AGAIN]
    none = [*LIT, *_status(4, 0), *AGAIN]
    script = [*COUNTED, *_status(4, 2), *AGAIN, *less, *none, hold()]
    with Peer(script) as peer, watching(peer.port, mailboxes=TWO) as watch:
        for count in (3, 2, 1):
            assert watch.unseen(count)["new_count"] == 0
            watch.jump(60)


def test_at_zero_the_second_mailbox_is_asked_for_every_five_minutes() -> None:
    zero = [*OPEN, *NONE, *_status(4, 0), *AGAIN, *QUIET]
    script = [*zero, *POLL, *NONE, *_status(5, 1), *_opened(*_search(4, b"4"), newest=b"Bob")]
    with Peer([*script, *AGAIN, hold()]) as peer, watching(peer.port, mailboxes=TWO) as watch:
        watch.unseen(0)
        told = watch.unseen(1)
    assert (told["new_count"], told["newest"]) == (1, [["Lists", 4], "Bob", "Hello"])
    assert 270 <= told["now_s"] < 360


@pytest.mark.parametrize("refusal", [b"NO [NONEXISTENT] no such mailbox", b"NO gone", b"OK done"])
def test_a_second_mailbox_that_is_gone_is_named_and_the_others_are_still_counted(
    refusal: bytes,
) -> None:
    gone = [_asked(), send(b"{tag} " + refusal + b"\r\n")]
    more = [*LIT, *gone, *_status(9, 4, 7, b"Work"), *AGAIN]
    back = [*LIT, *_status(4, 2), *_status(9, 4, 7, b"Work"), *AGAIN]
    script = [*COUNTED, *gone, *_status(9, 3, 7, b"Work"), *AGAIN, *more, *back, hold()]
    with Peer(script) as peer, watching(peer.port, mailboxes=[*TWO, "Work"]) as watch:
        told = watch.cause("command" if refusal == b"OK done" else "mailbox")
        assert (told["detail"], told["unseen"], told["reconnects"]) == ("Lists", 4, 0)
        watch.jump(60)
        told = watch.wait(lambda told: told["unseen"] == 5 and told["cause"], "one more")
        assert told["detail"] == "Lists"
        watch.jump(60)
        assert watch.unseen(7)["reconnects"] == 0


def test_a_count_of_which_a_part_does_not_come_in_time_is_not_told() -> None:
    script = [*COUNTED, *_status(4, 2), *AGAIN, *LIT, _asked(), hold()]
    with Peer(script) as peer, watching(peer.port, mailboxes=TWO, tells_stale=True) as watch:
        told = watch.unseen(3)
        assert not told["stale"]
        watch.jump(60)
        told = watch.cause("silent")
        assert told["unseen"] == 3
        watch.wait(lambda told: told["stale"], "a stale count")


def test_what_was_known_of_the_second_mailbox_outlives_a_reboot() -> None:
    script = [*COUNTED, *_status(6, 2), *_opened(*_search(4, b"4 5"), newest=b"Bob"), *AGAIN]
    kept = [crc32(b"Old"), 1, 2, 3, LISTS, 5, 3, -1]
    with Peer([*script, hold()]) as peer:
        with watching(peer.port, mailboxes=TWO, memory=[9, 7, -1, 0], further=kept) as watch:
            told = watch.unseen(3)
    assert (told["new_count"], told["newest"]) == (2, [["Lists", 5], "Bob", "Hello"])
    assert told["further"] == [LISTS, 5, 5, -1]


@pytest.mark.parametrize(("uidvalidity", "uidnext"), [(6, 6), (5, 2)])
def test_a_second_mailbox_that_was_made_anew_announces_nothing(
    uidvalidity: int, uidnext: int
) -> None:
    script = [*COUNTED, *_status(uidnext, 1, uidvalidity), *AGAIN, hold()]
    with Peer(script) as peer:
        with watching(peer.port, mailboxes=TWO, further=[LISTS, 5, 3, -1]) as watch:
            told = watch.unseen(2)
    assert (told["new_count"], told["further"]) == (0, [LISTS, uidvalidity, uidnext - 1, -1])


def test_from_now_on_only_what_comes_later_counts_in_the_second_mailbox_as_well() -> None:
    first = [*OPEN, *_search(8, b""), *_status(4, 2), *AGAIN]
    came = _opened(*_search(4, b"4"), *_search(4, b"4"), newest=b"Bob")
    lit = [*_search(8, b""), *_status(5, 2), *_opened(*_search(4, b"4"))]
    poll = [*POLL, *_search(8, b""), *_status(5, 3), *came, *AGAIN, *POLL, *lit, *AGAIN]
    with Peer([*first, *QUIET, *poll, hold()]) as peer:
        with watching(peer.port, mailboxes=TWO, baseline="now") as watch:
            assert watch.unseen(0)["further"] == [LISTS, 5, 3, 3]
            told = watch.unseen(1)
            assert (told["new_count"], told["newest"][1]) == (1, "Bob")
            told = watch.cause("silent")  # one of the two old ones was read: one still counts
            assert told["unseen"] == 1


def test_what_was_seen_in_the_second_mailbox_counts_no_more() -> None:
    done = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
    seen = [*done, *_search(8, b""), *_status(4, 2), *AGAIN]
    with Peer([*COUNTED, *_status(4, 2), *AGAIN, *seen, hold()]) as peer:
        with watching(peer.port, mailboxes=TWO) as watch:
            watch.unseen(3)
            watch.do("see")
            watch.unseen(0)
            told = watch.wait(lambda told: told["further"][3] == 3, "a baseline")
    assert (told["unseen"], told["kept"]) == (0, [9, 7, 7, 0])


def test_several_mailboxes_of_an_account_are_left_politely_at_the_end_of_a_look() -> None:
    """Whoever leaves while the second one is open says goodbye as ever."""
    script = [*COUNTED, *_status(4, 2), *AGAIN, *LIT, *_status(5, 3), AWAY, OK]
    goodbye = [expect(rb"\S+ UID SEARCH UID 4:\* UNSEEN\r\n"), expect(rb"\S+ LOGOUT\r\n")]
    with Peer([*script, *goodbye, send(b"* BYE\r\n")]) as peer:
        with watching(peer.port, mailboxes=TWO) as watch:
            watch.unseen(3)
            watch.jump(60)
            while peer.lines[0].seen.count(b"UID 4:*") < 1:
                pass
            watch.do("leave")
            assert watch.left()["is_over"]
