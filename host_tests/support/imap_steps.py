"""What an IMAP server in order says, in steps for the scripted peer: one mailbox, one unread."""

from host_tests.support.peer import Step, expect, hold, send

GREETING = send(b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n")
LOGIN = expect(rb'(?P<tag>\S+) LOGIN "?me"? "?secret"?\r\n')
EXAMINE = expect(rb'(?P<tag>\S+) EXAMINE "?INBOX"?\r\n')
SEARCH = expect(rb"(?P<tag>\S+) UID SEARCH UNSEEN\r\n")
FETCH = expect(rb"(?P<tag>\S+) UID FETCH \d+ [^\r]+\r\n")
NOOP = expect(rb"(?P<tag>\S+) NOOP\r\n")
IDLE = expect(rb"(?P<idle>\S+) IDLE\r\n")
OK = send(b"{tag} OK done\r\n")
SIGN_IN = [GREETING, LOGIN, send(b"{tag} OK [CAPABILITY IMAP4rev1 IDLE] in\r\n")]
SELECTED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 8] x\r\n{tag} OK done\r\n"
OPEN = [*SIGN_IN, EXAMINE, send(SELECTED)]


def item(name: bytes) -> bytes:
    """The answer to a FETCH of a mail from somebody."""
    header = b"From: %s <a@example.org>\r\nSubject: Hello\r\n\r\n" % name
    section = b"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]"
    return b"* 1 FETCH (UID 7 %s {%d}\r\n%s)\r\n" % (section, len(header), header)


ITEM = item(b"Ann")
ONE = [send(b"* SEARCH 7\r\n{tag} OK done\r\n")]
NEWEST = [FETCH, send(ITEM + b"{tag} OK done\r\n")]
COUNTED = [*OPEN, SEARCH, *ONE, *NEWEST]
AGAIN = [IDLE, send(b"+ idling\r\n")]
IDLING = [*COUNTED, *AGAIN]
STAYS: list[Step] = [*IDLING, hold()]
