"""Signs in by a mechanism that does not send the password: SCRAM, CRAM-MD5.

Layer mail; a step of Session.open, loaded for it, then dropped. Never believes a server that
broke the exchange or did not prove itself.
"""

import asyncio
import gc
import os
from binascii import b2a_base64

from micropython import const

from postlamp.errors import MisuseError, ServerError
from postlamp.imap.base64 import decode
from postlamp.imap.sasl import authenticate, respond
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.imap.crammd5 import CRAMMD5
    from postlamp.imap.response import Event
    from postlamp.imap.scram import SCRAM
    from postlamp.mail.session import Job, Session

_LOGIN_S = const(60)
_NONCE_BYTES = const(18)
_SPARE_BYTES = const(4096)  # for the exchange, and for what else goes on meanwhile


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Note the `event` that ended it, the `tag` of what ends soon, or what we `found` wrong.

    Raises GarbageError for a broken exchange.
    """
    job["step"] = "waiting"
    try:
        mechanism = _made(settings, job)
        if mechanism is not None:
            job["event"] = await _exchange(session, mechanism, job)
    except ServerError as error:  # its BYE
        job["step"], job["error"] = "leaving", error
    finally:
        for name in ("scram", "crammd5", "crypto", "base64", "sasl"):
            drop("postlamp.imap." + name)


async def _exchange(
    session: "Session", mechanism: "CRAMMD5 | SCRAM", job: "Job"
) -> "Event | None":
    engine = session.engine
    initial = None
    if mechanism.is_client_first and "SASL-IR" in engine.capabilities:
        initial = await _answer(mechanism, b"")
    tag = authenticate(engine, mechanism.name, initial)
    while True:
        event = await session.finish(tag, _LOGIN_S, "challenge")
        if event[0] == "completed":
            if event[3] == "OK":
                mechanism.verify(b"")
            return event
        answer = None
        try:
            answer = await _answer(mechanism, decode(event[1].strip()) or b"")
        except ServerError as error:
            job["found"] = error
        except MemoryError:
            job["found"] = ServerError("memory")
        respond(engine, answer)
        if answer is None or mechanism.is_satisfied:
            job["tag"] = tag  # nothing is left to say, and its answer may be long
            return None


async def _answer(mechanism: "CRAMMD5 | SCRAM", challenge: bytes) -> "bytes | None":
    for _ in mechanism.work(challenge):
        await asyncio.sleep_ms(0)
    return mechanism.answer


def _made(settings: "dict[str, Any]", job: "Job") -> "CRAMMD5 | SCRAM | None":
    """None when it is not to be had on this board, or not now; another one takes less memory."""
    name, user, password = job["name"], settings["user"], settings["password"]
    try:
        if name == "CRAM-MD5":
            from postlamp.imap.crammd5 import CRAMMD5

            return CRAMMD5(user, password)
        from postlamp.imap.scram import SCRAM

        gc.collect()
        if gc.mem_free() < _SPARE_BYTES:
            raise MemoryError
        return SCRAM(name, user, password, b2a_base64(os.urandom(_NONCE_BYTES)).strip())
    except MisuseError as error:
        job["found"] = ServerError("sign_in", "", str(error))
    except MemoryError:
        job["found"] = ServerError("memory")
    return None
