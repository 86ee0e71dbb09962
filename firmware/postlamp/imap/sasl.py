"""SASL mechanisms (RFC 4422): each has a `name` and answers challenges by `step`. Pure."""

from binascii import b2a_base64


class Plain:
    """PLAIN (RFC 4616): authenticates in one step; for use under TLS only."""

    name = "PLAIN"

    def __init__(self, user: str, password: str) -> None:
        self._message = b"\0" + user.encode() + b"\0" + password.encode()
        self._is_used = False

    def step(self, challenge: bytes) -> bytes:
        """The credentials in base64, once; `*` cancels at a second prompt (RFC 9051 §6.2.2).

        `challenge` is what stands after the server's `+`; mechanisms differ in its text.
        """
        if self._is_used:
            return b"*"
        self._is_used = True
        return b2a_base64(self._message).strip()
