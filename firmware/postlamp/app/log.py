"""The log: each line goes to the console, and the last ones stay in a ring. Application layer.

Errors carry no secret, and no text of a mail is logged: nothing is taken out here.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_KEPT_BYTES = const(512)
_LINE_LETTERS = const(200)


class Log:
    """The last lines, in a ring of bytes that is made once. `level` is one of E, W, I."""

    def __init__(self, clock: "Any") -> None:
        self._clock = clock
        self._ring = bytearray(_KEPT_BYTES)
        self._at = 0  # where the next byte goes

    def log(self, level: str, area: str, words: str) -> None:
        """Print a line and keep it; what is longer than 200 letters is cut."""
        line = ("%s (%d) %s: %s" % (level, self._clock.now_s(), area, words))[:_LINE_LETTERS]
        print(line)
        ring, at = self._ring, self._at
        if ring:
            for byte in (line + "\n").encode():
                ring[at] = byte
                at = (at + 1) % len(ring)
            self._at = at

    def lines(self) -> "list[str]":
        """What is kept, the oldest first; a line that may be cut is left out."""
        raw = bytes(self._ring[self._at :] + self._ring[: self._at])
        lines = raw.split(b"\n")[:-1]
        if raw[:1] == b"\x00":
            lines[:1] = [lines[0].lstrip(b"\x00")] if lines else []
        else:
            lines = lines[1:]
        return [line.decode() for line in lines]

    def forget(self) -> None:
        """Give the memory back: from now on lines are only printed."""
        self._ring = bytearray(0)
        self._at = 0
