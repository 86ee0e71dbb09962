"""The steps of Session.open, one after another: together they would not fit. Layer mail.

Loaded for that, then dropped.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from postlamp.mail.session import Job, Session

    Run = Callable[[Session, dict[str, Any], Job], Awaitable[None]]


async def take(session: "Session", settings: "dict[str, Any]", is_new: bool) -> None:
    """As Session.open."""
    if is_new:
        await connect(session, settings)
    job: "Job" = {"step": "opening"}
    while job["step"]:
        step = job["step"]
        try:
            await _load(step)(session, settings, job)
        finally:
            drop("postlamp.mail." + step)


async def connect(session: "Session", settings: "dict[str, Any]") -> None:
    """A new connection, of which nothing is known yet."""
    session.begin(settings)
    await session.transport.connect(settings["host"], settings["port"], settings["tls"])


def _load(step: str) -> "Run":
    """The step's `run`."""
    if step == "opening":
        from postlamp.mail.opening import run
    elif step == "securing":
        from postlamp.mail.securing import run
    elif step == "choosing":
        from postlamp.mail.choosing import run
    elif step == "proving":
        from postlamp.mail.proving import run
    elif step == "telling":
        from postlamp.mail.telling import run
    elif step == "waiting":
        from postlamp.mail.waiting import run
    elif step == "selecting":
        from postlamp.mail.selecting import run
    else:
        from postlamp.mail.leaving import run
    return run
