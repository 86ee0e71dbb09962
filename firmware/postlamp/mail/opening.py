"""Opens a connection: greeting, signing in, mailbox. Loaded to connect, then dropped."""

from binascii import b2a_base64

from micropython import const

from postlamp.errors import ServerError
from postlamp.imap.access import authenticate, capability, login, respond, select
from postlamp.imap.state import NOT_AUTHENTICATED

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.response import Event
    from postlamp.mail.session import Session

_GREETING_S = const(60)  # "* OK Waiting for authentication process" may come after 10 s
_LOGIN_S = const(60)  # Dovecot delays up to 17 s after failures


async def open_mailbox(session: "Session", settings: "dict[str, Any]") -> None:
    """Take the greeting, sign in, open the mailbox read-only or as set.

    Raises LinkError, ServerError (password, login_disabled, throttled, mailbox, …).
    """
    engine = session.engine
    await session.finish("", _GREETING_S, "greeting")
    if not engine.capabilities:
        await session.finish(capability(engine))
    if engine.state == NOT_AUTHENTICATED:
        try:
            event = await _authenticate(session, settings)
        except ServerError as error:
            if not _is_echo(error.text, settings["user"], settings["password"]):
                raise
            raise ServerError(error.cause, error.code)
        # They change at login, and some servers tell so in the tagged OK
        if not event[4].upper().startswith("CAPABILITY"):
            await session.finish(capability(engine))
    name = "SELECT" if settings["access"] == "read-write" else "EXAMINE"
    event = await session.finish(select(engine, settings["mailboxes"][0], name))
    if event[3] != "OK":
        from postlamp.mail.verdict import refusal

        # BAD says nothing of the mailbox: "User is authenticated but not connected" (Exchange)
        raise refusal(event[4], event[5], "mailbox" if event[3] == "NO" else "command")


def _is_echo(text: str, user: str, password: str) -> bool:
    """Whether a server's words repeat what it did not understand: nobody may read them then."""
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    # Of the PLAIN message the beginning will do, in case the server cut it
    plain = b2a_base64(("\0" + user + "\0" + password).encode())[:8].decode()
    return password in text or quoted in text or plain in text


async def _authenticate(session: "Session", settings: "dict[str, Any]") -> "Event":
    """AUTHENTICATE PLAIN where offered, else LOGIN."""
    engine = session.engine
    user, password, wanted = settings["user"], settings["password"], settings["auth"]
    code = text = ""
    if wanted in ("auto", "PLAIN") and "AUTH=PLAIN" in engine.capabilities:
        message = ("\0" + user + "\0" + password).encode()
        answers = [message]
        initial = answers.pop() if "SASL-IR" in engine.capabilities else None
        tag = authenticate(engine, "PLAIN", initial)
        event = await session.finish(tag, _LOGIN_S, "challenge")
        while event[0] == "challenge":
            respond(engine, answers.pop() if answers else None)
            event = await session.finish(tag, _LOGIN_S, "challenge")
        if event[3] == "OK":
            return event
        from postlamp.mail.verdict import is_final, refusal

        code, text = event[4], event[5]
        error = refusal(code, text, "password")
        if is_final(code) or error.cause != "password":
            raise error
    if wanted not in ("auto", "LOGIN") or "LOGINDISABLED" in engine.capabilities:
        from postlamp.mail.verdict import refusal

        raise refusal(code, text, "password" if code or text else "login_disabled")
    return await session.expect_ok(login(engine, user, password), "password", _LOGIN_S)
