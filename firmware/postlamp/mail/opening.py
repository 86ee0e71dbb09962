"""The beginning of a connection: greeting, STARTTLS, capabilities. Layer mail.

A step of Session.open, loaded for it and after signing in, then dropped.
"""

from micropython import const

from postlamp.errors import ServerError, TrustError
from postlamp.imap.access import capability, secured, starttls
from postlamp.imap.state import GREETING, NOT_AUTHENTICATED
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session

_GREETING_S = const(60)  # "* OK Waiting for authentication process" may come after 10 s


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Go on from where the engine is; the next step is securing, choosing or selecting."""
    try:
        job["step"] = await _advance(session, settings, job)
    except ServerError as error:
        job["step"], job["error"] = "leaving", error
    finally:
        drop("postlamp.imap.access")


async def _advance(session: "Session", settings: "dict[str, Any]", job: "Job") -> str:
    engine = session.engine
    if engine.state == GREETING:
        job["is_new"] = True
        await session.finish("", _GREETING_S, "greeting")
        if settings["tls"] == "starttls":
            await _start_tls(session)
            return "securing"
    if not engine.capabilities:
        await session.finish(capability(engine))
    if engine.state == NOT_AUTHENTICATED:
        return "choosing"
    return "selecting"


async def _start_tls(session: "Session") -> None:
    engine = session.engine
    if engine.state != NOT_AUTHENTICATED:
        raise TrustError("not_tls", "PREAUTH")  # too late to secure what it says
    event = await session.finish(starttls(engine))
    if event[3] != "OK":
        raise TrustError("not_tls", event[5])
    secured(engine)
