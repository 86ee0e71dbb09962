"""Who signed a certificate. Layer net, pure; loaded to connect where a root must be found."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, memoryview]


def issuer_of(certificate: "Bytes") -> "Bytes":
    """The name of who signed a certificate, as it stands in its DER (RFC 5280 §4.1)."""
    at, _ = _inside(certificate, 0)
    at, _ = _inside(certificate, at)
    if certificate[at] == 0xA0:  # the version is left out in version 1
        _, at = _inside(certificate, at)
    _, at = _inside(certificate, at)  # serial number
    _, at = _inside(certificate, at)  # signature algorithm
    _, end = _inside(certificate, at)
    return certificate[at:end]


def _inside(der: "Bytes", at: int) -> "tuple[int, int]":
    """Where the contents of the value at `at` begin, and where they end."""
    size = der[at + 1]
    at += 2
    if size & 0x80:
        more = size & 0x7F
        size = int.from_bytes(bytes(der[at : at + more]), "big")
        at += more
    return at, at + size
