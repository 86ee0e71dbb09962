"""The one table of what the gadget can be in: state -> look, page, retry policy; cause -> state.

Application layer, pure data with two small questions on top. Words are in assets/words.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Tuple

# state: (look in patterns.py, page in pages.py, retry policy)
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
    "service": ("not_set_up", "service", "slow"),
    "safe": ("needs_you", "safe", "slow"),
}

# The causes that errors.py knows, by what they ask of the owner: an act, caution, or patience,
# which is all that is not listed (wifi wifi_address dns refused unreachable silent closed bye
# garbage mailbox_gone throttled unavailable clock memory internal). One text each: a dict would
# cost 1 kB. Those of the account are retried hourly: a server counts refused logins against it.
ACCOUNT = " password password_expired sign_in contact_admin account alert config "
SETTINGS = " wifi_password login_disabled privacy mailbox charset command "
REFUSED = (
    " unknown_issuer expired not_yet_valid wrong_host not_tls tls_version bad_certificate "
    "pin_changed "
)

_PATIENT = const(" throttled unavailable ")


def state_of(cause: str) -> str:
    """The state a cause puts the gadget in."""
    word = " " + cause + " "
    if word in REFUSED:
        return "refused"
    return "needs_you" if word in ACCOUNT or word in SETTINGS else "not_sure"


def policy_of(cause: str) -> str:
    """How to try again after a cause: backoff, slow (minutes) or hourly."""
    word = " " + cause + " "
    return "slow" if word in SETTINGS or word in _PATIENT else STATES[state_of(cause)][2]
