"""Signs in by a mechanism that sends the password or a token, or by the command LOGIN.

Layer mail; a step of Session.open, loaded for it, then dropped.
"""

from binascii import b2a_base64

from micropython import const

from postlamp.errors import ServerError
from postlamp.imap.sasl import authenticate, respond
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Job, Session

_LOGIN_S = const(60)
_SHOWN = const(8)  # of an answer: the beginning will do, in case the server cut it


async def run(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    """Note the `event` that ended it or the `tag` of what ends soon; in `sent` what was told."""
    job["step"] = "waiting"
    try:
        if job["name"] == "login":
            from postlamp.imap.access import login

            job["tag"] = login(session.engine, settings["user"], settings["password"])
        else:
            await _exchange(session, settings, job)
    except ServerError as error:  # its BYE
        job["step"], job["error"] = "leaving", error
    finally:
        for name in ("sasl", "access", "command"):
            drop("postlamp.imap." + name)


async def _exchange(session: "Session", settings: "dict[str, Any]", job: "Job") -> None:
    engine = session.engine
    is_client_first, answers = _prepared(job["name"], settings)
    job["sent"] = [b2a_base64(answer)[:_SHOWN].decode().strip() for answer in answers if answer]
    initial = None
    if is_client_first and "SASL-IR" in engine.capabilities:
        initial = answers.pop(0)
    tag = authenticate(engine, job["name"], initial)
    while answers:
        event = await session.finish(tag, _LOGIN_S, "challenge")
        if event[0] == "completed":
            job["event"] = event
            return
        respond(engine, answers.pop(0))
    job["tag"] = tag  # nothing is left to say, and its answer may be long


def _prepared(name: str, settings: "dict[str, Any]") -> "tuple[bool, list[bytes]]":
    from postlamp.mail.making import prepare

    try:
        return prepare(name, settings)
    finally:
        del prepare  # a name still in use would keep the module
        drop("postlamp.mail.making", "postlamp.imap.mechanisms")
