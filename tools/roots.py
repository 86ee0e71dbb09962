"""Packs root certificates into the file that a board looks them up in (net/roots.py reads it)."""

from __future__ import annotations

import hashlib
import struct
import warnings
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

MAGIC = b"PLR1"
_KEY_BYTES = 8
_ENTRY = struct.Struct(">8sIH")


class Roots(NamedTuple):
    """Mozilla's roots: the packed file, how many, and which release of certifi they are from."""

    content: bytes
    number: int
    release: str


def pack(certificates: Iterable[x509.Certificate]) -> bytes:
    """The file of these roots, found by the beginning of the SHA-256 of their subject in DER."""
    ders = [(_key(each), each.public_bytes(Encoding.DER)) for each in certificates]
    ders.sort()
    at = len(MAGIC) + 2 + len(ders) * _ENTRY.size
    index = bytearray(MAGIC + struct.pack(">H", len(ders)))
    for key, der in ders:
        index += _ENTRY.pack(key, at, len(der))
        at += len(der)
    return bytes(index) + b"".join(der for _, der in ders)


def mozilla() -> Roots:
    """The roots that Mozilla trusts for servers, from the pinned certifi."""
    with warnings.catch_warnings():
        # one root's serial number is not positive; it is trusted all the same
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        certificates = x509.load_pem_x509_certificates(source().read_bytes())
    return Roots(pack(certificates), len(certificates), version("certifi"))


def source() -> Path:
    """The file that `mozilla` packs."""
    return Path(certifi.where())


def _key(certificate: x509.Certificate) -> bytes:
    return hashlib.sha256(certificate.subject.public_bytes()).digest()[:_KEY_BYTES]
