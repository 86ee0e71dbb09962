"""Waits for the end of signing in, which may be told at length. Layer mail.

A step of Session.open, loaded for it, then dropped.
"""

from micropython import const

from postlamp.errors import ServerError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.response import Event
    from postlamp.mail.session import Job, Session

_LOGIN_S = const(60)  # Dovecot delays up to 17 s after failures
# Of up to fifty names, which would take 2 kB for as long as the connection lasts
_KEPT = ("IMAP4REV1", "IMAP4REV2", "IDLE", "ESEARCH", "ID", "LITERAL+", "LITERAL-")


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Note in `tried` how it ended: name, completion, and what we found wrong."""
    try:
        event, tag, found = job.pop("event", None), job.pop("tag", ""), job.pop("found", None)
        if tag:
            event = await _end(session, tag)
        job["tried"].append((job["name"], event, found))
        job["step"] = "choosing"
        if event and event[3] == "OK" and not found:
            # They change: asked for again, if not told
            told = session.engine.capabilities if event[4][:10].upper() == "CAPABILITY" else ()
            session.engine.capabilities = frozenset([name for name in told if name in _KEPT])
            session.mechanism = job["name"]
            job["step"] = "opening"
    except ServerError as error:  # its BYE
        job["step"], job["error"] = "leaving", error


async def _end(session: "Session", tag: str) -> "Event":
    """The completion; a challenge too many is cancelled."""
    event = await session.finish(tag, _LOGIN_S, "challenge")
    if event[0] == "challenge":
        from postlamp.imap.sasl import respond

        respond(session.engine, None)
        del respond
        drop("postlamp.imap.sasl")
        event = await session.finish(tag, _LOGIN_S)
    return event
