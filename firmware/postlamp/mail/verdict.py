"""What a server's NO, BAD or BYE means to the owner (RFC 9051 §7.1, RFC 5530). Pure.

Loaded for a refusal, then dropped.
"""

from micropython import const

from postlamp.errors import ServerError

# A response code and the cause, of app/states.py, it stands for.
_CODES = {
    "AUTHENTICATIONFAILED": "password",
    "AUTHORIZATIONFAILED": "password",
    "EXPIRED": "password_expired",
    "PRIVACYREQUIRED": "privacy",
    "CONTACTADMIN": "contact_admin",
    "ALERT": "alert",
    "UNAVAILABLE": "unavailable",
    "SERVERBUG": "unavailable",  # Dovecot's "Internal error occurred"
    "CORRUPTION": "unavailable",
    "LIMIT": "throttled",
    "INUSE": "throttled",
    "NONEXISTENT": "mailbox_gone",
    "BADCHARSET": "charset",
}
# Words that tell more than the code, or stand where there is none.
_WORDS = (
    ("basic authentication is disabled", "sign_in"),
    ("web browser", "sign_in"),  # Gmail, of a sign-in it does not know
    ("invalid credentials", "password"),  # Gmail, behind a mere [ALERT]
    ("authenticated but not connected", "account"),  # Exchange
    ("server unavailable", "unavailable"),  # Exchange; the 15 behind it is no time
    ("session state is inconsistent", "mailbox_gone"),  # Dovecot
    ("throttled", "throttled"),
    ("too many", "throttled"),
    ("connection limit", "throttled"),
    ("internal error", "unavailable"),
    ("temporar", "unavailable"),
    ("try again later", "unavailable"),
)
_LONGEST_S = const(3600)


def refusal(code: str, text: str, otherwise: str) -> ServerError:
    """The error for a refusal; `otherwise` is its cause when neither code nor words tell."""
    lower = text.lower()
    cause = _CODES.get(_name(code), otherwise)
    for words, meant in _WORDS:
        if words in lower:
            cause = meant
            break
    if cause == "mailbox_gone" and otherwise == "mailbox":
        cause = otherwise  # it was not there when we came
    elif cause == "alert" and otherwise == "bye":
        cause = otherwise  # news of the server, not of the account
    return ServerError(cause, code, text, _wait_s(lower))


def is_final(code: str) -> bool:
    """Whether trying another mechanism after this NO would only count as one more attack."""
    return _name(code) in ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED")


def _name(code: str) -> str:
    return code.split(" ")[0].upper()


def _wait_s(lower: str) -> int:
    """What Exchange suggests: "backoff time: 92415 milliseconds"; an hour at the most."""
    number = lower.partition("backoff time:")[2].split("milli")[0].strip()
    if not number.encode().isdigit():  # as bytes, where only ASCII has digits
        return 0
    return min(_LONGEST_S, int(number[:9]) // 1000 + 1)
