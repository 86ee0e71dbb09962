"""The whole gadget watches a second mailbox: the lamp knows of both, and says when one is gone."""

import contextlib
import imaplib
from collections.abc import Iterator

import pytest

from host_tests.support.dovecot import PASSWORD, USER, Dovecot
from host_tests.support.lamp import account, blinks, config, in_time, lit, on_lamp, says, shows
from tools.sim.board import SimBoard
from tools.sim.message import compose

LISTS = "Lists"
_MAIL = compose("Ann <ann@example.org>", "lists@example.org", "Minutes", "")


@contextlib.contextmanager
def _elsewhere(server: Dovecot) -> Iterator[imaplib.IMAP4]:
    """Somebody else, signed in at the same account."""
    with imaplib.IMAP4("127.0.0.1", server.plain_port) as imap:
        imap.login(USER, PASSWORD)
        yield imap


def _append(server: Dovecot) -> None:
    with _elsewhere(server) as imap:
        assert imap.append(LISTS, "", "", _MAIL)[0] == "OK"


@pytest.fixture
def both(server: Dovecot) -> Iterator[Dovecot]:
    """A Dovecot with a second mailbox, empty as the first one."""
    with _elsewhere(server) as imap:
        assert imap.create(LISTS)[0] == "OK"
    yield server
    with _elsewhere(server) as imap:
        imap.delete(LISTS)


def _settings(server: Dovecot, **more: object) -> dict[str, object]:
    return config(account(server.tls_port, mailboxes=["INBOX", LISTS], **more))


def test_unread_in_a_second_mailbox_lights_the_lamp_and_goes_out_when_it_is_read(
    both: Dovecot,
) -> None:
    _append(both)

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="unread", unseen=1)
        await board.wait_for(lambda b: len(lit(b.light)) == 1, 8, "one pixel")
        both.deliver()
        await shows(board, state="new", unseen=2)
        with _elsewhere(both) as imap:
            imap.select(LISTS)
            imap.store("1", "+FLAGS", r"(\Seen)")
        await in_time(board, lambda b: b.status["unseen"] == 1, "the next count")
        both.mark_seen()
        await in_time(board, lambda b: b.status["unseen"] == 0, "none")
        assert not any("MemoryError" in line for line in board.log)

    on_lamp(_settings(both), use, both.ca_pem)


def test_mail_that_comes_in_a_second_mailbox_swells_and_says_who_wrote(both: Dovecot) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="nothing", unseen=0)
        _append(both)
        await in_time(board, lambda b: b.status["state"] == "new", "within five minutes")
        await says(board, "NEW in work", "Ann", "Minutes")
        assert board.status["unseen"] == 1

    on_lamp(_settings(both), use, both.ca_pem)


def test_a_second_mailbox_that_is_deleted_is_named_until_it_is_back(both: Dovecot) -> None:
    both.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="unread", unseen=1)
        with _elsewhere(both) as imap:
            imap.delete(LISTS)
        await in_time(board, lambda b: b.status.get("cause") == "mailbox", "that it is gone")
        assert (board.status["state"], board.status["unseen"]) == ("needs_you", None)
        await says(board, "No such mailbox", LISTS)
        assert await blinks(board) == 2
        with _elsewhere(both) as imap:
            imap.create(LISTS)
        _append(both)
        await in_time(board, lambda b: b.status["unseen"] == 2, "both are known again")
        assert not any("MemoryError" in line for line in board.log)

    on_lamp(_settings(both), use, both.ca_pem)


def test_from_now_on_counts_in_a_second_mailbox_as_well(both: Dovecot) -> None:
    _append(both)
    both.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, 15, state="nothing", unseen=0)
        _append(both)
        await in_time(board, lambda b: b.status["unseen"] == 1, "the one that came")
        assert board.status["state"] == "new"

    on_lamp(_settings(both, baseline="now"), use, both.ca_pem)
