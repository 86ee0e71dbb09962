"""SEARCH beyond words: ESEARCH, literals, servers that know only IMAP4rev2."""

from feeding import feed, selected
from postlamp.imap import searching

REV2 = b"* OK [CAPABILITY IMAP4rev2 LITERAL-] ready\r\n"
PIECES = ["UNSEEN (FROM", "Жанна", ") SUBJECT", "é", "SEEN"]


def result(lines, uid_from=0, is_extended=True, size=0):
    engine = selected()
    engine.search("UNSEEN", uid_from, is_extended)
    events = feed(engine, lines + b"p3 OK done\r\n", size)
    return [event for event in events if event[0] == "completed"][0][6]


ANSWERS = (
    (b'* ESEARCH (TAG "p3") UID COUNT 5 MAX 4294967295\r\n', 0, (5, 4294967295, False)),
    (b'* ESEARCH (TAG "p3") UID MAX 9 COUNT 5\r\n', 0, (5, 9, False)),
    (b"* esearch (tag {2}\r\np3) uid count 5 max 9\r\n", 0, (5, 9, False)),
    (b'* ESEARCH (TAG "p3") UID COUNT 0\r\n', 0, (0, 0, False)),
    (b'* ESEARCH (TAG "p3") UID\r\n', 0, (None, 0, False)),
    (b'* ESEARCH (TAG "p3") UID COUNT 5\r\n', 0, (None, 0, False)),
    (b"* ESEARCH\r\n", 0, (None, 0, False)),
    (b"* ESEARCH COUNT\r\n", 0, (None, 0, False)),
    (b"* ESEARCH COUNT -1 MAX (3)\r\n", 0, (None, 0, False)),
    (b"", 0, (None, 0, False)),
    (b"* SEARCH 4 7\r\n", 0, (2, 7, False)),
    (b"* SEARCH\r\n", 0, (0, 0, False)),
    (b'* ESEARCH (TAG "p3") UID COUNT 1 MAX 8\r\n', 9, (0, 8, False)),
    (b'* ESEARCH (TAG "p3") UID COUNT 1 MAX 9\r\n', 9, (1, 9, False)),
    (b'* ESEARCH (TAG "p3") UID COUNT 1 MAX 9\r\n* 4 EXISTS\r\n', 0, (1, 9, True)),
    (b'* 4 EXISTS\r\n* ESEARCH (TAG "p3") UID COUNT 1 MAX 9\r\n', 0, (1, 9, False)),
)


def test_extended_answers_of_every_kind_at_every_cut():
    for lines, uid_from, expected in ANSWERS:
        for size in range(len(lines) + 1):
            assert result(lines, uid_from, True, size) == expected, (lines, size)


def test_an_extended_search_is_asked_for_by_name():
    engine = selected()
    engine.search("UNSEEN", 7, True)
    assert engine.to_send() == b"p3 UID SEARCH RETURN (COUNT MAX) UID 7:* UNSEEN\r\n"


def test_a_server_of_imap4rev2_alone_is_asked_to_count():
    engine = selected(REV2)
    engine.search("UNSEEN")
    assert engine.to_send() == b"p3 UID SEARCH RETURN (COUNT MAX) UNSEEN\r\n"
    engine = selected(b"* OK [CAPABILITY IMAP4rev1 IMAP4rev2 ESEARCH] ready\r\n")
    engine.search("UNSEEN")
    assert engine.to_send() == b"p3 UID SEARCH UNSEEN\r\n"


def test_letters_outside_ascii_go_as_literals():
    engine = selected()
    engine.search(PIECES, 7)
    start = b"p3 UID SEARCH CHARSET UTF-8 UID 7:* UNSEEN (FROM {10}\r\n"
    assert engine.to_send() == start
    feed(engine, b"+ \r\n")
    assert engine.to_send() == "Жанна) SUBJECT {2}\r\n".encode()
    feed(engine, b"+ \r\n")
    assert engine.to_send() == "é SEEN\r\n".encode()
    events = feed(engine, b"* SEARCH 8 9\r\np3 OK done\r\n")
    assert events[-1][6] == (2, 9, False)


def test_a_refused_charset_ends_the_command():
    engine = selected()
    engine.search(PIECES)
    answer = feed(engine, b"p3 NO [BADCHARSET (US-ASCII)] what?\r\n")[0]
    assert answer[3:5] == ("NO", "BADCHARSET (US-ASCII)")
    engine.to_send()
    engine.noop()
    assert engine.to_send() == b"p4 NOOP\r\n"


def test_search_by_message_numbers():
    engine = selected()
    searching.send(engine, "UNSEEN", name="SEARCH")
    assert engine.to_send() == b"p3 SEARCH UNSEEN\r\n"
    assert feed(engine, b"* SEARCH 1 3\r\np3 OK done\r\n")[0][6] == (2, 3, False)
