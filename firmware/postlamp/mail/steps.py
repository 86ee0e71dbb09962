"""Loads a step of Session.open. Layer mail; loaded for that, then dropped."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from postlamp.mail.session import Job, Session

    Run = Callable[[Session, dict[str, Any], Job], Awaitable[None]]


def load(step: str) -> "Run":
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
    else:
        from postlamp.mail.leaving import run
    return run
