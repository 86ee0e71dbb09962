"""Begins TLS after STARTTLS. Layer mail; a step of Session.open, for what it loads is large."""

from micropython import const

from postlamp.errors import LinkError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Check the certificate on the open connection."""
    if not await session.transport.start_tls(settings["host"]):
        raise LinkError("closed", "TLS")  # the next try is under the root that was found
    job["step"] = "opening"
