"""A command in flight: what it still has to send and what it has gathered so far. Pure."""

from micropython import const

from postlamp.errors import MisuseError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    from postlamp.imap.numbers import Numbers

    class Mechanism(Protocol):
        """What AUTHENTICATE needs; see sasl.py."""

        name: str

        def step(self, challenge: bytes) -> bytes:
            """Answer a challenge."""


class Flight:
    """Filled by the engine's flows and responses; plain attributes."""

    def __init__(self, tag: str, name: str) -> None:
        self.tag = tag
        self.name = name
        self.segments: list[bytes] = []  # still to be sent, each after a "+"
        self.mechanism: "Mechanism | None" = None
        self.numbers: "Numbers | None" = None
        self.is_stale = False  # a change came after the SEARCH line: search again
        self.header: bytes | None = None  # b"" while it is waited for

    def result(self) -> "object":
        """What a "completed" event carries: of SEARCH the count, of FETCH the header block."""
        if self.numbers is not None:
            return (self.numbers.count, self.numbers.highest, self.is_stale)
        return self.header or None


def refuse_controls(value: str) -> None:
    """Raises MisuseError: no argument may end its line, or the server would read a second one."""
    if "\r" in value or "\n" in value or "\0" in value:
        raise MisuseError("CR, LF or NUL in an argument")
