"""SCRAM-SHA-256 and SCRAM-SHA-1 (RFC 5802, RFC 7677), without channel binding. Pure.

The password is not sent, and the server must prove that it knows it. The interface is that of
mechanisms.py. Loaded to authenticate, then dropped.
"""

import hashlib

from micropython import const

from postlamp.errors import GarbageError, MisuseError, ServerError
from postlamp.imap.base64 import decode, encode
from postlamp.imap.crypto import HMAC, pbkdf2

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Generator

_ITERATIONS_LIMIT = const(20000)  # servers ask for 4096; a guessed 8 s on an ESP32
_NONCE_LEAST = const(16)
_HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}


class SCRAM:
    """One exchange; `nonce` is ours: at least 16 printable characters, fresh and random, no comma.

    User and password go as they were typed, in UTF-8. Of SASLprep (RFC 4013) only the refusal of
    control characters is kept: for ASCII it changes nothing, its tables would not fit the board,
    and Dovecot 2.3 hashes passwords unprepared (tried with U+00AA, U+00A0 and e + U+0301).
    Raises MisuseError for these, and when the board has no such hash.
    """

    is_client_first = True

    def __init__(self, name: str, user: str, password: str, nonce: bytes) -> None:
        hash_maker = getattr(hashlib, _HASHES.get(name, ""), None)
        if hash_maker is None:
            raise MisuseError("no such mechanism here: " + name)
        if any(ord(character) < 32 or ord(character) == 127 for character in user + password):
            raise MisuseError("control character in the user name or password")
        if len(nonce) < _NONCE_LEAST or any(not 32 < byte < 127 or byte == 44 for byte in nonce):
            raise MisuseError("SCRAM nonce too short or not printable")
        self.name = name
        self.answer: "bytes | None" = None
        self.is_satisfied = False
        self._hash_maker = hash_maker
        self._nonce = nonce
        # Not by `%`, which MicroPython does as if for str
        self._bare = b"n=" + _saslname(user) + b",r=" + nonce
        self._password = password.encode()
        self._final = b""  # what the server's last message must begin with
        self._step = 0

    def work(self, challenge: bytes) -> "Generator[None, None, None]":
        """Find the answer to a challenge.

        Raises GarbageError when the server breaks the exchange or proves nothing, ServerError
        when it names an error (password, throttled, command) or asks for too much work (command).
        """
        step = self._step
        self._step += 1
        self.answer = None
        if step == 0:
            self.answer = b"n,," + self._bare
        elif step == 1:
            yield from self._prove(challenge)
        elif step == 2:
            self.verify(challenge)
            self.answer = b""

    def verify(self, final: bytes) -> None:
        """Require the server's signature, in `final` unless it has come already."""
        if self.is_satisfied:
            return
        _refuse_error(final)
        if not self._final or final.split(b",")[0] != self._final:
            raise GarbageError("SCRAM: the server did not prove to know the password", 0)
        self.is_satisfied = True

    def _prove(self, challenge: bytes) -> "Generator[None, None, None]":
        _refuse_error(challenge)
        nonce, salt, iterations = _first(challenge, self._nonce)
        maker = self._hash_maker
        password, self._password = self._password, b""
        key = HMAC(maker, (yield from pbkdf2(maker, password, salt, iterations)))
        final = b"c=biws,r=" + nonce
        message = b",".join((self._bare, challenge, final))
        client_key = key.digest(b"Client Key")
        signature = HMAC(maker, maker(client_key).digest()).digest(message)
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        self._final = b"v=" + encode(HMAC(maker, key.digest(b"Server Key")).digest(message))
        self.answer = final + b",p=" + encode(proof)


def _saslname(user: str) -> bytes:
    return user.replace("=", "=3D").replace(",", "=2C").encode()


def _first(message: bytes, nonce: bytes) -> "tuple[bytes, bytes, int]":
    """The whole nonce, the salt and the iteration count of a server-first-message (§7)."""
    parts = message.split(b",")
    if len(parts) < 3 or [part[:2] for part in parts[:3]] != [b"r=", b"s=", b"i="]:
        raise GarbageError("SCRAM: no nonce, salt and count", 0)
    whole, salt_text, count = [part[2:] for part in parts[:3]]
    if not whole.startswith(nonce) or whole == nonce:
        raise GarbageError("SCRAM: the nonce does not extend ours", 0)
    salt = decode(salt_text)
    if not salt:
        raise GarbageError("SCRAM: broken salt", 0)
    if not count.isdigit() or count[0] == 48:
        raise GarbageError("SCRAM: broken iteration count", 0)
    # The server keeps to the protocol, and asking again in a minute would not change its mind
    if len(count) > 5 or int(count) > _ITERATIONS_LIMIT:
        raise ServerError("command", "", "SCRAM: more than 20000 iterations")
    return whole, salt, int(count)


def _refuse_error(message: bytes) -> None:
    """Raise what a server-error (§7) says."""
    if message[:2] != b"e=":
        return
    word = message[2:50].split(b",")[0]
    cause = "throttled" if word == b"no-resources" else "command"
    if word in (b"invalid-proof", b"unknown-user"):
        cause = "password"
    text = "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in word)
    raise ServerError(cause, "", "SCRAM: " + text)
