"""The one table of what the gadget can be in: state -> look, page, retry policy; cause -> state.

Application layer, pure data with three small questions on top. Words are in assets/words.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Tuple

# state: (look in looks.py, page in pages.py, retry policy)
STATES: "Dict[str, Tuple[str, str, str]]" = {
    "starting": ("starting", "starting", "backoff"),
    "connecting": ("starting", "connecting", "backoff"),
    "not_set_up": ("not_set_up", "not_set_up", "slow"),
    "nothing": ("nothing", "nothing", "backoff"),
    "unread": ("unread", "unread", "backoff"),
    "new": ("new", "new", "backoff"),
    "reached_zero": ("reached_zero", "nothing", "backoff"),
    "not_sure": ("not_sure", "not_sure", "backoff"),
    "needs_you": ("needs_you", "needs_you", "hourly"),
    "refused": ("refused", "refused", "slow"),
}

# Every cause that errors.py knows, by what it asks of the owner: patience, an act, or caution.
CAUSES: "Dict[str, str]" = {
    "wifi": "not_sure",
    "dns": "not_sure",
    "refused": "not_sure",
    "unreachable": "not_sure",
    "silent": "not_sure",
    "closed": "not_sure",
    "bye": "not_sure",
    "garbage": "not_sure",
    "throttled": "not_sure",
    "clock": "not_sure",
    "memory": "not_sure",
    "internal": "not_sure",
    "password": "needs_you",
    "sign_in": "needs_you",
    "login_disabled": "needs_you",
    "mailbox": "needs_you",
    "config": "needs_you",
    "command": "needs_you",
    "unknown_issuer": "refused",
    "expired": "refused",
    "not_yet_valid": "refused",
    "wrong_host": "refused",
    "not_tls": "refused",
    "tls_version": "refused",
    "bad_certificate": "refused",
}

# Only a refused login is counted by the server against the account; the rest may be asked again.
_SLOW_CAUSES = ("login_disabled", "mailbox", "command", "throttled")


def state_of(cause: str) -> str:
    """The state a cause puts the gadget in; one nobody listed is our own mistake."""
    return CAUSES.get(cause, CAUSES["internal"])


def look_of(state: str) -> str:
    """The name of the state's look."""
    return STATES[state][0]


def page_of(state: str) -> str:
    """The name of the state's page."""
    return STATES[state][1]


def policy_of(cause: str) -> str:
    """How to try again after a cause: backoff, slow (minutes) or hourly."""
    if cause in _SLOW_CAUSES:
        return "slow"
    return STATES[state_of(cause)][2]
