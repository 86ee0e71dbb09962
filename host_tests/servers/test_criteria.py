"""Every key that the checker of SEARCH criteria accepts, sent to real servers by the engine."""

from host_tests.servers.conftest import Server
from host_tests.support.imap_client import IMAPClient
from postlamp.imap.criteria import _ROWS, check

MAIL = (
    b"From: Ann <boss@example.org>\r\nTo: me@example.org\r\nCc: cc@example.org\r\n"
    b'Subject: Two words, 100% "sure"\r\nList-Id: news\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\n'
    b"\r\nA body with words.\r\n"
)
OTHER = (
    "From: =?utf-8?B?0JbQsNC90L3QsA==?= <zhanna@example.org>\r\nTo: me@example.org\r\n"
    "Subject: Встреча\r\nDate: Tue, 3 Feb 2026 10:00:00 +0000\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\nПривет.\r\n"
).encode()

# criteria as typed -> how many of the two mails (both unread, just arrived) are found
FOUND: dict[str, object] = {
    "ALL": 2,
    "ANSWERED": 0,
    "bcc nobody": 0,
    "BEFORE 1-Feb-2026": 0,
    'BODY "with words"': 1,
    "CC cc@example.org": 1,
    "DELETED": 0,
    "DRAFT": 0,
    "FLAGGED": 0,
    "from BOSS@example.org": 1,
    'FROM ""': 2,
    "HEADER List-Id news": 1,
    'HEADER List-Id ""': 1,
    "KEYWORD $Forwarded": 0,
    "UNKEYWORD $Forwarded": 2,
    "LARGER 0": 2,
    "LARGER 4294967295": 0,
    "SMALLER 4294967295": 2,
    "NOT SEEN": 2,
    "not (not seen)": 0,
    "ON 29-Feb-2024": 0,
    "ON 31-Dec-9999": 0,
    "ON 01-Jan-1000": 0,
    "OR SEEN FROM boss": 1,
    "or (seen) (from boss to me)": 1,
    "(UNSEEN (UNDELETED) )": 2,
    "SEEN": 0,
    'SENTBEFORE "3-Feb-2026"': 1,
    "SENTON 2-feb-2026": 1,
    "SENTSINCE 3-Feb-2026": 1,
    "SINCE 1-Feb-2020": 2,
    'SUBJECT "two words"': 1,
    "SUBJECT 100%": 1,
    'SUBJECT "\\"sure\\""': 1,
    "TEXT body": 1,
    "TO me@example.org": 2,
    "UID 1:*": 2,
    "UID 4294967295": 0,
    "UNANSWERED": 2,
    "UNDELETED": 2,
    "UNDRAFT": 2,
    "UNFLAGGED": 2,
    "UNSEEN": 2,
    "1:*": 2,
    "*": 1,
    "1,2:*": 2,
    "NOT 1": 1,
    "OLDER 86400": 0,
    "YOUNGER 86400": 2,
    "NOT " * 16 + "SEEN": 0,
    "(" * 16 + "SEEN" + ")" * 16: 0,
    "OR SEEN " * 16 + "UNSEEN": 2,
    "OR " * 16 + "SEEN" + " UNSEEN" * 16: 2,
    'SUBJECT "' + "x" * 390 + '"': 0,
    "FROM Жанна": 1,
    'subject "Встреча" unseen': 1,
    "OR BODY Привет FROM boss": 2,
    "TEXT é OR BODY ü TO x": 0,
    'NOT (FROM "Жанна" UNSEEN)': 1,
    "(NOT (SUBJECT Встреча)) SEEN": 0,
    "or (seen) (subject Встреча)": 1,
    "SUBJECT встреча": 1,
    "TEXT Встреча": 1,
    "BODY привет": 1,
    # RECENT belongs to the session that saw it first: which one that is differs.
    "NEW": None,
    "OLD": None,
    "RECENT": None,
    # Only Gmail knows it; all others have to refuse it.
    'X-GM-RAW "category:primary is:unread"': "BAD",
}

# What a server answers otherwise, and why.
GAPS: dict[str, dict[str, object]] = {
    "dovecot": {},
    "pymap": {
        # RFC 5032 is not built in.
        "OLDER 86400": "BAD",
        "YOUNGER 86400": "BAD",
        # One NOT is understood, not a NOT of a NOT without parentheses.
        "NOT " * 16 + "SEEN": "BAD",
        # NOT before a set is read and forgotten.
        "NOT 1": 2,
        # Only the case of ASCII letters is folded.
        "SUBJECT встреча": 0,
        "BODY привет": 0,
    },
}


def _found(client: IMAPClient, typed: str) -> object:
    """How many mails the criteria find, or NO or BAD."""
    answer = client.finish(client.engine.search(check(typed)))
    return answer[6][0] if answer[3] == "OK" else answer[3]


def test_everything_that_is_accepted_is_understood(server: Server, inbox: IMAPClient):
    server.deliver_raw(MAIL, OTHER)
    inbox.finish(inbox.engine.noop())
    found = {typed: _found(inbox, typed) for typed in FOUND}
    expected = FOUND | GAPS[server.name]
    for typed, count in expected.items():
        if count is None:
            assert found.pop(typed) in (0, 1, 2)
    differing = {typed: got for typed, got in found.items() if got != expected[typed]}
    assert differing == {}


def test_charset_goes_only_with_letters_outside_ascii(server: Server, inbox: IMAPClient):
    for typed in ("UNSEEN", 'FROM "boss"', "HEADER List-Id news"):
        _found(inbox, typed)
    assert b"CHARSET" not in inbox.sent
    _found(inbox, "FROM Жанна")
    assert inbox.sent.count(b" UID SEARCH CHARSET UTF-8 FROM {10") == 1


def test_every_key_is_in_the_table():
    words = " ".join(FOUND).upper().replace("(", "").split()
    for _, keys, _ in _ROWS:
        for key in keys.replace("(", "").split():
            assert key in words, key
