"""The one table of what the gadget can be in: state -> look, page, retry policy; cause -> state.

Application layer, pure data with small questions on top; loaded for one (status.asked), then
dropped. Words are in assets/words.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Tuple

    from postlamp.app.looks import Look

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


def look_of(state: str) -> "Look":
    """What the light does in a state."""
    from postlamp.app.looks import LOOKS

    return LOOKS[STATES[state][0]]


def page_of(state: str) -> str:
    """The name of the page that is shown in a state."""
    return STATES[state][1]


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
