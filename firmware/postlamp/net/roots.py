"""Roots on flash, read one at a time. Layer net; knows no TLS; loaded to find one, then dropped.

The file, written by tools/roots.py, all numbers big-endian: "PLR1", how many roots (2 bytes), for
each, by rising key: key (8), where its DER begins (4), its length (2); then the certificates.
A key is the beginning of the SHA-256 of a root's subject, in DER.
"""

from hashlib import sha256

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO

    Place = tuple[int, int]  # where a certificate begins in the file, and its length

_MAGIC = b"PLR1"
_HEAD_BYTES = const(6)
_KEY_BYTES = const(8)
_ENTRY_BYTES = const(14)
_PLACES_LIMIT = const(4)  # each is one more handshake; no chain known needs more than two


def issuer_key(certificate: "bytes | memoryview") -> bytes:
    """The key of the root that may have signed a certificate, given in DER (RFC 5280 §4.1)."""
    at, _ = _inside(certificate, 0)
    at, _ = _inside(certificate, at)
    if certificate[at] == 0xA0:  # the version is left out in version 1
        _, at = _inside(certificate, at)
    _, at = _inside(certificate, at)  # serial number
    _, at = _inside(certificate, at)  # signature algorithm
    _, end = _inside(certificate, at)
    digest: bytes = sha256(certificate[at:end]).digest()
    return digest[:_KEY_BYTES]


def find(path: str, keys: "list[bytes]") -> "list[Place]":
    """Where the roots of these keys stand, in the order of the keys, four at the most.

    Raises ConfigError when the file is missing or no such file.
    """
    places: "list[Place]" = []
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_BYTES)
            if head[:4] != _MAGIC:
                raise ConfigError(path, "is no file of roots; copy it from the computer again")
            for at, key in enumerate(keys):
                if key not in keys[:at]:
                    places += _search(file, int.from_bytes(head[4:], "big"), key)
    except OSError as error:
        raise ConfigError(path, "cannot be read (error %s)" % error.args[0])
    return places[:_PLACES_LIMIT]


def read(path: str, place: "Place") -> bytes:
    """The certificate at a place, in DER."""
    with open(path, "rb") as file:
        file.seek(place[0])
        content: bytes = file.read(place[1])
    return content


def _inside(der: "bytes | memoryview", at: int) -> "tuple[int, int]":
    """Where the contents of the value at `at` begin, and where they end."""
    size = der[at + 1]
    at += 2
    if size & 0x80:
        more = size & 0x7F
        size = int.from_bytes(bytes(der[at : at + more]), "big")
        at += more
    return at, at + size


def _search(file: "BinaryIO", count: int, key: bytes) -> "list[Place]":
    """All roots of a key: two may share a subject, with different keys to sign with."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if _entry(file, middle)[:_KEY_BYTES] < key:
            low = middle + 1
        else:
            high = middle
    places: "list[Place]" = []
    while low < count:
        entry = _entry(file, low)
        if entry[:_KEY_BYTES] != key:
            break
        offset, length = entry[_KEY_BYTES : _KEY_BYTES + 4], entry[_KEY_BYTES + 4 :]
        places.append((int.from_bytes(offset, "big"), int.from_bytes(length, "big")))
        low += 1
    return places


def _entry(file: "BinaryIO", index: int) -> bytes:
    file.seek(_HEAD_BYTES + index * _ENTRY_BYTES)
    return file.read(_ENTRY_BYTES)
