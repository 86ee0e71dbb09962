"""A command in flight: what it still has to send and what it has gathered so far. Pure."""

from micropython import const

from postlamp.errors import MisuseError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.imap.framer import Framer
    from postlamp.imap.numbers import Numbers
    from postlamp.imap.response import Event

    Reader = Callable[["Flight", Event, Framer], Event]


class Flight:
    """Filled by the engine and the command modules; plain attributes.

    `reader(flight, event, framer)` is shown every untagged response: it may read more from the
    message than the engine does, keep it in `found`, and returns the event to tell.
    """

    def __init__(self, tag: str, name: str, row: "list[str]") -> None:
        self.tag = tag
        self.name = name
        self.row = row  # of state.py
        self.segments: list[bytes] = []  # still to be sent, each after a "+"
        self.reader: "Reader | None" = None
        self.found: "Any" = None  # the result, unless `numbers` has it
        self.numbers: "Numbers | None" = None
        self.is_stale = False  # a change came after the SEARCH line: search again

    def result(self) -> "object":
        """What a "completed" event carries: of SEARCH the count, else what was found."""
        if self.numbers is None:
            return self.found
        count, highest = self.found or (self.numbers.count, self.numbers.highest)
        return (count, highest, self.is_stale)


def refuse_controls(value: str) -> None:
    """Raises MisuseError: no argument may end its line, or the server would read a second one."""
    if "\r" in value or "\n" in value or "\0" in value:
        raise MisuseError("CR, LF or NUL in an argument")
