"""What a server's NO, BAD or BYE means to the owner (RFC 9051 §7.1, RFC 5530). Pure."""

from postlamp.errors import ServerError

# A response code and the cause, of app/states.py, it stands for.
_CODES = {
    "AUTHENTICATIONFAILED": "password",
    "AUTHORIZATIONFAILED": "password",
    "EXPIRED": "password",
    "PRIVACYREQUIRED": "login_disabled",
    "UNAVAILABLE": "throttled",
    "LIMIT": "throttled",
    "INUSE": "throttled",
    "NONEXISTENT": "mailbox",
}
# Words that tell more than the code, or stand where there is none.
_WORDS = (
    ("basic authentication is disabled", "sign_in"),
    ("web browser", "sign_in"),  # Gmail, of a sign-in it does not know
    ("throttled", "throttled"),
    ("too many", "throttled"),
    ("connection limit", "throttled"),
)


def refusal(code: str, text: str, otherwise: str) -> ServerError:
    """The error for a refusal; `otherwise` is its cause when neither code nor words tell."""
    lower = text.lower()
    for words, cause in _WORDS:
        if words in lower:
            return ServerError(cause, code, text)
    name = code.split(" ")[0].upper()
    return ServerError(_CODES.get(name, otherwise), code, text)


def is_final(code: str) -> bool:
    """Whether trying another mechanism after this NO would only count as one more attack."""
    return code.split(" ")[0].upper() in ("AUTHENTICATIONFAILED", "EXPIRED")
