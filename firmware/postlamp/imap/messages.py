"""Commands about messages and the open mailbox, as functions of an Engine; each returns its tag.

RFC 9051 §6.3.12 and §6.4. Pure; loaded on use. What changed comes as the engine's own events.
MisuseError tells of an argument that would not be what it is meant for; nothing is sent then.
"""

from micropython import const

from postlamp.errors import MisuseError
from postlamp.imap.command import Writer

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.engine import Engine

    Mailbox = str | bytes


def send(engine: "Engine", name: str, numbers: str = "", mailbox: "Mailbox" = "") -> str:
    """Send the command of this name (§6.4).

    CHECK, CLOSE, UNSELECT and EXPUNGE take nothing, UID EXPUNGE numbers such as "3:7,9", COPY,
    MOVE, UID COPY and UID MOVE numbers and a mailbox, which is as in mailboxes.send.
    """
    writer = Writer(engine, name).atom(_checked(numbers))
    if mailbox:
        writer.mailbox(mailbox)
    return writer.send()


def store(engine: "Engine", numbers: str, change: str, flags: str, name: str = "UID STORE") -> str:
    """UID STORE or STORE (§6.4.6) of flags such as "\\Seen $Work".

    The change is FLAGS, +FLAGS or -FLAGS, each with .SILENT or without.
    """
    return Writer(engine, name).atom(_checked(numbers)).atom(change).atom(_listed(flags)).send()


def append(
    engine: "Engine", mailbox: "Mailbox", message: bytes, flags: str = "", date: str = ""
) -> str:
    """APPEND (§6.3.12) of a whole message, as come now or "17-Jul-1996 02:44:25 -0700"."""
    if 0 in message:
        raise MisuseError("unfit argument")
    writer = Writer(engine, "APPEND").mailbox(mailbox).atom(_listed(flags))
    if date:
        writer.string(date)
    return writer.literal(message).send()


def _listed(flags: str) -> str:
    # what is no part of an atom (RFC 9051 §9), but for the space and a flag's backslash
    return "(" + _checked(flags, 32, 127, b'(){%*"]') + ")"


def _checked(value: str, start: int = 42, stop: int = 59, but: bytes = b"+-./") -> str:
    """The value if it is made of these; of digits, `:`, `,` and `*` if not told otherwise."""
    for byte in value.encode():
        if not start <= byte < stop or byte in but:
            raise MisuseError("unfit argument")
    return value
