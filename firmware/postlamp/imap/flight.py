"""A command in flight: what it still has to send and what it has gathered so far. Pure."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Protocol

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
        self.headers: "dict[str, Any] | None" = None

    def result(self) -> "object":
        """What a "completed" event carries: of SEARCH the count, of FETCH the header block."""
        if self.numbers is not None:
            return (self.numbers.count, self.numbers.highest, self.is_stale)
        if self.headers is not None:
            return self.headers.get("BODY[HEADER.FIELDS]")
        return None
