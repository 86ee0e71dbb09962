"""Roots on flash, read one at a time. Layer net; loaded to find one, then dropped.

The file, written by tools/roots.py, all numbers big-endian: "PLR1", how many roots (2 bytes), for
each, by rising key: key (8), where its DER begins (4), its length (2); then the certificates.
A key is the beginning of the SHA-256 of a root's subject, in DER.
"""

import gc

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO

    from postlamp.net.transport import Transport

    Place = tuple[int, int]  # where a certificate begins in the file, and its length

_MAGIC = b"PLR1"
_HEAD_BYTES = const(6)
_KEY_BYTES = const(8)
_ENTRY_BYTES = const(14)
_PLACES_LIMIT = const(4)  # each is one more handshake; no chain known needs more than two
_ROOTS_LIMIT = const(4)  # in one context


def trust_another(link: "Transport", issuers: "list[bytes]") -> bool:
    """Trust one more root that the server's chain may lead to; False when there is none.

    All roots are Mozilla's, so the old ones may stay: a new context would need 3 kB in one piece.
    But whoever stands in between could name them all.
    """
    if link.places is None:
        found = find(link.store, issuers)
        link.places = [place for place in found if place not in link.roots]
    if not link.places:
        return False
    if len(link.roots) == _ROOTS_LIMIT:
        link.roots.clear()
        link.context = None
        gc.collect()
        from postlamp.net.contexts import context_for  # seldom needed

        link.context = context_for([])
    link.roots.append(link.places.pop(0))
    link.context.load_verify_locations(read(link.store, link.roots[-1]))
    return True


def find(path: str, issuers: "list[bytes]") -> "list[Place]":
    """Where the roots of these names stand, each a SHA-256; in their order, four at the most.

    Raises ConfigError when the file is missing or no such file.
    """
    places: "list[Place]" = []
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_BYTES)
            if head[:4] != _MAGIC:
                raise ConfigError(path, "is no file of roots; copy it from the computer again")
            for at, issuer in enumerate(issuers):
                if issuer not in issuers[:at]:
                    count = int.from_bytes(head[4:], "big")
                    places += _search(file, count, issuer[:_KEY_BYTES])
    except OSError as error:
        raise ConfigError(path, "cannot be read (error %s)" % error.args[0])
    return places[:_PLACES_LIMIT]


def read(path: str, place: "Place") -> bytes:
    """The certificate at a place, in DER."""
    with open(path, "rb") as file:
        file.seek(place[0])
        content: bytes = file.read(place[1])
    return content


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
