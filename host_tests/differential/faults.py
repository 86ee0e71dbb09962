"""Where a library disagrees with our engine, and why we hold it to be wrong, or right to differ.

Held to every conversation in both directions: a fault that is gone fails the test as a new one
does. What is said of RFC 3501 holds for RFC 9051 too. IMAPClient reads by imaplib and shares the
faults of its reading.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One way in which libraries differ: which fact, why, and what they say where."""

    libraries: str
    fact: str  # "search.count", or "search" when something is raised there
    why: str
    says: dict[str, object]


_READ_BY_IMAPLIB = "imaplib IMAPClient"
_UNPARSED = "imaplib aioimaplib"  # they hand lines to their user

FAULTS = (
    # --- responses that are not understood ---
    Fault(
        _READ_BY_IMAPLIB,
        "greeting",
        "wants words after OK; so does RFC 3501 §9 (resp-text), but servers leave them out",
        {
            "quirk-07-capability-everywhere": "abort",
            "server-04-logindisabled-after-login (3)": "abort",
            "server-09-nothing-goes-with-login (2)": "abort",
        },
    ),
    Fault(
        _READ_BY_IMAPLIB,
        "noop",
        "wants words after OK, as in the greeting",
        {
            "quirk-19-search-is-the-truth": "abort",
            "server-09-nothing-goes-with-login": "abort",
        },
    ),
    Fault(
        _READ_BY_IMAPLIB,
        "examine",
        "wants words after OK, and capitals, though §9 says that case does not matter",
        {
            "quirk-22-uidvalidity": "abort",
            "quirk-33-hostile (4)": "abort",
            "quirk-33-hostile (5)": "abort",
            "what-the-rfc-allows (4)": "abort",
        },
    ),
    Fault(
        _READ_BY_IMAPLIB,
        "examine",
        "takes a response code up to the last bracket of the line; §7.1: its first one ends it",
        {"what-the-rfc-allows": "ValueError"},
    ),
    Fault(
        _READ_BY_IMAPLIB,
        "search",
        "gives up at `* search`, though case does not matter (§9), and at `* 1e9 EXISTS`",
        {"quirk-03-odd-search-lines": "abort", "quirk-25-odd-numbers": "abort"},
    ),
    Fault(
        _READ_BY_IMAPLIB,
        "headers",
        "gives up after a literal of the wrong size, as it may; we go on from the next tag",
        {"quirk-23-wrong-literal-size": "abort"},
    ),
    Fault(
        "aioimaplib",
        "greeting",
        "wants a CAPABILITY line, which the server owes (§6.1.1) and this one does not send",
        {"server-09-nothing-goes-with-login (2)": "Error"},
    ),
    Fault(
        "aioimaplib",
        "examine.exists",
        "looks for EXISTS in capitals, though case does not matter (§9)",
        {"what-the-rfc-allows (4)": 0},
    ),
    Fault(
        "aioimaplib",
        "examine.uidvalidity",
        "hands over the line; so that its user must know that case does not matter (§9)",
        {"what-the-rfc-allows (4)": 0},
    ),
    Fault(
        "imaplib IMAPClient aioimaplib",
        "noop.expunged",
        "does not know EXPUNGED, which is GNU mailutils's own: no standard asks for it",
        {"server-21-how-expunges-come": [1]},
    ),
    # --- SEARCH ---
    Fault(
        "IMAPClient",
        "search",
        "takes one SEARCH line only; §7: a client must be ready for any response at any time",
        {"quirk-02-several-search-lines": "ValueError", "what-the-rfc-allows (2)": "ValueError"},
    ),
    Fault(
        "aioimaplib",
        "search",
        "hands over words, among which its user finds NIL, 9.3736e+06 or 60,000 digits",
        {
            "quirk-03-odd-search-lines": "ValueError",
            "quirk-25-odd-numbers": "ValueError",
            "quirk-33-hostile (4)": "ValueError",
        },
    ),
    Fault(
        _UNPARSED,
        "search",
        "hands over words, among which its user finds (MODSEQ and its number (RFC 7162 §3.1.5)",
        {"what-the-rfc-allows (3)": "ValueError"},
    ),
    Fault(
        "IMAPClient",
        "search.exists",
        "shows nothing of what comes beside the list; §7.3.1: EXISTS must be recorded",
        {
            "cyrus-a-day": 4,
            "dovecot-a-day": 5,
            "pymap-a-day": 5,
            "quirk-21-expunge": 5,
            "server-19-new-mail-in-a-search": 3,
            "server-21-how-expunges-come": 3,
        },
    ),
    Fault(
        "aioimaplib",
        "search.exists",
        "drops what comes beside the list unless NOOP runs too; §7.3.1: it must be recorded",
        {
            "cyrus-a-day": 4,
            "dovecot-a-day": 5,
            "pymap-a-day": 5,
            "quirk-19-search-is-the-truth": 4,
            "quirk-21-expunge": 5,
            "server-19-new-mail-in-a-search": 3,
            "server-21-how-expunges-come": 3,
        },
    ),
    # --- changes ---
    Fault(
        "imaplib",
        "noop.exists",
        "keeps EXISTS and EXPUNGE in two lists: what came first, and so the sum, is lost (§7.4.1)",
        {"what-the-rfc-allows (5)": 4},
    ),
    Fault(
        "imaplib",
        "search.exists",
        "keeps EXISTS and EXPUNGE in two lists, as with NOOP",
        {"quirk-21-expunge": 1},
    ),
    Fault(
        "IMAPClient",
        "idle.is_ok",
        'takes any line before the "+" for a refusal; §7: any response may come at any time',
        {
            "quirk-13-idle-pushes": False,
            "server-24-idle": False,
            "what-the-rfc-allows (6)": False,
        },
    ),
    Fault(
        "aioimaplib",
        "idle.is_ok",
        "sends IDLE with a mailbox open only; RFC 9051 §6.3.13 has it once one is logged in",
        {
            "quirk-14-bye-twice (2)": False,
            "server-24-idle": False,
            "server-25-the-end (2)": False,
            "server-25-the-end (4)": False,
        },
    ),
    Fault(
        "aioimaplib",
        "done.exists",
        "loses what comes in one segment with the end of IDLE; §7.3.1: it must be recorded",
        {"quirk-18-no-idle (2)": 0, "what-the-rfc-allows (7)": 3},
    ),
    # --- capabilities ---
    Fault(
        "aioimaplib",
        "login.capabilities",
        "adds to the names from before LOGIN, which the new list replaces, and takes the words "
        "and brackets of the OK for names (§7.1, §7.2.1)",
        {
            "cyrus-a-day": "+APPENDLIMIT=4294967295] +AUTH=SCRAM-SHA-256 +IN +LOGGED +SASL-IR "
            "+SESSIONID=<LOCALHOST-1795403227-13080-1-9862228343099464833> +USER +[ "
            "-APPENDLIMIT=4294967295",
            "dovecot-a-day": "+AUTH=LOGIN +AUTH=PLAIN +IN +LOGGED +SPECIAL-USE] +[ -SPECIAL-USE",
            "dovecot-asked-first": "+AUTH=PLAIN",
            "pymap-a-day": "+AUTH=LOGIN +AUTH=PLAIN +AUTHENTICATION +MULTIAPPEND] +SUCCESSFUL. +[ "
            "-MULTIAPPEND",
            "server-03-capabilities-after-login": "+AUTH=PLAIN +AUTHENTICATION +MOVE] +STARTTLS "
            "+SUCCESSFUL. +[ -MOVE",
            "server-03-capabilities-after-login (2)": "+AUTH=PLAIN",
            "server-09-nothing-goes-with-login": "+IDLE",
        },
    ),
    # --- FETCH ---
    Fault(
        _UNPARSED,
        "headers.header",
        "hands over lines and literals; a header in quotes (§9, nstring) is somewhere in a line",
        {"server-28-section-echoes": None, "what-the-rfc-allows (8)": None},
    ),
    Fault(
        _UNPARSED,
        "fetch.flags",
        "hands over lines; flags in quotes, which §9 does not allow, keep them",
        {"quirk-26-lenient": {1: ['"\\\\Seen"', "$Junk", "\\Answered"]}},
    ),
    Fault(
        "IMAPClient",
        "fetch",
        "wants all ten parts of an ENVELOPE (§7.4.2), which the trace shortens",
        {"server-27-envelopes": "IndexError", "server-31-long-lines": "IndexError"},
    ),
    Fault(
        "IMAPClient",
        "fetch.uids",
        "leaves out messages that were not asked for, as the UIDs of the trace are not",
        {"server-29-dates": {}},
    ),
)


def expected(conversation: str, library: str) -> dict[str, object]:
    """What a library says differently in a conversation, by fact."""
    return {
        fault.fact: fault.says[conversation]
        for fault in FAULTS
        if library in fault.libraries.split() and conversation in fault.says
    }
