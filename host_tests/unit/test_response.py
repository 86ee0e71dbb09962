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
    assert event(b"* 1 EXPUNGED") == ("expunge", 1)  # GNU mailutils


def test_fetch_tells_whether_it_holds_flags():
    assert event(b"* 4 FETCH (FLAGS (\\Seen $Junk) UID 31)") == ("fetch", 4, True)
    assert event(b"* 4 fetch (uid 31 flags ())") == ("fetch", 4, True)
    assert event(b"* 4 FETCH (UID 31)") == ("fetch", 4, False)
    assert event(b"* 4 FETCH (BODY[] {5}\r\nFLAGS UID 31)") == ("fetch", 4, False)
    assert event(b"* 1 FETCH") == ("fetch", 1, False)


def test_capabilities_fold_case_and_mend_a_space():
    assert capability_names("imap4rev1 Idle LITERAL + AUTH=plain") == frozenset(
        ["IMAP4REV1", "IDLE", "LITERAL+", "AUTH=PLAIN"]
    )
    assert event(b"* CAPABILITY IMAP4rev1")[1] == frozenset(["IMAP4REV1"])


def test_unknown_lines_are_passed_over():
    assert event(b'* LIST () "/" INBOX') == ("other", "LIST")
    assert event(b"*") == ("other", "")
    assert event(b"") == ("other", "")
