"""The states of an IMAP connection (RFC 9051 §3) and which command is legal in which: one table.

A command not in its state's row is our own mistake (MisuseError), raised before anything is sent.
"""

from postlamp.errors import MisuseError

GREETING = "g"  # nothing received yet
NOT_AUTHENTICATED = "n"
AUTHENTICATED = "a"
SELECTED = "s"
LOGOUT = "l"

# Legal in; state after OK; after NO (-: it stays); ! when nothing else may be in flight, because
# the answer changes what the next bytes mean (Courier drops what follows LOGIN in one segment), or
# because message numbers go out, which an EXPUNGE in between would shift (RFC 3501 §5.5).
_ROWS = (
    "nas - - -|CAPABILITY|NOOP|ID|",
    "nas l l -|LOGOUT|",
    "n - - !|STARTTLS|",
    "n a - !|AUTHENTICATE|LOGIN|",
    "as s a !|EXAMINE|SELECT|",
    "as - - !|IDLE|",
    "as - - -|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|LIST|LSUB|STATUS|APPEND|",
    "as - - -|NAMESPACE|MYRIGHTS|GETACL|",
    "s - - -|UID SEARCH|UID FETCH|UID STORE|UID COPY|UID MOVE|UID EXPUNGE|EXPUNGE|CHECK|",
    "s - - !|SEARCH|FETCH|STORE|COPY|MOVE|",
    "s a - !|CLOSE|UNSELECT|",
)


def row_of(name: str) -> "list[str]":
    """The command's row: where it is legal, state after OK, after NO, and whether alone."""
    for row in _ROWS:
        if "|" + name + "|" in row:
            return row.split("|")[0].split(" ")
    raise MisuseError("no such command: " + name)
