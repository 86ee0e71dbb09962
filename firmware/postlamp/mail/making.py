"""What a mechanism that is not SCRAM or CRAM-MD5 says, whatever the server asks. Layer mail.

Loaded to sign in, then dropped.
"""

from micropython import const

from postlamp.imap import mechanisms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


def prepare(name: str, settings: "dict[str, Any]") -> "tuple[bool, list[bytes]]":
    """Whether the client begins, and its answers in order."""
    mechanism = _made(name, settings)
    answers: "list[bytes]" = []
    while True:
        for _ in mechanism.work(b""):
            continue
        if mechanism.answer is None:
            return mechanism.is_client_first, answers
        answers.append(mechanism.answer)


def _made(name: str, settings: "dict[str, Any]") -> mechanisms.Mechanism:
    user, password = settings["user"], settings["password"]
    if name == "PLAIN":
        return mechanisms.plain(user, password)
    if name == "LOGIN":
        return mechanisms.login(user, password)
    if name == "XOAUTH2":
        return mechanisms.xoauth2(user, password)
    if name == "OAUTHBEARER":
        return mechanisms.oauthbearer(user, password, settings["host"], settings["port"])
    return mechanisms.anonymous(user)
