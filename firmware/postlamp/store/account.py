"""What no single row of the schema can say of an account. Layer store.

Loaded with the configuration, then dropped. Never puts a secret into a message.
"""

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_GMAIL = ("imap.gmail.com", "imap.googlemail.com")
_APP_PASSWORD = const(16)  # letters
_DIGITS = const(64)  # of a SHA-256
_LABEL = "sha256 fingerprint"  # as openssl prints it
_UNREAD = ("UNSEEN", "UNSEEN UNDELETED")  # what STATUS can count, the second nearly


def finish(where: str, account: "dict[str, Any]") -> None:
    """Check and complete an account that is right row by row; `where` is for the messages."""
    host = account["host"]
    if ":" in host or "/" in host or "@" in host or " " in host:
        # not shown: an address such as imaps://me:secret@host holds a password
        problem = "must be the server's name alone, such as imap.example.org"
        raise ConfigError(where + ".host", problem)
    if host.lower() in _GMAIL and isinstance(account["password"], str):
        _join_app_password(where, account)
    _check_mailboxes(where, account)
    if "port" not in account:
        account["port"] = 993 if account["tls"] == "implicit" else 143
    if account["trust"] not in ("mozilla", "ca"):
        account["trust"] = _pin(where + ".trust", account["trust"])
    if not account["name"]:
        account["name"] = account["user"].split("@")[0][:16]


def _check_mailboxes(where: str, account: "dict[str, Any]") -> None:
    """The server counts all but the first one for us, and only those that are not open."""
    names: "list[str]" = []
    for name in account["mailboxes"]:
        if name.upper() == "INBOX":
            name = "INBOX"  # in any case (RFC 3501 §5.1)
        if name in names:
            raise ConfigError("%s.mailboxes[%d]" % (where, len(names)), "is there already")
        names.append(name)
    account["mailboxes"] = names
    if len(names) > 1 and " ".join(account["search"].upper().split()) not in _UNREAD:
        problem = "of several mailboxes can only be %s; use one mailbox, or one account for each"
        raise ConfigError(where + ".search", problem % " or ".join(_UNREAD))


def _pin(where: str, trust: str) -> str:
    """pin: and 64 digits, without the label and the colons that openssl puts to them."""
    label, _, digits = (trust[4:] if trust[:4] == "pin:" else trust).rpartition("=")
    digits = digits.replace(":", "").lower()
    if (
        (label or trust[:4]).lower() not in ("pin:", _LABEL)
        or len(digits) != _DIGITS
        or digits.strip("0123456789abcdef")
    ):
        problem = "must be mozilla, ca, or pin: and 64 hexadecimal digits"
        raise ConfigError(where, problem)
    return "pin:" + digits


def _join_app_password(where: str, account: "dict[str, Any]") -> None:
    """Gmail shows its app passwords in four parts, but takes them in one only."""
    password = account["password"].replace(" ", "").replace("\u00a0", "")
    if len(password) == _APP_PASSWORD and password != account["password"]:
        account["password"] = password
        print("I (0) config: " + where + ".password: spaces left out of the app password")
