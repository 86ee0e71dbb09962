"""HMAC (RFC 2104) and PBKDF2 (RFC 8018 §5.2) on hashlib, which is all the board has. Pure.

Loaded to authenticate, then dropped. Never keeps a key longer than its object lives.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    HashMaker = Callable[..., Any]  # hashlib.sha256 and its like

_BLOCK = const(64)  # bytes hashed at once by MD5, SHA-1 and SHA-256 alike
# An iteration takes 1.7 µs on a computer's MicroPython and, guessed, 0.4 ms on an ESP32: a slice
# is then 13 ms, less than one frame of the light.
_SLICE = const(32)


class HMAC:
    """HMAC under one key; `hash_maker` is hashlib.sha256, sha1 or md5."""

    def __init__(self, hash_maker: "HashMaker", key: bytes) -> None:
        if len(key) > _BLOCK:
            key = hash_maker(key).digest()
        key += bytes(_BLOCK - len(key))
        self._hash_maker = hash_maker
        # Hashed anew for each message: MicroPython's hashes have no copy()
        self._inner = bytes(byte ^ 0x36 for byte in key)
        self._outer = bytes(byte ^ 0x5C for byte in key)

    def digest(self, message: bytes) -> bytes:
        """The code of one message."""
        inner = self._hash_maker(self._inner)
        inner.update(message)
        outer = self._hash_maker(self._outer)
        outer.update(inner.digest())
        code: bytes = outer.digest()
        return code


def pbkdf2(
    hash_maker: "HashMaker", password: bytes, salt: bytes, iterations: int, block: int = 1
) -> "Generator[None, None, bytes]":
    """One block of PBKDF2 with HMAC, as long as the hash; SCRAM's Hi() is block 1 (RFC 5802 §2.2).

    A generator that yields None between slices of its work, so that the light goes on moving
    through the seconds it takes on a chip; `key = yield from pbkdf2(…)`.
    """
    digest = HMAC(hash_maker, password).digest
    link = digest(salt + block.to_bytes(4, "big"))
    # XOR of whole integers takes half the time of a loop over bytes
    key = int.from_bytes(link, "big")
    for done in range(1, iterations):
        if done % _SLICE == 0:
            yield
        link = digest(link)
        key ^= int.from_bytes(link, "big")
    return key.to_bytes(len(link), "big")
