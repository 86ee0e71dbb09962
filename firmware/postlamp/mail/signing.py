"""Signs in: which mechanism, which one next, and when to give up. Layer mail.

Loaded to connect, then dropped. Never goes on after a certain refusal, nor tells the password to
a server that could not prove to know it.
"""

import asyncio
import os
from binascii import b2a_base64

from micropython import const

from postlamp.errors import GarbageError, MisuseError, ServerError
from postlamp.imap.access import authenticate, login, respond
from postlamp.imap.base64 import decode
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.mechanisms import Mechanism
    from postlamp.imap.response import Event
    from postlamp.imap.scram import SCRAM
    from postlamp.mail.session import Session

_LOGIN_S = const(60)  # Dovecot delays up to 17 s after failures
_STRONGEST_FIRST = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
_COMMAND = "login"  # the command, where LOGIN is the mechanism
_PLAIN = ("PLAIN", "LOGIN", _COMMAND)  # these carry the password
_OAUTH = ("XOAUTH2", "OAUTHBEARER")
_REFUSALS = const(2)  # in one connection: servers count them against the account
_CHALLENGES = const(8)  # SCRAM has three
_NONCE_BYTES = const(18)
_SHOWN = const(8)  # of an answer: the beginning will do, in case the server cut it


async def sign_in(session: "Session", settings: "dict[str, Any]") -> "Event":
    """The server's tagged OK. Raises ServerError, without words that repeat what was sent."""
    password = settings["password"]
    sent = [password, password.replace("\\", "\\\\").replace('"', '\\"')]
    try:
        return await _try_each(session, settings, sent)
    except ServerError as error:
        for words in sent:
            if words in error.text:
                raise ServerError(error.cause, error.code, "", error.wait_s)
        raise error


def candidates(settings: "dict[str, Any]", offered: "frozenset[str]", last: str) -> "list[str]":
    """What may be tried, in order; the one that worked `last` comes first."""
    wanted = settings["auth"]
    known = _STRONGEST_FIRST if wanted == "auto" else (wanted,)
    names = [name for name in known if "AUTH=" + name in offered]
    if "LOGINDISABLED" not in offered:
        if wanted in ("auto", "LOGIN"):
            names.append(_COMMAND)
    elif settings["tls"] == "none":  # it would not take the password, and all could read it
        names = [name for name in names if name not in _PLAIN]
    if last in names:
        names.remove(last)
        names.insert(0, last)
    return names


async def _try_each(session: "Session", settings: "dict[str, Any]", sent: "list[str]") -> "Event":
    offered, last = session.engine.capabilities, session.mechanism
    is_banned = "LOGINDISABLED" in offered
    error = ServerError("login_disabled" if is_banned else "sign_in", "", "not offered")
    refusals = 0
    for name in candidates(settings, offered, last):
        if refusals and name not in _PLAIN:
            continue  # where one of these is refused in vain (GNU mailutils), so is the next
        try:
            event, found = await _attempt(session, name, settings, sent)
        except MisuseError as mistake:  # not on this board; nothing was sent
            error = ServerError("sign_in", "", str(mistake))
            continue
        finally:
            drop("postlamp.imap.scram", "postlamp.imap.mechanisms", "postlamp.imap.crypto")
        if event[3] == "OK" and not found:
            session.mechanism = name
            return event
        error, is_over = _judged(event, found, name)
        refusals += error.cause == "password" and (found is not None or event[3] == "NO")
        if is_over or refusals == _REFUSALS or refusals and name == last:
            break
    session.mechanism = ""
    raise error


async def _attempt(
    session: "Session", name: str, settings: "dict[str, Any]", sent: "list[str]"
) -> "tuple[Event, ServerError | None]":
    """The completion, and what SCRAM found wrong.

    Raises MisuseError when the mechanism is not to be had, GarbageError for a broken exchange.
    """
    engine = session.engine
    if name == _COMMAND:
        tag = login(engine, settings["user"], settings["password"])
        return await session.finish(tag, _LOGIN_S), None
    mechanism = _made(name, settings)
    initial = None
    if mechanism.is_client_first and "SASL-IR" in engine.capabilities:
        initial = await _answer(mechanism, b"", sent)
    tag = authenticate(engine, name, initial)
    found = None
    for _ in range(_CHALLENGES + 1):
        event = await session.finish(tag, _LOGIN_S, "challenge")
        if event[0] == "completed":
            if event[3] == "OK" and not found:
                mechanism.verify(b"")
            return event, found
        answer = None
        try:
            if not found:
                answer = await _answer(mechanism, decode(event[1].strip()) or b"", sent)
        except ServerError as error:
            found = error
        respond(engine, answer)
    raise GarbageError("too many challenges", _CHALLENGES)


async def _answer(
    mechanism: "Mechanism | SCRAM", challenge: bytes, sent: "list[str]"
) -> "bytes | None":
    for _ in mechanism.work(challenge):
        await asyncio.sleep_ms(0)
    answer = mechanism.answer
    if answer:
        sent.append(b2a_base64(answer)[:_SHOWN].decode().strip())
    return answer


def _made(name: str, settings: "dict[str, Any]") -> "Mechanism | SCRAM":
    user, password = settings["user"], settings["password"]
    if name.startswith("SCRAM"):
        from postlamp.imap.scram import SCRAM

        return SCRAM(name, user, password, b2a_base64(os.urandom(_NONCE_BYTES)).strip())
    from postlamp.imap import mechanisms

    if name == "CRAM-MD5":
        return mechanisms.CRAMMD5(user, password)
    if name == "PLAIN":
        return mechanisms.plain(user, password)
    if name == "LOGIN":
        return mechanisms.login(user, password)
    if name == "XOAUTH2":
        return mechanisms.xoauth2(user, password)
    if name == "OAUTHBEARER":
        return mechanisms.oauthbearer(user, password, settings["host"], settings["port"])
    return mechanisms.anonymous(user)


def _judged(event: "Event", found: "ServerError | None", name: str) -> "tuple[ServerError, bool]":
    """What a refusal means, and whether another mechanism is not to be tried."""
    from postlamp.mail.verdict import is_final, refusal

    error = found or refusal(event[4], event[5], "password")
    if name in _OAUTH and error.cause == "password":  # a token has run out
        error = ServerError("sign_in", error.code, error.text)
    # "command" is only found: too much work, or an error that names no culprit
    return error, error.cause not in ("password", "command") or is_final(error.code)
