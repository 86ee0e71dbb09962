"""Writes commands with strings: quoting, literals, and when a literal may be sent. Pure.

RFC 9051 §4.3 and §6. Loaded to sign in and to open a mailbox; the rest are words alone.
"""

from micropython import const

from postlamp.imap.flight import refuse_controls

_LITERAL_MINUS = const(4096)  # LITERAL- allows so much without asking (RFC 7888)


class Writer:
    """Builds one command as segments; each but the last ends in a literal's size.

    `is_asking[i]` tells whether segment i + 1 must wait for the server's `+`.
    """

    def __init__(self, tag: str, name: str, capabilities: frozenset[str]) -> None:
        self.segments: list[bytes] = []
        self.is_asking: list[bool] = []
        self._capabilities = capabilities
        self._line = (tag + " " + name).encode()

    def atom(self, word: str) -> "Writer":
        """Append words that need no quoting, as they are."""
        refuse_controls(word)
        self._line += b" " + word.encode()
        return self

    def string(self, value: str) -> "Writer":
        """Append a quoted string, or a literal when it holds other than printable ASCII."""
        refuse_controls(value)
        raw = value.encode()
        if len(raw) == len(value) and len(raw) < 1000:
            escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            self._line += b' "' + escaped + b'"'
            return self
        can_push = "LITERAL+" in self._capabilities or (
            "LITERAL-" in self._capabilities and len(raw) <= _LITERAL_MINUS
        )
        plus = b"+" if can_push else b""
        self.segments.append(self._line + b" {" + str(len(raw)).encode() + plus + b"}\r\n")
        self.is_asking.append(not can_push)
        self._line = raw
        return self

    def end(self) -> list[bytes]:
        """The finished segments; those that need not wait are joined."""
        self.segments.append(self._line + b"\r\n")
        joined = [self.segments[0]]
        for index, asks in enumerate(self.is_asking):
            segment = self.segments[index + 1]
            if asks:
                joined.append(segment)
            else:
                joined[-1] += segment
        return joined
