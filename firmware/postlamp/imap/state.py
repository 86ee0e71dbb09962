"""The states of an IMAP connection (RFC 9051 §3) and which command is legal in which: one table.

A command not in its state's row is our own mistake (MisuseError), raised before anything is sent.
"""

from micropython import const

GREETING = const(0)  # nothing received yet
NOT_AUTHENTICATED = const(1)
AUTHENTICATED = const(2)
SELECTED = const(3)
LOGOUT = const(4)

_ANY = (NOT_AUTHENTICATED, AUTHENTICATED, SELECTED)
_IN = (AUTHENTICATED, SELECTED)

# command: (states it is legal in, state after OK or None, state after NO or None, goes alone?)
# Alone: nothing else may be in flight, because the answer changes what the next bytes mean
# (never pipeline across LOGIN and AUTHENTICATE: Courier drops what follows in one segment).
COMMANDS = {
    "CAPABILITY": (_ANY, None, None, False),
    "NOOP": (_ANY, None, None, False),
    "LOGOUT": (_ANY, LOGOUT, LOGOUT, False),
    "LOGIN": ((NOT_AUTHENTICATED,), AUTHENTICATED, None, True),
    "AUTHENTICATE": ((NOT_AUTHENTICATED,), AUTHENTICATED, None, True),
    "EXAMINE": (_IN, SELECTED, AUTHENTICATED, True),
    "SELECT": (_IN, SELECTED, AUTHENTICATED, True),
    "UID SEARCH": ((SELECTED,), None, None, False),
    "UID FETCH": ((SELECTED,), None, None, False),
    "IDLE": (_IN, None, None, True),
}
