"""The states of an IMAP connection (RFC 9051 §3) and which command is legal in which: one table.

A command not in its state's row is our own mistake (MisuseError), raised before anything is sent.
"""

from micropython import const

GREETING = const(0)  # nothing received yet
NOT_AUTHENTICATED = const(1)
AUTHENTICATED = const(2)
SELECTED = const(3)
LOGOUT = const(4)

# A row is one number, for tuples would cost a kilobyte: bit n, legal in state n; ALONE; and by
# how much to shift for the state after OK and after NO (0: it stays).
# Alone: nothing else may be in flight, because the answer changes what the next bytes mean
# (never pipeline across LOGIN and AUTHENTICATE: Courier drops what follows in one segment).
ALONE = const(1 << 5)
AFTER_OK = const(6)
AFTER_NO = const(9)

_SELECTED = const(1 << 3)
_IN = const(_SELECTED | 1 << 2)
_ANY = const(_IN | 1 << 1)
_SIGN_IN = const(1 << 1 | 2 << 6 | ALONE)
_OPEN = const(_IN | 3 << 6 | 2 << 9 | ALONE)

COMMANDS = {
    "CAPABILITY": _ANY,
    "NOOP": _ANY,
    "LOGOUT": _ANY | 4 << 6 | 4 << 9,
    "LOGIN": _SIGN_IN,
    "AUTHENTICATE": _SIGN_IN,
    "EXAMINE": _OPEN,
    "SELECT": _OPEN,
    "UID SEARCH": _SELECTED,
    "UID FETCH": _SELECTED,
    "IDLE": _IN | ALONE,
}
