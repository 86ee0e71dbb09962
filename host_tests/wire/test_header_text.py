"""The newest mail's header on the real watcher, where the file of charsets is missing."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import AGAIN, FETCH, ONE, OPEN, SEARCH
from host_tests.support.peer import Peer, hold, send
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-watcher"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
SECTION = b"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]"


def newest(header: bytes, **settings: object) -> list[str]:
    """Sender and subject as they are told of a mail with this header."""
    item = b"* 1 FETCH (UID 7 %s {%d}\r\n%s)\r\n{tag} OK done\r\n" % (SECTION, len(header), header)
    with (
        Peer([*OPEN, SEARCH, *ONE, FETCH, send(item), *AGAIN, hold()]) as peer,
        watching(peer.port, **settings) as watch,
    ):
        told = watch.unseen(1)
        assert told["newest"][0] == 7
        return told["newest"][1:]


def test_without_tables_there_are_boxes_and_bare_letters_and_no_error():
    header = "From: Zoe\u0308 <z@example.org>\r\nSubject: =?koi8-r?b?8NLJ?= =?latin1?q?=E9?=\r\n"
    assert newest(header.encode() + b"\r\n") == ["Zoe", "□□□é"]


def test_the_charset_of_the_account_is_for_what_names_none():
    header = b"From: Zo\xeb <z@example.org>\r\nSubject: \xc3\xa9 =?utf-8?q?=E9?= \r\n\r\n"
    assert newest(header, charset="iso-8859-1") == ["Zoë", "é □"]
    assert newest(header, charset="utf-8") == newest(header) == ["Zo□", "é □"]


def test_a_name_of_nothing_and_a_subject_of_a_kilobyte():
    header = b'From: "" <a@example.org>\r\nSubject: ' + "ж".encode() * 1000 + b"\r\n\r\n"
    assert newest(header) == ["a@example.org", "ж" * 119 + "…"]


def test_a_mail_without_a_sender_has_none():
    assert newest(b"Subject: =?utf-8?q?hi\r\n\r\n") == ["", "hi"]
