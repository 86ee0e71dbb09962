"""Opens a connection: greeting, signing in, mailbox; or the mailbox again. Layer mail.

Loaded to connect, then dropped.
"""

from micropython import const

from postlamp import __version__
from postlamp.errors import PostlampError, ServerError, TrustError
from postlamp.imap.access import capability, identify, logout, secured, select, starttls
from postlamp.imap.state import GREETING, LOGOUT, NOT_AUTHENTICATED
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Session

_GREETING_S = const(60)  # "* OK Waiting for authentication process" may come after 10 s
_LEAVE_S = const(5)


async def open_mailbox(session: "Session", settings: "dict[str, Any]") -> None:
    """Take the greeting and sign in, if need be, and open the mailbox read-only or as set.

    Raises LinkError, TrustError, GarbageError, ServerError.
    """
    cause = "mailbox_gone"
    try:
        if session.engine.state == GREETING:
            cause = "mailbox"
            await _enter(session, settings)
        await _select(session, settings, cause)
    except ServerError as error:
        await _leave(session)
        raise error
    finally:  # what this module holds goes with it
        drop("postlamp.imap.access", "postlamp.imap.command", "postlamp.mail.verdict")
        drop("postlamp.imap.utf7", "postlamp.imap.base64")
    session.is_believed = False


async def _enter(session: "Session", settings: "dict[str, Any]") -> None:
    engine = session.engine
    await session.finish("", _GREETING_S, "greeting")
    if settings["tls"] == "starttls":
        await _secure(session, settings["host"])
    if not engine.capabilities:
        await session.finish(capability(engine))
    if engine.state == NOT_AUTHENTICATED:
        code = await _sign_in(session, settings)
        # They change at login, and some servers tell so in the tagged OK
        if not code.upper().startswith("CAPABILITY"):
            await session.finish(capability(engine))
    if (
        "ID" in engine.capabilities
    ):  # 163.com opens no mailbox without; refused elsewhere: so be it
        await session.finish(identify(engine, ["name", "Postlamp", "version", __version__]))


async def _secure(session: "Session", host: str) -> None:
    engine = session.engine
    if engine.state != NOT_AUTHENTICATED:
        raise TrustError("not_tls", "PREAUTH")  # too late to secure what it says
    event = await session.finish(starttls(engine))
    if event[3] != "OK":
        raise TrustError("not_tls", event[5])
    secured(engine)
    await session.transport.start_tls(host)


async def _sign_in(session: "Session", settings: "dict[str, Any]") -> str:
    """The response code of the server's OK."""
    from postlamp.mail.signing import sign_in

    try:
        code: str = (await sign_in(session, settings))[4]
        return code
    finally:
        del sign_in  # a name still in use would keep the module
        drop("postlamp.mail.signing")


async def _select(session: "Session", settings: "dict[str, Any]", cause: str) -> None:
    name = "SELECT" if settings["access"] == "read-write" else "EXAMINE"
    event = await session.finish(select(session.engine, settings["mailboxes"][0], name))
    if event[3] != "OK":
        from postlamp.mail.verdict import refusal

        # BAD says nothing of the mailbox: "User is authenticated but not connected" (Exchange)
        raise refusal(event[4], event[5], cause if event[3] == "NO" else "command")


async def _leave(session: "Session") -> None:
    """Say goodbye, or the server may go on counting this connection."""
    if session.engine.state == LOGOUT:
        return
    try:
        await session.finish(logout(session.engine), _LEAVE_S)
    except PostlampError:  # its BYE, an error elsewhere, or that it has gone already
        return
