"""The end of a connection: by plan, or as the last step of a Session.open that failed.

Layer mail; loaded for it, then dropped.
"""

import asyncio

from micropython import const

from postlamp.errors import MisuseError, PostlampError, ServerError
from postlamp.imap.access import logout
from postlamp.imap.state import LOGOUT
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.engine import Engine
    from postlamp.mail.session import Job, Session

_LEAVE_S = const(5)


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Say goodbye, and raise the `error`, without words that repeat what was sent to sign in."""
    if session.engine.state != LOGOUT:
        await say_goodbye(session)
    error, password = job["error"], settings["password"]
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    for words in [password, quoted] + job.get("sent", []):
        if words in error.text:
            raise ServerError(error.cause, error.code, "", error.wait_s)
    raise error


async def leave(session: "Session", task: "asyncio.Task[Any] | None") -> None:
    """End the task that uses the connection, then the connection."""
    try:
        while task is not None and not task.done():
            task.cancel()
            await asyncio.sleep_ms(0)
        await say_goodbye(session)
    finally:
        session.close()


async def say_goodbye(session: "Session") -> None:
    """LOGOUT, within 5 s: the server may go on counting the connection otherwise."""
    try:
        await asyncio.wait_for_ms(_log_out(session), _LEAVE_S * 1000)
    except (PostlampError, asyncio.TimeoutError):
        return  # its BYE; or that it has gone already, is in mid-sentence, or says nothing more
    finally:
        drop("postlamp.imap.access", "postlamp.imap.command")


async def _log_out(session: "Session") -> None:
    if _ends_idle(session.engine):
        await session.finish("", _LEAVE_S, "completed")
    await session.finish(logout(session.engine), _LEAVE_S)


def _ends_idle(engine: "Engine") -> bool:
    """Whether it was in IDLE, which must be over first."""
    try:
        engine.done()
        return True
    except MisuseError:
        return False
