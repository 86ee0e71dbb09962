"""Second stage of the engine: one framed message to one event tuple (RFC 9051 §7). Pure.

Lenient where real servers are odd: missing text, LF alone, lower case, NIL, trailing spaces.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.framer import Framer

    Event = tuple[Any, ...]  # (kind, …), see engine.py

_STATUS = ("OK", "NO", "BAD", "PREAUTH", "BYE")
_NUMBERED = ("EXISTS", "RECENT", "EXPUNGE", "EXPUNGED")  # the last one of GNU mailutils
_TEXT_LIMIT = const(200)  # of a server's words to people


def parse(framer: "Framer") -> "Event":
    """The event of the message in `framer`; ("other", name) for what a watcher does not need.

    ("tagged", tag, status, code, text) is for the engine only, which turns it into "completed".
    """
    # What stands before the first literal says all that is asked here; values.py reads literals.
    end = framer.literals[0] if framer.literals else framer.length
    line = bytes(memoryview(framer.buffer)[:end])
    if framer.is_cut and b"CAPABILITY" in line.upper():
        # the last name may not be whole, and the most important one may be missing
        line = line[: line.rfind(b" ")] + b" LOGINDISABLED"
    if line.startswith(b"+"):
        return ("continue", line[1:].strip())
    tag, rest = _word(line)
    if tag != "*":
        return ("tagged", tag) + _status(rest)
    name, rest = _word(rest)
    upper = name.upper()
    if upper in _STATUS:
        return ("status",) + _status(line[2:])
    if upper == "CAPABILITY":
        return ("capability", capability_names(text(rest)))
    if upper == "SEARCH" or upper == "VANISHED":
        return (upper.lower(),)
    if name.encode().isdigit():  # as bytes, where only ASCII has digits
        return _numbered(int(name), rest)
    return ("other", upper)


def text(raw: bytes) -> str:
    """Server words as str: UTF-8, or what is ASCII of it."""
    try:
        return raw.decode()
    except UnicodeError:
        return bytes([byte if byte < 128 else 63 for byte in raw]).decode()


def capability_names(words: str) -> frozenset[str]:
    """Upper-case capability names; `LITERAL +` (seen on Exchange) is mended."""
    return frozenset(words.upper().replace(" +", "+").split())


def _word(line: bytes) -> tuple[str, bytes]:
    """The first word and what follows its space; no word is ""."""
    head, _, rest = line.lstrip(b" ").partition(b" ")
    return text(head), rest


def _status(line: bytes) -> tuple[str, str, str]:
    """(status, code, text) of a status response (RFC 9051 §7.1); code without brackets or ""."""
    status, rest = _word(line)
    code = ""
    if rest.startswith(b"["):
        inside, _, rest = rest[1:].partition(b"]")
        code = text(inside).strip()
    return status.upper(), code, text(rest.strip())[:_TEXT_LIMIT]


def _numbered(number: int, rest: bytes) -> "Event":
    name, rest = _word(rest)
    name = name.upper()
    if name in _NUMBERED:
        return (name.lower()[:7], number)
    if name == "FETCH":
        return ("fetch", number, b"FLAGS" in rest.upper())
    return ("other", name)
