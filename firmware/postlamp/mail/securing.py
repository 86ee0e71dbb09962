"""Begins TLS after STARTTLS. Layer mail; a step of Session.open, for what it loads is large."""

from micropython import const

from postlamp.mail.steps import connect

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Check the certificate on the open connection, or begin a new one under another root."""
    transport = session.transport
    if not await transport.start_tls(settings["host"]):
        places = transport.places
        await connect(session, settings)
        transport.places = places
    job["step"] = "opening"
