"""What is found and fetched on real servers, in every form the engine can ask for."""

import pytest

from host_tests.servers.acting import MAIL, do, fetched, flags, uids
from host_tests.servers.conftest import Server
from host_tests.support.imap_client import IMAPClient
from postlamp.imap import fetch, messages, searching


def test_every_item_a_gadget_may_want_is_fetched(server: Server, three: IMAPClient):
    [found] = fetched(three, "2", "(FLAGS UID INTERNALDATE RFC822.SIZE ENVELOPE)")
    assert found["FLAGS"] == ("\\Recent",)
    assert found["UID"] == int(uids(three)[1])
    assert found["RFC822.SIZE"] == len(MAIL) - len("Two (words)") + 1
    assert len(found["INTERNALDATE"]) == 26
    envelope = found["ENVELOPE"]
    # pymap decodes what is encoded
    names = {"dovecot": b"=?utf-8?B?0JbQsNC90L3QsA==?=", "pymap": "Жанна".encode()}
    sender = (names[server.name], None, b"zhanna", b"example.org")
    assert envelope[1:4] == (b"b", (sender,), (sender,))
    assert [each[2] for each in envelope[5]] == [b"a", b"b"]
    assert [each[2:] for each in envelope[6]] == [(b"c", b"example.org")]
    assert envelope[7:] == (None, b"<zero@example.org>", b"<one@example.org>")


def test_parts_of_a_body_are_fetched_and_leave_the_mail_unread(three: IMAPClient):
    text = MAIL[MAIL.find(b"\r\n\r\n") + 4 :]
    by_uid = uids(three)[0]
    for section, name, expected in (
        ("[TEXT]<0.12>", "BODY[TEXT]", text[:12]),
        ("[TEXT]<3.200>", "BODY[TEXT]", text[3:]),
        ("[TEXT]<100000.5>", "BODY[TEXT]", b""),
        ("[1]", "BODY[1]", text),
        ("[HEADER.FIELDS (SUBJECT)]<0.7>", "BODY[HEADER.FIELDS]", b"Subject"),
        ("[HEADER.FIELDS (X-NONE)]", "BODY[HEADER.FIELDS]", b"\r\n"),
        ("[HEADER]<0.9>", "BODY[HEADER]", b"From: =?u"),
    ):
        for numbers, is_by_uid in (("1", False), (by_uid, True)):
            [found] = fetched(three, numbers, f"(BODY.PEEK{section})", is_by_uid)
            assert found[name] == expected, section
    assert flags(three) == [set(), set(), set()]


def test_messages_that_are_not_there_are_not_told(three: IMAPClient):
    *told, done = three.told(fetch.fetch(three.engine, "4294967294", "(FLAGS)"))
    assert (told, done[3]) == ([], "OK")


# --- SEARCH ---


def test_search_by_number_and_by_uid(three: IMAPClient):
    do(three, messages.store(three.engine, "2", "+FLAGS", "\\Seen", "STORE"))
    known = [int(uid) for uid in uids(three)]
    for criteria, numbers in (
        ("ALL", [1, 2, 3]),
        ("UNSEEN", [1, 3]),
        ("SEEN", [2]),
        ("NOT (OR SEEN SUBJECT c)", [1]),
        ("DELETED", []),
    ):
        by_number = do(three, searching.send(three.engine, criteria, name="SEARCH"))[6]
        by_uid = do(three, three.engine.search(criteria))[6]
        highest = numbers[-1] if numbers else 0
        assert by_number == (len(numbers), highest, False), criteria
        assert by_uid == (len(numbers), known[highest - 1] if highest else 0, False), criteria


def test_pymap_takes_the_numbers_of_a_uid_search_for_uids(server: Server, three: IMAPClient):
    assert do(three, searching.send(three.engine, "2:*", name="SEARCH"))[6] == (2, 3, False)
    found = do(three, three.engine.search("2:*"))[6][0]
    assert found == {"dovecot": 2, "pymap": 3}[server.name]


@pytest.mark.parametrize("uid_from_of", [None, 1])
def test_counting_by_the_server_agrees_with_counting_its_list(
    three: IMAPClient, uid_from_of: int | None
):
    do(three, messages.store(three.engine, "1", "+FLAGS", "\\Seen", "STORE"))
    start = 0 if uid_from_of is None else int(uids(three)[uid_from_of])
    for criteria in (
        "ALL",
        "UNSEEN UNDELETED",
        "SEEN",
        "DELETED",
        "SUBJECT c",
        ["SUBJECT", "Я", ""],
        ["FROM", "Жанна", "UNSEEN"],
    ):
        plain = do(three, three.engine.search(criteria, start))[6]
        counted = do(three, three.engine.search(criteria, start, True))[6]
        assert counted == plain, criteria


def test_only_dovecot_counts_when_it_is_asked_to(server: Server, three: IMAPClient):
    do(three, three.engine.search("ALL", 0, True))
    told = ("other", "ESEARCH") in three.events
    assert told == ("ESEARCH" in three.engine.capabilities)
    assert told == {"dovecot": True, "pymap": False}[server.name]


def test_past_the_last_uid_nothing_is_found(three: IMAPClient):
    past = three.engine.uidnext
    for is_extended in (False, True):
        assert do(three, three.engine.search("ALL", past, is_extended))[6][0] == 0
