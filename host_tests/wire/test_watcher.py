"""The real watcher against servers that misbehave: it always says what is wrong, and goes on."""

import ssl
from pathlib import Path

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import (
    EXAMINE,
    FETCH,
    GREETING,
    IDLE,
    IDLING,
    ITEM,
    LOGIN,
    NEWEST,
    NOOP,
    OK,
    ONE,
    OPEN,
    SEARCH,
    SELECTED,
    SIGN_IN,
    STAYS,
)
from host_tests.support.peer import Peer, Step, delay, drip, expect, fin, hold, rst, send
from host_tests.support.watch import watching
from tools.sim.certs import Authority, server_context

pytestmark = [
    pytest.mark.xdist_group("wire-watcher"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]


@pytest.fixture
def ca(authority: Authority, tmp_path: Path) -> str:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return str(tmp_path / "ca.pem")


@pytest.fixture
def tls(authority: Authority) -> ssl.SSLContext:
    return server_context(authority.issue())


def _fails_then_recovers(steps: list[Step], cause: str, detail: str = "") -> None:
    """The first connection plays `steps` and must give `cause`; the second one is in order."""
    with Peer(steps, STAYS) as peer, watching(peer.port) as watch:
        told = watch.cause(cause)
        assert detail in told["detail"], told
        told = watch.unseen(1)
        assert told["newest"] == [7, "Ann", "Hello"]


def test_a_server_in_order_is_counted_over_tls(ca: str, tls: ssl.SSLContext) -> None:
    with Peer(STAYS, tls=tls) as peer, watching(peer.port, ca=ca) as watch:
        told = watch.unseen(1)
        assert told["newest"] == [7, "Ann", "Hello"]
        assert (told["new_count"], told["reconnects"]) == (0, 0)


def test_a_greeting_of_garbage() -> None:
    for garbage in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff\x15\x03\r\n", b"\r\n\r\n"):
        _fails_then_recovers([send(garbage), hold()], "garbage")


def test_a_greeting_that_is_a_bye() -> None:
    _fails_then_recovers([send(b"* BYE going down\r\n"), fin()], "bye", "going down")


def test_a_greeting_that_never_comes() -> None:
    _fails_then_recovers([hold()], "silent")


def test_a_greeting_that_never_ends() -> None:
    with Peer([drip(b"* OK " + b"x" * 2000, 0.002), hold()], STAYS) as peer:
        with watching(peer.port) as watch:
            watch.wait(lambda told: told["cause"] in ("silent", "garbage"), "an end")
            watch.unseen(1)


def test_a_stall_in_the_middle_of_a_line() -> None:
    _fails_then_recovers([*OPEN, SEARCH, send(b"* SEARCH 1 2"), hold()], "silent")


def test_a_stall_in_the_middle_of_a_literal() -> None:
    half = send(ITEM[:-40])
    _fails_then_recovers([*OPEN, SEARCH, *ONE, FETCH, half, hold()], "silent")


def test_an_end_in_the_middle_of_a_literal() -> None:
    half = send(ITEM[:-40])
    _fails_then_recovers([*OPEN, SEARCH, *ONE, FETCH, half, fin()], "closed")


def test_one_byte_a_second_is_slow_but_right() -> None:
    slow = drip(b"* SEARCH 7\r\n{tag} OK done\r\n", 0.05)
    with Peer([*OPEN, SEARCH, slow, *NEWEST, hold()]) as peer:
        with watching(peer.port, speed=20) as watch:
            told = watch.unseen(1)
    assert told["reconnects"] == 0
    assert told["now_s"] >= 20


def test_an_answer_of_a_long_line_is_counted() -> None:
    numbers = b" ".join(b"%d" % number for number in range(1, 20001))
    answer = [send(b"* SEARCH " + numbers + b"\r\n{tag} OK done\r\n"), FETCH, OK, hold()]
    with Peer([*OPEN, SEARCH, *answer]) as peer, watching(peer.port) as watch:
        watch.unseen(20000)


@pytest.mark.parametrize("end", [fin(), rst()], ids=["fin", "rst"])
def test_a_connection_that_ends_in_idle(end: Step) -> None:
    with Peer([*IDLING, delay(0.2), end], STAYS) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        told = watch.cause("closed")
        assert told["unseen"] == 1  # the last proven count stays, with its age
        watch.unseen(1)


def test_a_connection_that_ends_in_idle_over_tls(ca: str, tls: ssl.SSLContext) -> None:
    script = [*IDLING, delay(0.2), fin()]
    with Peer(script, STAYS, tls=tls) as peer, watching(peer.port, ca=ca) as watch:
        watch.unseen(1)
        watch.cause("closed")
        watch.unseen(1)


def test_a_bye_in_idle_is_told_in_the_server_s_words() -> None:
    last = send(b"* BYE Server shutting down.\r\n")
    _fails_then_recovers([*IDLING, last, fin()], "bye", "Server shutting down.")


def test_a_bye_before_a_reset_is_told_or_lost_with_the_link() -> None:
    last = send(b"* BYE Server shutting down.\r\n")
    with Peer([*IDLING, last, rst()], STAYS) as peer, watching(peer.port) as watch:
        watch.wait(lambda told: told["cause"] in ("bye", "closed"), "an end")
        watch.unseen(1)


def test_a_server_that_sleeps_in_idle_is_found_dead() -> None:
    with Peer([*IDLING, hold()], STAYS) as peer, watching(peer.port) as watch:
        first = watch.unseen(1)["now_s"]
        found = watch.cause("silent")["now_s"]
        assert found - first <= 90
        watch.unseen(1)


def test_a_push_in_idle_is_counted() -> None:
    push = [send(b"* 2 EXISTS\r\n"), expect(rb"DONE\r\n"), send(b"{idle} OK done\r\n")]
    recount = [SEARCH, send(b"* SEARCH 7 8\r\n{tag} OK done\r\n")]
    newer = expect(rb"(?P<tag>\S+) UID SEARCH UID 8:\* UNSEEN\r\n")
    fresh = [newer, send(b"* SEARCH 8\r\n{tag} OK done\r\n"), FETCH, OK, IDLE, hold()]
    with Peer([*IDLING, delay(0.1), *push, *recount, *fresh]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            assert watch.unseen(2)["new_count"] == 1


def test_a_refused_password_is_tried_three_times_and_then_hourly() -> None:
    no = send(b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")
    with Peer([GREETING, LOGIN, no, hold()]) as peer, watching(peer.port, speed=25) as watch:
        waits_s = []
        for _ in range(3):
            told = watch.cause("password")
            assert told["detail"] == "Invalid credentials"
            waits_s.append(told["retry_ms"] // 1000)
    assert waits_s == [30, 60, 3600]


def test_a_missing_mailbox() -> None:
    no = send(b"{tag} NO Mailbox does not exist\r\n")
    with Peer([*SIGN_IN, EXAMINE, no, hold()]) as peer, watching(peer.port) as watch:
        assert watch.cause("mailbox")["detail"] == "Mailbox does not exist"


def test_plain_text_on_a_tls_port_gets_no_password(ca: str) -> None:
    with Peer([GREETING, hold()]) as peer, watching(peer.port, ca=ca) as watch:
        watch.cause("not_tls")
    assert all(b"secret" not in line.seen for line in peer.lines)


def test_a_wrong_host_gets_no_password(authority: Authority, ca: str) -> None:
    tls = server_context(authority.issue_wrong_host())
    with Peer([GREETING, hold()], tls=tls) as peer, watching(peer.port, ca=ca) as watch:
        watch.cause("wrong_host")
    assert all(not line.seen for line in peer.lines)


def test_a_first_byte_after_the_handshake_that_is_no_imap(ca: str, tls: ssl.SSLContext) -> None:
    with Peer([send(b"\x00"), fin()], STAYS, tls=tls) as peer:
        with watching(peer.port, ca=ca) as watch:
            watch.wait(lambda told: told["cause"] in ("garbage", "closed"), "a cause")
            watch.unseen(1)


@pytest.mark.parametrize("end", [b"OK idled enough", b"BAD too long", b"NO sorry"])
def test_an_idle_that_the_server_ends_is_no_trouble(end: bytes) -> None:
    ended = [send(b"{idle} " + end + b"\r\n"), NOOP, OK, SEARCH, *ONE, IDLE, hold()]
    with Peer([*IDLING, *ended], STAYS) as peer, watching(peer.port) as watch:
        watch.unseen(1)
        watch.jump(60)
        watch.cause("silent")
    peer.check()


def test_a_mailbox_name_goes_out_in_modified_utf7() -> None:
    drafts = expect(rb'(?P<tag>\S+) EXAMINE "&BCcENQRABD0EPgQyBDgEOgQ4- R&-D"\r\n')
    script = [*SIGN_IN, drafts, send(SELECTED), SEARCH, *ONE, *NEWEST, IDLE, hold()]
    with Peer(script) as peer, watching(peer.port, mailboxes=["Черновики R&D"]) as watch:
        watch.unseen(1)
