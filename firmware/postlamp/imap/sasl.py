"""AUTHENTICATE (RFC 9051 §6.2.2), as functions of an Engine; the mechanisms stand elsewhere. Pure.

Loaded to sign in, then dropped.
"""

from binascii import b2a_base64

from micropython import const

from postlamp.errors import MisuseError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.engine import Engine


def authenticate(engine: "Engine", mechanism: str, initial: "bytes | None" = None) -> str:
    """Begin; its tag. Answer each ("challenge", text) by `respond`.

    An `initial` response goes along where the server has SASL-IR; MisuseError where not.
    """
    words = " " + mechanism
    if initial is not None:
        if "SASL-IR" not in engine.capabilities:
            raise MisuseError("no SASL-IR here")
        words += " " + (b2a_base64(initial).strip().decode() or "=")
    return engine.start("AUTHENTICATE", words).tag


def respond(engine: "Engine", answer: "bytes | None") -> None:
    """Answer a challenge; None cancels. Raises MisuseError when none was put."""
    if not engine.is_challenged:
        raise MisuseError("no challenge to answer")
    engine.is_challenged = False
    engine.push(b"*\r\n" if answer is None else b2a_base64(answer).strip() + b"\r\n")
