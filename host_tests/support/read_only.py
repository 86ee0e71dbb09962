"""Which lines of a client could change a flag: all that are not on a list of what cannot."""

import re
from collections.abc import Iterator

# All that is allowed. FETCH may name these items only; BODY without PEEK would mark a mail read.
_ITEM = rb"(UID|FLAGS|INTERNALDATE|RFC822\.SIZE|ENVELOPE|BODY\.PEEK\[[^\]]*\](<\d+\.\d+>)?)"
_COMMAND = (
    rb"(CAPABILITY|NOOP|IDLE|LOGOUT|(LOGIN|AUTHENTICATE|ID|EXAMINE|STATUS|UID SEARCH) .*"
    rb"|UID FETCH [\d:*,]+ \(" + _ITEM + rb"( " + _ITEM + rb")*\))"
)
# Beside commands: the end of IDLE, and answers to a challenge, which are one word
HARMLESS = re.compile(rb"\S+ " + _COMMAND + rb"|DONE|[A-Za-z0-9+/]*={0,2}|\*")


def _lines(sent: bytes) -> Iterator[bytes]:
    """What a client said, line by line, literals left out."""
    line = b""
    while sent:
        part, _, sent = sent.partition(b"\r\n")
        line += part
        literal = re.search(rb"\{(\d+)\+?\}$", part)
        if literal:
            sent = sent[int(literal[1]) :]
        else:
            yield line
            line = b""


def harmful(sent: bytes) -> list[bytes]:
    """The lines that are not known to change nothing."""
    return [line for line in _lines(sent) if not HARMLESS.fullmatch(line)]
