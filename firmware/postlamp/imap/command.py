"""Writes commands with strings: quoting, literals, and when a literal may be sent. Pure.

RFC 9051 §4.3 and §6. Loaded on use; what is sent every minute is words alone (engine.py).
"""

from micropython import const

from postlamp.imap.flight import refuse_controls

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.engine import Engine
    from postlamp.imap.flight import Reader

_QUOTED_LIMIT = const(1000)  # some servers bound their lines
_LITERAL_MINUS = const(4096)  # LITERAL- allows so much without asking (RFC 7888)


class Writer:
    """Builds one command of `engine` and sends it.

    Raises MisuseError at once when the command is not legal now, and for CR, LF or NUL.
    """

    def __init__(self, engine: "Engine", name: str, reader: "Reader | None" = None) -> None:
        self.flight = engine.begin(name)
        self.flight.reader = reader
        self._engine = engine
        self._segments: list[bytes] = []
        self._line = (self.flight.tag + " " + name).encode()

    def atom(self, words: str) -> "Writer":
        """Append words that need no quoting, as they are; none is no mistake."""
        refuse_controls(words)
        if words:
            self._line += (words if words[:1] == ")" else " " + words).encode()
        return self

    def string(self, value: str) -> "Writer":
        """Append a quoted string, or a literal when it holds other than printable ASCII."""
        refuse_controls(value)
        raw = value.encode()
        if len(raw) == len(value) and len(raw) < _QUOTED_LIMIT:
            return self.atom(quoted(value))
        return self.literal(raw)

    def mailbox(self, name: "str | bytes") -> "Writer":
        """Append a mailbox name: str as people write it, bytes in the server's own spelling."""
        if isinstance(name, bytes):
            try:
                return self.string(name.decode())
            except UnicodeError:
                return self.literal(name)
        if len(name.encode()) > len(name) or "&" in name:
            from postlamp.imap.utf7 import encode

            name = encode(name)
        return self.string(name)

    def literal(self, raw: bytes) -> "Writer":
        """Append a literal, pushed where the server takes that, else after its `+`."""
        capabilities = self._engine.capabilities
        size = (" {" + str(len(raw))).encode()
        if "LITERAL+" in capabilities or (
            "LITERAL-" in capabilities and len(raw) <= _LITERAL_MINUS
        ):
            self._line += size + b"+}\r\n" + raw
        else:
            self._segments.append(self._line + size + b"}\r\n")
            self._line = raw
        return self

    def send(self) -> str:
        """Hand the command to the engine; its tag."""
        self._segments.append(self._line + b"\r\n")
        return self._engine.send(self.flight, self._segments)


def quoted(value: str) -> str:
    """A quoted string of ASCII that holds no CR, LF or NUL."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
