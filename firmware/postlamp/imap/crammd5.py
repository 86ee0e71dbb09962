"""The SASL mechanism CRAM-MD5 (RFC 2195); for use under TLS only. Pure.

The password is not sent, but its proof is weak. Loaded to authenticate, then dropped.
"""

import hashlib
from binascii import hexlify

from micropython import const

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap.crypto import HMAC

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Generator


class CRAMMD5:
    """A mechanism, as mechanisms.py says. Raises MisuseError when the board has no MD5."""

    name = "CRAM-MD5"
    is_client_first = False
    is_satisfied = True
    answer: "bytes | None" = None

    def __init__(self, user: str, password: str) -> None:
        if not hasattr(hashlib, "md5"):
            raise MisuseError("no such mechanism here: CRAM-MD5")
        self._answers = [user.encode(), password.encode()]

    def work(self, challenge: bytes) -> "Generator[None, None, None]":
        """Sign the challenge; once. Raises GarbageError when there is none."""
        self.answer = None
        if self._answers:
            user, password = self._answers
            self._answers = []
            if not challenge:
                raise GarbageError("CRAM-MD5 without a challenge", 0)
            self.answer = user + b" " + hexlify(HMAC(hashlib.md5, password).digest(challenge))
        yield

    def verify(self, final: bytes) -> None:
        """Nothing to check: it proves nothing of the server."""
