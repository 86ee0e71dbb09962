"""Signing in: which mechanism, and what a refusal means. Loaded to connect, then dropped."""

from micropython import const

from postlamp.imap.sasl import Plain
from postlamp.mail.verdict import is_final, refusal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.response import Event
    from postlamp.mail.session import Session

_LOGIN_S = const(60)  # Dovecot delays up to 17 s after failures


async def sign_in(session: "Session", settings: "dict[str, Any]") -> None:
    """AUTHENTICATE PLAIN where offered, else LOGIN; then the capabilities as they are now.

    Raises ServerError: password, login_disabled, throttled, sign_in.
    """
    event = await _authenticate(session, settings)
    # They change at login, and some servers tell so in the tagged OK
    if not event[4].upper().startswith("CAPABILITY"):
        await session.finish(session.engine.capability())


async def _authenticate(session: "Session", settings: "dict[str, Any]") -> "Event":
    engine = session.engine
    user, password, wanted = settings["user"], settings["password"], settings["auth"]
    code = text = ""
    if wanted in ("auto", "PLAIN") and "AUTH=PLAIN" in engine.capabilities:
        event = await session.finish(engine.authenticate(Plain(user, password)), _LOGIN_S)
        if event[3] == "OK":
            return event
        code, text = event[4], event[5]
        error = refusal(code, text, "password")
        if is_final(code) or error.cause != "password":
            raise error
    if wanted not in ("auto", "LOGIN") or "LOGINDISABLED" in engine.capabilities:
        raise refusal(code, text, "password" if code or text else "login_disabled")
    event = await session.finish(engine.login(user, password), _LOGIN_S)
    if event[3] != "OK":
        raise refusal(event[4], event[5], "password")
    return event
