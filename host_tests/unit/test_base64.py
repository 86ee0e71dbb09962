"""Strict base64: RFC 4648's vectors, and whatever is not quite base64."""

from postlamp.imap.base64 import decode, encode

VECTORS = (
    (b"", b""),
    (b"f", b"Zg=="),
    (b"fo", b"Zm8="),
    (b"foo", b"Zm9v"),
    (b"foob", b"Zm9vYg=="),
    (b"fooba", b"Zm9vYmE="),
    (b"foobar", b"Zm9vYmFy"),
    (b"\xfb\xff\xbf", b"+/+/"),
    (bytes(100), b"A" * 134 + b"=="),
)
BROKEN = b"= ==== Z Zg Zg= Zg=== Zh== Zm9vZ Zm8 Zm9= =Zg= Z=g= Zg==Zg== Zm9v! Zm-_ Zm9\0 \xff\xff"


def test_vectors_both_ways():
    for data, text in VECTORS:
        assert encode(data) == text
        assert decode(text) == data


def test_what_is_not_base64_gives_none():
    for text in BROKEN.split(b" ") + [b"Zm 9v", b"Zm9v\n", b"\r\n", b" "]:
        assert decode(text) is None, text


def test_every_byte_in_every_place_is_a_digit_or_refused():
    for byte in range(256):
        digit = bytes([byte])
        is_digit = digit.isdigit() or digit.isalpha() or digit in (b"+", b"/")
        for text in (digit + b"AAA", b"A" + digit + b"AA", b"AA" + digit + b"A"):
            assert (decode(text) is not None) == is_digit, text
