"""Which mechanism signs in next, and when to give up. Never goes on after a certain refusal.

Layer mail; a step of Session.open, loaded before each try, then dropped.
"""

from micropython import const

from postlamp.errors import ServerError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.response import Event
    from postlamp.mail.session import Job, Session

_COMMAND = "login"  # the command, where LOGIN is the mechanism
_STRONGEST_FIRST = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
_PLAIN = ("PLAIN", "LOGIN", _COMMAND)  # these carry the password
_OAUTH = ("XOAUTH2", "OAUTHBEARER")
_NEEDED = ("SASL-IR", "LITERAL+", "LITERAL-", "LOGINDISABLED")  # until it is over
_REFUSALS = const(2)  # in one connection: servers count them against the account


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Find the `name` of the next one, after those in `tried`."""
    try:
        if "names" not in job:
            _gather(session, settings, job)
        job["name"] = choose(
            job, "LOGINDISABLED" in session.engine.capabilities, session.mechanism
        )
        job["step"] = "proving" if "CRAM" in job["name"] else "telling"
    except ServerError as error:
        session.mechanism = ""
        job["step"], job["error"] = "leaving", error
    finally:
        drop("postlamp.mail.verdict")


def _gather(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Note the names that may be tried, and forget those of the server: they take 2 kB."""
    offered = session.engine.capabilities
    job["tried"] = []
    job["names"] = candidates(settings, offered, session.mechanism)
    session.engine.capabilities = frozenset([name for name in offered if name in _NEEDED])


def choose(job: "Job", is_banned: bool, last: str) -> str:
    """The next of the names, after those tried in vain; raises ServerError when it is over.

    `last` is the one that signed in before: its refusal is final.
    """
    names: "list[str]" = job["names"]
    error = (
        ServerError("login_disabled") if is_banned else ServerError("sign_in", "", "not offered")
    )
    refusals = 0
    for name, event, found in job["tried"]:
        if name in names:
            names.remove(name)
        error = found or error
        if event:
            error, is_over = _judged(name, event, found)
            if error.cause == "password" and (found or event[3] == "NO"):
                refusals += 1
            if is_over or refusals == _REFUSALS or refusals and name == last:
                raise error
    for name in names:
        # Where one that hides the password is refused in vain (GNU mailutils), so is the next
        if not refusals or name in _PLAIN:
            return name
    raise error


def candidates(settings: "dict[str, Any]", offered: "frozenset[str]", last: str) -> "list[str]":
    """What may be tried, in order; the one that worked `last` comes first."""
    wanted = settings["auth"]
    known = _STRONGEST_FIRST if wanted == "auto" else (wanted,)
    names = [name for name in known if "AUTH=" + name in offered]
    if "LOGINDISABLED" not in offered:
        if wanted in ("auto", "LOGIN"):
            names.append(_COMMAND)
    elif settings["tls"] == "none":  # it would not take the password, and all could read it
        names = [name for name in names if name not in _PLAIN]
    if last in names:
        names.remove(last)
        names.insert(0, last)
    return names


def _judged(name: str, event: "Event", found: "ServerError | None") -> "tuple[ServerError, bool]":
    """What a refusal means, and whether another mechanism is not to be tried."""
    from postlamp.mail.verdict import is_final, refusal

    error = found or refusal(event[4], event[5], "password")
    if name in _OAUTH and error.cause == "password":  # a token has run out
        error = ServerError("sign_in", error.code, error.text)
    # The last two are only found: too much work, or an error that names no culprit; no room
    goes_on = error.cause in ("password", "command", "memory") and not is_final(error.code)
    return error, not goes_on
