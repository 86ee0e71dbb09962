"""After a refusal. Layer mail; the last step of a Session.open that failed."""

from micropython import const

from postlamp.errors import PostlampError, ServerError
from postlamp.imap.access import logout
from postlamp.imap.state import LOGOUT
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session

_LEAVE_S = const(5)


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Say goodbye, and raise the `error`, without words that repeat what was sent to sign in."""
    if session.engine.state != LOGOUT:
        await _say_goodbye(session)
    drop("postlamp.imap.access", "postlamp.imap.command")
    error, password = job["error"], settings["password"]
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    for words in [password, quoted] + job.get("sent", []):
        if words in error.text:
            raise ServerError(error.cause, error.code, "", error.wait_s)
    raise error


async def _say_goodbye(session: "Session") -> None:
    """The server may go on counting the connection otherwise."""
    try:
        await session.finish(logout(session.engine), _LEAVE_S)
    except PostlampError:  # its BYE, an error elsewhere, or that it has gone already
        return
