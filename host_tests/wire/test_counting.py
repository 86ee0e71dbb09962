"""The real watcher lets a server count (ESEARCH) once that was found true; and other SEARCHes."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import AGAIN, EXAMINE, IDLE, LOGIN, NEWEST, NOOP, OK, SEARCH
from host_tests.support.peer import Peer, Step, expect, fin, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-counting"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]

POLL_S = 5
CAPABILITIES = b"[CAPABILITY IMAP4rev1 IDLE ESEARCH]"
SIGN_IN = [
    send(b"* OK " + CAPABILITIES + b" hello\r\n"),
    LOGIN,
    send(b"{tag} OK " + CAPABILITIES + b" in\r\n"),
]
SELECTED = b"* %d EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 200] x\r\n{tag} OK\r\n"
ASKED = expect(rb"(?P<tag>\S+) UID SEARCH RETURN \(COUNT MAX\) UNSEEN\r\n")
END_IDLE = [expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
POLL = [*END_IDLE, NOOP, OK]


def _numbers(count: int) -> Step:
    numbers = b" ".join(b"%d" % number for number in range(101, 101 + count))
    return send(b"* SEARCH " + numbers + b"\r\n{tag} OK done\r\n")


def _counted(count: int, highest: int, after: bytes = b"") -> list[Step]:
    told = b'* ESEARCH (TAG "{tag}") UID COUNT %d MAX %d\r\n' % (count, highest)
    return [ASKED, send(told + after + b"{tag} OK done\r\n")]


def _opened(count: int, exists: int = 100) -> list[Step]:
    opened = [*SIGN_IN, EXAMINE, send(SELECTED % exists)]
    return [*opened, SEARCH, _numbers(count), *NEWEST, *AGAIN]


def _plain(count: int) -> list[Step]:
    return [SEARCH, _numbers(count)]


def _plays(steps: list[Step], *counts: int) -> None:
    """Everything is asked for as in the script, and counted so."""
    with Peer([*steps, fin()], [hold()]) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            for count in counts:
                watch.unseen(count)
            watch.cause("closed")
        peer.check()


def test_a_server_that_counted_right_once_is_believed() -> None:
    proof = [*POLL, *_plain(60), *_counted(60, 160), *AGAIN]
    believed = [*POLL, *_counted(59, 159), *NEWEST, *AGAIN, *POLL, *_counted(58, 159), *AGAIN]
    _plays([*_opened(60), *proof, *believed], 60, 59, 58)


@pytest.mark.parametrize(
    "answer",
    [
        b'* ESEARCH (TAG "{tag}") UID COUNT 100 MAX 160\r\n{tag} OK done\r\n',
        b'* ESEARCH (TAG "{tag}") UID COUNT 60 MAX 200\r\n{tag} OK done\r\n',
        b'* ESEARCH (TAG "{tag}") UID\r\n{tag} OK done\r\n',
        b"* SEARCH "
        + b" ".join(b"%d" % number for number in range(101, 161))
        + b"\r\n{tag} OK\r\n",
        b"{tag} OK done\r\n",
        b"{tag} BAD what?\r\n",
        b"{tag} NO never\r\n",
    ],
    ids=["mailbox", "highest", "no count", "plain", "nothing", "bad", "no"],
)
def test_a_server_that_counted_wrong_twice_is_not_asked_again(answer: bytes) -> None:
    wrong = [*POLL, *_plain(60), ASKED, send(answer), *AGAIN]
    last = [*POLL, *_plain(59), *NEWEST, IDLE]
    _plays([*_opened(60), *wrong, *wrong, *last], 60, 59)


def test_one_wrong_count_is_forgiven() -> None:
    wrong = [*POLL, *_plain(60), *_counted(61, 160), *AGAIN]
    right = [*POLL, *_plain(60), *_counted(60, 160), *AGAIN, *POLL, *_counted(59, 160), *AGAIN]
    _plays([*_opened(60), *wrong, *right], 60, 59)


def test_a_count_of_the_whole_mailbox_proves_nothing() -> None:
    poll = [*POLL, *_plain(60), *AGAIN]
    _plays([*_opened(60, exists=60), *poll, *poll[:-1]], 60)


def test_few_numbers_are_not_worth_asking_twice() -> None:
    _plays([*_opened(50), *POLL, *_plain(50), *AGAIN], 50)
    _plays([*_opened(51), *POLL, *_plain(51), *_counted(51, 151), *AGAIN], 51)


def test_what_changed_meanwhile_is_not_compared() -> None:
    first = [*POLL, *_plain(60), *_counted(61, 161, b"* 101 EXISTS\r\n")]
    second = [IDLE, send(b"+ idling\r\n"), *END_IDLE, *_plain(61)]
    second += [*_counted(60, 161, b"* 3 FETCH (FLAGS (\\Seen))\r\n"), *NEWEST]
    proof = [IDLE, send(b"+ idling\r\n"), *END_IDLE, *_plain(60), *_counted(60, 160), *NEWEST]
    believed = [*AGAIN, *POLL, *_counted(59, 160), *AGAIN]
    _plays([*_opened(60), *first, *second, *proof, *believed], 60, 61, 60, 59)


def test_a_believed_count_is_asked_for_again_while_mail_comes() -> None:
    proof = [*POLL, *_plain(60), *_counted(60, 160), *AGAIN]
    stale = [*POLL, *_counted(60, 160, b"* 99 EXISTS\r\n"), *_counted(59, 160), *AGAIN]
    _plays([*_opened(60), *proof, *stale], 60, 59)


def test_a_believed_server_that_leaves_the_count_out_is_asked_for_numbers() -> None:
    proof = [*POLL, *_plain(60), *_counted(60, 160), *AGAIN]
    bare = send(b'* ESEARCH (TAG "{tag}") UID\r\n{tag} OK done\r\n')
    lie = [*POLL, ASKED, bare, *_plain(59), *_counted(59, 159), *NEWEST, *AGAIN]
    _plays([*_opened(60), *proof, *lie], 60, 59)


def test_belief_is_proved_anew_when_the_mailbox_is_opened_again() -> None:
    proof = [*POLL, *_plain(60), *_counted(60, 160), *AGAIN, *POLL, *_counted(59, 160), *AGAIN]
    again = [*END_IDLE, EXAMINE, send(SELECTED % 100), *_plain(58), *_counted(58, 158), *NEWEST]
    with Peer([*_opened(60), *proof, *again, IDLE, fin()], [hold()]) as peer:
        with watching(peer.port, poll_s=POLL_S) as watch:
            watch.unseen(60)
            watch.unseen(59)
            watch.jump(600)
            watch.unseen(58)
            watch.wait(lambda told: told["reconnects"] == 1, "the end")
        peer.check()


# --- criteria that are not ASCII ---

LITERAL = [
    expect(rb"(?P<tag>\S+) UID SEARCH CHARSET UTF-8 FROM \{8\}\r\n"),
    send(b"+ go on\r\n"),
    expect("Анна SEEN\r\n".encode()),
]
ANNA = ["FROM", "Анна", "SEEN"]


def test_criteria_in_other_letters_go_out_with_their_charset() -> None:
    opened = [*SIGN_IN, EXAMINE, send(SELECTED % 3)]
    one = send(b"* SEARCH 7\r\n{tag} OK done\r\n")
    with Peer([*opened, *LITERAL, one, *NEWEST, *AGAIN, hold()]) as peer:
        with watching(peer.port, search=ANNA) as watch:
            assert watch.unseen(1)["reconnects"] == 0


@pytest.mark.parametrize("words", [b"NO [BADCHARSET (US-ASCII)] no", b"BAD no", b"NO no"])
def test_a_charset_that_is_refused_is_told_to_the_owner(words: bytes) -> None:
    opened = [*SIGN_IN, EXAMINE, send(SELECTED % 3)]
    refused = send(b"{tag} " + words + b"\r\n")
    with Peer([*opened, *LITERAL[:1], refused, hold()]) as peer:
        with watching(peer.port, search=ANNA) as watch:
            assert watch.cause("charset")["retry_ms"] == 30000
