"""Commands that open and end a connection, as functions of an Engine; each returns its tag. Pure.

RFC 9051 §6.1 to §6.3.3. Loaded to connect, then dropped.
"""

from micropython import const

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap.state import NOT_AUTHENTICATED

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.engine import Engine


def capability(engine: "Engine") -> str:
    """Ask for the capabilities (§6.1.1)."""
    return engine.start("CAPABILITY").tag


def identify(engine: "Engine", fields: "list[str]") -> str:
    """ID (RFC 2971): names and values in turn; printable ASCII."""
    from postlamp.imap.command import Writer, quoted

    words = "(" + " ".join([quoted(field) for field in fields]) + ")"
    return Writer(engine, "ID").atom(words).send()


def starttls(engine: "Engine") -> str:
    """STARTTLS (§6.2.1); after its OK call `secured`, then shake hands, and nothing else."""
    return engine.start("STARTTLS").tag


def secured(engine: "Engine") -> None:
    """Forget what was said in plain text.

    Raises GarbageError when more came than the OK: somebody put words into the server's mouth.
    """
    if engine.state != NOT_AUTHENTICATED or engine.pending():
        raise GarbageError("words before TLS", engine.pending())
    engine.capabilities = frozenset()


def login(engine: "Engine", user: str, password: str) -> str:
    """LOGIN (§6.2.3). Raises MisuseError when the server forbids it."""
    if "LOGINDISABLED" in engine.capabilities:
        raise MisuseError("LOGINDISABLED")
    from postlamp.imap.command import Writer

    return Writer(engine, "LOGIN").string(user).string(password).send()


def examine(engine: "Engine", mailbox: "str | bytes") -> str:
    """Open a mailbox read-only (§6.3.3). A NO leaves none selected."""
    return select(engine, mailbox, "EXAMINE")


def select(engine: "Engine", mailbox: "str | bytes", name: str = "SELECT") -> str:
    """Open a mailbox read-write (§6.3.2)."""
    from postlamp.imap.command import Writer

    writer = Writer(engine, name).mailbox(mailbox)
    engine.closed()
    return writer.send()


def logout(engine: "Engine") -> str:
    """LOGOUT (§6.1.3)."""
    return engine.start("LOGOUT").tag
