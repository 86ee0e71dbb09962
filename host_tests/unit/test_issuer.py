"""Who signed a certificate: lengths of every form, with a version and without."""

from postlamp.net.issuer import issuer_of


def der(tag, *parts):
    """One value of ASN.1, its length in the short or a long form."""
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        length = bytes([size])
    elif size < 256:
        length = bytes([0x81, size])
    else:
        length = bytes([0x82, size >> 8, size & 255])
    return bytes([tag]) + length + content


def certificate(issuer, is_versioned):
    """As much of a certificate as is read: up to the issuer, and something behind it."""
    version = der(0xA0, der(2, b"\x02")) if is_versioned else b""
    serial = der(2, b"\x7f" * 20)
    algorithm = der(0x30, der(6, b"\x2a\x86"))
    return der(0x30, der(0x30, version, serial, algorithm, issuer, b"\x30\x00"), b"rest")


def test_the_issuer_of_certificates_of_every_shape():
    for size in (1, 120, 200, 700):
        issuer = der(0x30, b"x" * size)
        for is_versioned in (True, False):
            whole = certificate(issuer, is_versioned)
            assert issuer_of(whole) == issuer
            assert bytes(issuer_of(memoryview(whole))) == issuer
