"""The parser: one line of server bytes to one event; real oddities are kept as cases."""

from feeding import feed, selected
from postlamp.imap.response import capability_names


def event(line):
    events = feed(selected(), line + b"\r\n")
    return events[0] if events else None


def test_status_lines_with_and_without_code_and_text():
    assert event(b"* OK Still here") == ("status", "OK", "", "Still here")
    assert event(b"* OK [UIDNEXT 5] Predicted") == ("status", "OK", "UIDNEXT 5", "Predicted")
    assert event(b"* ok [ALERT]") == ("status", "OK", "ALERT", "")
    assert event(b"* NO") == ("status", "NO", "", "")
    assert event(b"* BYE see you") == ("bye", "", "see you")


def test_words_that_are_not_utf8_lose_only_those_letters():
    assert event(b"* OK caf\xe9") == ("status", "OK", "", "caf?")
    assert event("* OK привет".encode()) == ("status", "OK", "", "привет")


def test_numbered_responses():
    assert event(b"* 23 EXISTS") == ("exists", 23)
    assert event(b"* 0 recent ") == ("recent", 0)
    assert event(b"* 7 EXPUNGE") == ("expunge", 7)
    assert event(b"* 1 EXPUNGED") == ("other", "EXPUNGED")


def test_fetch_items_of_every_shape():
    line = b'* 4 FETCH (FLAGS (\\Seen $Junk) UID 31 X NIL BODY[1.TEXT]<0> "a \\"b\\"" Y atom)'
    assert event(line) == (
        "fetch",
        4,
        {
            "FLAGS": (b"\\Seen", b"$Junk"),
            "UID": 31,
            "X": None,
            "BODY[1.TEXT]": b'a "b"',
            "Y": b"atom",
        },
    )


def test_fetch_with_literal_and_quoted_header_names():
    line = b'* 1 FETCH (BODY[HEADER.FIELDS ("FROM" "SUBJECT")] {8}\r\nSubject: UID 9)'
    assert event(line)[2] == {"BODY[HEADER.FIELDS]": b"Subject:", "UID": 9}


def test_fetch_nested_and_broken_lists_end():
    assert event(b'* 1 FETCH (A (1 (2 NIL) "x") B 3)')[2] == {"A": (1, 2, None, b"x"), "B": 3}
    assert event(b"* 1 FETCH (A (1 2")[2] == {"A": (1, 2)}
    assert event(b'* 1 FETCH (A "open')[2] == {"A": b"open"}
    assert event(b"* 1 FETCH") == ("fetch", 1, {})
    assert event(b"* 1 FETCH (" + b"(" * 500)[0] == "fetch"


def test_capabilities_fold_case_and_mend_a_space():
    assert capability_names("imap4rev1 Idle LITERAL + AUTH=plain") == frozenset(
        ["IMAP4REV1", "IDLE", "LITERAL+", "AUTH=PLAIN"]
    )
    assert event(b"* CAPABILITY IMAP4rev1")[1] == frozenset(["IMAP4REV1"])


def test_unknown_lines_are_passed_over():
    assert event(b'* LIST () "/" INBOX') == ("other", "LIST")
    assert event(b"*") == ("other", "")
    assert event(b"") == ("other", "")
