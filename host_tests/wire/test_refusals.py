"""The real watcher when a server refuses: each code its own cause, and the wait asked for."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    COUNTED,
    EXAMINE,
    GREETING,
    IDLING,
    LOGIN,
    NOOP,
    OPEN,
    SEARCH,
    SIGN_IN,
    STAYS,
)
from host_tests.support.peer import Peer, Step, expect, fin, hold, send
from host_tests.support.watch import Told, watching

pytestmark = [
    pytest.mark.xdist_group("wire-refusals"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]


def _refused(steps: list[Step], cause: str) -> Told:
    """What is told when the server plays these steps."""
    with Peer([*steps, hold()]) as peer, watching(peer.port) as watch:
        return watch.cause(cause)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (b"[AUTHENTICATIONFAILED] Authentication failed.", "password"),
        (b"[EXPIRED] Your password is older than a year.", "password_expired"),
        (b"[PRIVACYREQUIRED] Not without encryption.", "privacy"),
        (b"[CONTACTADMIN] This account is locked.", "contact_admin"),
        (b"[ALERT] Your account is not enabled for IMAP use.", "alert"),
        (b"[UNAVAILABLE] Temporary failure, try again.", "unavailable"),
        (b"[LIMIT] Too much of it.", "throttled"),
        (b"Login failed.", "password"),
    ],
)
def test_a_refused_login_is_told_by_its_code_and_in_the_server_s_words(
    words: bytes, cause: str
) -> None:
    told = _refused([GREETING, LOGIN, send(b"{tag} NO " + words + b"\r\n")], cause)
    assert told["detail"] == words.decode().rpartition("] ")[2]


def test_the_back_off_that_exchange_suggests_is_kept() -> None:
    throttled = b"{tag} BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n"
    for steps in ([GREETING, LOGIN], [*SIGN_IN, EXAMINE], [*OPEN, SEARCH]):
        told = _refused([*steps, send(throttled)], "throttled")
        assert told["retry_ms"] == 93000


def test_a_server_that_is_unavailable_is_left_in_peace_for_half_a_minute() -> None:
    told = _refused(
        [*SIGN_IN, EXAMINE, send(b"{tag} BAD Server Unavailable. 15\r\n")], "unavailable"
    )
    assert told["retry_ms"] == 30000


def test_authenticated_but_not_connected_is_trouble_of_the_account() -> None:
    bad = send(b"{tag} BAD User is authenticated but not connected.\r\n")
    with Peer([*SIGN_IN, EXAMINE, bad, hold()]) as peer, watching(peer.port, speed=25) as watch:
        waits_s = []
        for _ in range(3):
            told = watch.cause("account")
            assert "not connected" in told["detail"]
            waits_s.append(told["retry_ms"] // 1000)
    assert waits_s == [30, 60, 3600]


def test_a_server_that_wants_no_passwords_is_not_told_one_twice() -> None:
    greeting = send(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n")
    plain = expect(rb"(?P<tag>\S+) AUTHENTICATE PLAIN \S+\r\n")
    no = send(b"{tag} NO Basic authentication is disabled.\r\n* BYE Connection closed.\r\n")
    with Peer([greeting, plain, no, hold()]) as peer, watching(peer.port) as watch:
        told = watch.cause("sign_in")
        assert told["detail"] == "Basic authentication is disabled."
        assert told["retry_ms"] == 30000
    assert bytes(peer.lines[0].seen).count(b"LOGIN") == 0


def test_too_many_connections_are_told_and_not_made_more() -> None:
    for words in (b"[ALERT] Too many simultaneous connections.", b"Too many open connections"):
        told = _refused(
            [GREETING, LOGIN, send(b"{tag} NO " + words + b"\r\n"), fin()], "throttled"
        )
        assert told["retry_ms"] == 30000


def test_two_byes_are_one_goodbye_and_a_quick_return() -> None:
    byes = send(b"* BYE Closing.\r\n* BYE Closing.\r\n")
    with Peer([*IDLING, byes, fin()], STAYS) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        assert watch.cause("bye")["retry_ms"] == 500
        assert watch.unseen(1)["reconnects"] == 1


def test_a_mailbox_that_goes_away_under_us_is_looked_for_at_once() -> None:
    gone = [
        [*IDLING, send(b"* BYE IMAP session state is inconsistent, please relogin.\r\n"), fin()],
        [*COUNTED, expect(rb"(?P<idle>\S+) IDLE\r\n"), send(b"{idle} NO [NONEXISTENT] No.\r\n")],
    ]
    gone[1] += [NOOP, send(b"{tag} NO [NONEXISTENT] No such mailbox.\r\n"), hold()]
    missing = [*SIGN_IN, EXAMINE, send(b"{tag} NO [NONEXISTENT] No such mailbox.\r\n"), hold()]
    for script in gone:
        with Peer(script, missing) as peer, watching(peer.port) as watch:
            watch.unseen(1)
            watch.jump(60)
            assert watch.cause("mailbox_gone")["retry_ms"] == 500
            assert watch.cause("mailbox")["detail"] == "No such mailbox."
