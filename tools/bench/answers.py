"""A server of three long answers, as long as the client asks for: numbers, headers, a literal.

It knows no IMAP but what the clients measured here need; greets with PREAUTH, finds no mail new.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from functools import lru_cache

from host_tests.support.peer import Line, Peer, Step

# What is asked says how long the answer is: UID SEARCH UID 1:<n>, UID FETCH 1:<n> (…),
# UID FETCH 7 (BODY.PEEK[]<0.<n>>). DROP before it asks for the same bytes, to be read and dropped.
_SEARCH = re.compile(rb"UID SEARCH UID 1:(\d+)")
_HEADERS = re.compile(rb"UID FETCH 1(?::(\d+)|,)")
_LITERAL = re.compile(rb"UID FETCH 7 \(BODY\.PEEK\[\]<0\.(\d+)>\)")
_SECTION = b"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]"
_SELECTED = b"* FLAGS ()\r\n* 0 EXISTS\r\n* 0 RECENT\r\n"
_CAPABILITY = b"* CAPABILITY IMAP4rev1\r\n"
_IN_A_LIST = b"1000"  # IMAPClient names the messages one by one


def serving(tls: ssl.SSLContext | None = None) -> Peer:
    """The server, any number of connections; a context manager with a `port`."""
    return Peer([_answering(_answer)], tls=tls)


def headers_of(uid: int) -> bytes:
    """The header block of a message in the FETCH answer, as every client must give it out."""
    return (
        b"From: Somebody %d <somebody%d@example.org>\r\nSubject: Hello number %d of this list\r\n"
        b"Date: Mon, 02 Nov 2026 09:08:07 +0000\r\n\r\n" % (uid, uid, uid)
    )


def _answering(answer: Callable[[bytes], bytes]) -> Step:
    """Answers every line, until the client leaves."""

    def step(line: Line) -> None:
        line.sock.sendall(b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
        while line.receive():
            while b"\r\n" in line.unread:
                command, _, rest = bytes(line.unread).partition(b"\r\n")
                line.unread[:] = rest
                tag, _, words = command.partition(b" ")
                line.sock.sendall(answer(words.removeprefix(b"DROP ")))
                line.sock.sendall(tag + b" OK done\r\n")

    return step


@lru_cache
def _answer(words: bytes) -> bytes:
    if found := _SEARCH.match(words):
        numbers = [b"* SEARCH", *(b"%d" % number for number in range(1, int(found[1]) + 1))]
        return b" ".join(numbers) + b"\r\n"
    if found := _HEADERS.match(words):
        return b"".join(_header_item(uid) for uid in range(1, int(found[1] or _IN_A_LIST) + 1))
    if found := _LITERAL.match(words):
        size = int(found[1])
        return b"* 7 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)\r\n" % (size, b"x" * size)
    if words == b"CAPABILITY":
        return _CAPABILITY
    return _SELECTED if words.startswith((b"SELECT", b"EXAMINE")) else b""


def _header_item(uid: int) -> bytes:
    header = headers_of(uid)
    return b"* %d FETCH (UID %d %s {%d}\r\n%s)\r\n" % (uid, uid, _SECTION, len(header), header)
