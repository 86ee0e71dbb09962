"""The two ends of opening a connection: up to signing in, and from there to the mailbox.

Layer mail; a step of Session.open, loaded for each, then dropped.
"""

from micropython import const

from postlamp import __version__
from postlamp.errors import ServerError, TrustError
from postlamp.imap.access import capability, identify, secured, select, starttls
from postlamp.imap.state import GREETING, NOT_AUTHENTICATED
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session

_GREETING_S = const(60)  # "* OK Waiting for authentication process" may come after 10 s


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Go on from where the engine is; the next step is securing, choosing or none."""
    try:
        job["step"] = await _advance(session, settings, job)
    except ServerError as error:
        job["step"], job["error"] = "leaving", error
    finally:
        drop("postlamp.imap.access", "postlamp.imap.command", "postlamp.mail.verdict")
        drop("postlamp.imap.utf7", "postlamp.imap.base64")


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
    # 163.com opens no mailbox without; where it is refused it does no harm
    if "is_new" in job and "ID" in engine.capabilities:
        await session.finish(identify(engine, ["name", "Postlamp", "version", __version__]))
    await _select(session, settings, "mailbox" if "is_new" in job else "mailbox_gone")
    session.is_believed = False
    return ""


async def _start_tls(session: "Session") -> None:
    engine = session.engine
    if engine.state != NOT_AUTHENTICATED:
        raise TrustError("not_tls", "PREAUTH")  # too late to secure what it says
    event = await session.finish(starttls(engine))
    if event[3] != "OK":
        raise TrustError("not_tls", event[5])
    secured(engine)


async def _select(session: "Session", settings: "dict[str, Any]", cause: str) -> None:
    name = "SELECT" if settings["access"] == "read-write" else "EXAMINE"
    event = await session.finish(select(session.engine, settings["mailboxes"][0], name))
    if event[3] != "OK":
        from postlamp.mail.verdict import refusal

        # BAD says nothing of the mailbox: "User is authenticated but not connected" (Exchange)
        raise refusal(event[4], event[5], cause if event[3] == "NO" else "command")
