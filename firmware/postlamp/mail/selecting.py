"""Opens the mailbox, once signed in. Layer mail; a step of Session.open, loaded for it."""

from micropython import const

from postlamp import __version__
from postlamp.errors import ServerError
from postlamp.imap.access import identify, select
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Nothing comes after it, unless the server leaves."""
    job["step"] = ""
    engine = session.engine
    try:
        # 163.com opens no mailbox without; where it is refused it does no harm
        if "is_new" in job and "ID" in engine.capabilities:
            await session.finish(identify(engine, ["name", "Postlamp", "version", __version__]))
        await _select(session, settings, "mailbox" if "is_new" in job else "mailbox_gone")
        session.is_believed = False
    except ServerError as error:
        job["step"], job["error"] = "leaving", error
    finally:
        drop("postlamp.imap.access", "postlamp.imap.command", "postlamp.mail.verdict")
        drop("postlamp.imap.utf7", "postlamp.imap.base64")


async def _select(session: "Session", settings: "dict[str, Any]", cause: str) -> None:
    name = "SELECT" if settings["access"] == "read-write" else "EXAMINE"
    event = await session.finish(select(session.engine, settings["mailboxes"][0], name))
    if event[3] != "OK":
        from postlamp.mail.verdict import refusal

        # BAD says nothing of the mailbox: "User is authenticated but not connected" (Exchange)
        raise refusal(event[4], event[5], cause if event[3] == "NO" else "command")
