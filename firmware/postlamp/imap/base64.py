"""Base64 (RFC 4648 §4) both ways, strictly: decodes only what it would encode so. Pure."""

from binascii import a2b_base64, b2a_base64

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encode(data: bytes) -> bytes:
    """Without a line end; b"" gives b""."""
    return b2a_base64(data).strip()


def decode(text: bytes) -> "bytes | None":
    """None for what is not base64, or not all of it: a2b_base64 skips odd bytes in silence.

    Never raises: what a2b_base64 raises differs between interpreters, so it sees sound text only.
    """
    digits = text.rstrip(b"=")
    if len(digits) % 4 == 1 or any(byte not in _ALPHABET for byte in digits):
        return None
    data = a2b_base64(digits + b"=" * (-len(digits) % 4))
    return data if encode(data) == text else None
