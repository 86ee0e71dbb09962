"""SASL mechanisms (RFC 4422) beside SCRAM and CRAM-MD5; for use under TLS only. Pure.

Every mechanism, of those two as well, has
    name              as AUTHENTICATE and AUTH= spell it
    is_client_first   whether work(b"") gives an initial response (RFC 4959)
    work(challenge)   a generator to exhaust; yields None between slices of long work
    answer            then: the raw answer (b"" is an empty line), or None to cancel with `*`
    is_satisfied      whether a tagged OK may be believed
    verify(final)     on a tagged OK: raises unless the server proved itself, here or before
Loaded to authenticate, then dropped. Answers are given once and forgotten.
"""

from micropython import const

from postlamp.errors import MisuseError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Generator


class Mechanism:
    """Gives prepared answers in order, whatever the challenges say: their text varies.

    A challenge too many is cancelled.
    """

    is_satisfied = True

    def __init__(self, name: str, is_client_first: bool, answers: "list[bytes]") -> None:
        self.name = name
        self.is_client_first = is_client_first
        self.answer: "bytes | None" = None
        self._answers = answers

    def work(self, challenge: bytes) -> "Generator[None, None, None]":
        """Take the next answer."""
        self.answer = self._answers.pop(0) if self._answers else None
        yield

    def verify(self, final: bytes) -> None:
        """Nothing to check: these mechanisms prove nothing of the server."""


def plain(user: str, password: str) -> Mechanism:
    """PLAIN (RFC 4616). Raises MisuseError for NUL, which would end a word early."""
    _refuse("\0", user + password)
    return Mechanism("PLAIN", True, [("\0" + user + "\0" + password).encode()])


def login(user: str, password: str) -> Mechanism:
    """LOGIN (draft-murchison-sasl-login): asks twice, in words that differ between servers."""
    return Mechanism("LOGIN", False, [user.encode(), password.encode()])


def xoauth2(user: str, token: str) -> Mechanism:
    """XOAUTH2 (Google): an empty line answers the error's JSON, then the server says NO."""
    _refuse("\1", user + token)
    message = "user=" + user + "\1auth=Bearer " + token + "\1\1"
    return Mechanism("XOAUTH2", True, [message.encode(), b""])


def oauthbearer(user: str, token: str, host: str, port: int) -> Mechanism:
    """OAUTHBEARER (RFC 7628): one \\x01 answers the error's JSON, then the server says NO."""
    _refuse("\1", user + token + host)
    name = user.replace("=", "=3D").replace(",", "=2C")
    message = "n,a=" + name + ",\1host=" + host + "\1port=" + str(port)
    message += "\1auth=Bearer " + token + "\1\1"
    return Mechanism("OAUTHBEARER", True, [message.encode(), b"\1"])


def anonymous(trace: str) -> Mechanism:
    """ANONYMOUS (RFC 4505); `trace` tells the server's owner who came, and may be empty."""
    return Mechanism("ANONYMOUS", True, [trace.encode()])


def _refuse(mark: str, words: str) -> None:
    if mark in words:
        raise MisuseError("control character in the user name, password or token")
