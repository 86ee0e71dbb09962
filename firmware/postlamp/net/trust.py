"""Reads a file of CA certificates into DER. Layer net; knows no TLS, opens no connection."""

import os
from binascii import a2b_base64

from postlamp.errors import ConfigError

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"
_LIMIT_BYTES = 16384  # one certificate takes 1-2 kB; each costs its size in RAM while in use


def load_certificates(path: str) -> "list[bytes]":
    """The certificates in a PEM or DER file, each as DER. ConfigError names what is wrong."""
    try:
        # read(n) would take n bytes of heap at once, however short the file is
        size = os.stat(path)[6]
        if size > _LIMIT_BYTES:
            problem = "is larger than %d bytes; give only the CA that signs the server"
            raise ConfigError(path, problem % _LIMIT_BYTES)
        with open(path, "rb") as file:
            data = file.read()
    except OSError as err:
        raise ConfigError(path, "cannot be read (error %s)" % err.args[0])
    try:
        return parse_certificates(data)
    except ValueError as err:
        raise ConfigError(path, str(err))


def parse_certificates(data: bytes) -> "list[bytes]":
    """PEM (text around the blocks is skipped) or one DER certificate → list of DER bytes.

    Raises ValueError with the reason.
    """
    if _BEGIN not in data:
        if data[:1] == b"\x30":
            return [_checked(data)]
        raise ValueError("holds no certificate; a PEM file has -----BEGIN CERTIFICATE-----")
    found: list[bytes] = []
    at = data.find(_BEGIN)
    while at >= 0:
        end = data.find(_END, at)
        if end < 0:
            raise ValueError("ends in the middle of a certificate")
        try:
            der = a2b_base64(data[at + len(_BEGIN) : end])
        except ValueError:
            raise ValueError("certificate %d is not base64" % (len(found) + 1))
        found.append(_checked(der))
        at = data.find(_BEGIN, end)
    return found


def _checked(der: bytes) -> bytes:
    """`der` if it is one ASN.1 sequence of exactly its length: mbedTLS takes nothing else."""
    if len(der) < 4 or der[0] != 0x30 or der[1] != 0x82:
        raise ValueError("a certificate in it is not DER")
    if 4 + (der[2] << 8 | der[3]) != len(der):
        raise ValueError("a certificate in it is cut off")
    return der
