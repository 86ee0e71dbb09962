"""HMAC and PBKDF2 against the vectors of RFC 2202, 4231, 6070 and 7914."""

import hashlib
from binascii import hexlify, unhexlify
from hashlib import sha256

from postlamp.imap.crypto import HMAC, pbkdf2

if False:  # for type checkers: MicroPython has no typing
    from collections.abc import Generator
    from typing import Any

# Of each: the hash, the key, the message, and the code in hexadecimal.
CODES = (
    # RFC 4231 §4.2-4.8, without 4.6 (a cut code, which nothing here makes)
    (
        "sha256",
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        "sha256",
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        "sha256",
        b"\xaa" * 20,
        b"\xdd" * 50,
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ),
    (
        "sha256",
        bytes(range(1, 26)),
        b"\xcd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (
        "sha256",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "sha256",
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data."
            b" The key needs to be hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
    # RFC 2202 §2 and §3
    ("md5", b"\x0b" * 16, b"Hi There", "9294727a3638bb1c13f48ef8158bfc9d"),
    ("md5", b"Jefe", b"what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"),
    ("md5", b"\xaa" * 16, b"\xdd" * 50, "56be34521d144c88dbb8c733f0e8b3f6"),
    ("sha1", b"\x0b" * 20, b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    ("sha1", b"Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (
        "sha1",
        b"\xaa" * 80,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112",
    ),
)

# Of each: the hash, the password, the salt, the iterations, and the key in hexadecimal.
KEYS = (
    # RFC 6070, without the 16,777,216 iterations
    ("sha1", b"password", b"salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
    ("sha1", b"password", b"salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
    ("sha1", b"password", b"salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
    (
        "sha1",
        b"passwordPASSWORDpassword",
        b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
        4096,
        "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
    ),
    ("sha1", b"pass\0word", b"sa\0lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
    # RFC 7914 §11
    (
        "sha256",
        b"passwd",
        b"salt",
        1,
        (
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        ),
    ),
)


def _maker(name: str) -> "Any":
    """The hash of this name; None in the 32-bit build for a browser, which has SHA-256 alone."""
    return getattr(hashlib, name, None)


def _key(work: "Generator[None, None, bytes]") -> "tuple[bytes, int]":
    """What the generator returns and how often it yielded."""
    yields = 0
    while True:
        try:
            assert next(work) is None
        except StopIteration as e:
            return e.value, yields
        yields += 1


def test_codes_are_those_of_the_rfcs():
    for name, key, message, code in CODES:
        if _maker(name):
            assert hexlify(HMAC(_maker(name), key).digest(message)).decode() == code, code


def test_a_key_serves_for_many_messages():
    hmac = HMAC(sha256, b"Jefe")
    first = hmac.digest(b"one")
    assert hmac.digest(b"two") != first
    assert hmac.digest(b"one") == first


def test_a_key_of_one_block_is_not_hashed_and_one_byte_more_is():
    longer = b"k" * 65
    assert HMAC(sha256, longer).digest(b"m") == HMAC(sha256, sha256(longer).digest()).digest(b"m")
    full = b"k" * 64
    assert HMAC(sha256, full).digest(b"m") != HMAC(sha256, sha256(full).digest()).digest(b"m")


def test_a_key_or_message_may_be_empty():
    code = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    assert hexlify(HMAC(sha256, b"").digest(b"")).decode() == code


def test_derived_keys_are_those_of_the_rfcs():
    for name, password, salt, iterations, expected in KEYS:
        key = b""
        block = 0
        while _maker(name) and len(key) < len(expected) // 2:
            block += 1
            key += _key(pbkdf2(_maker(name), password, salt, iterations, block))[0]
        assert not _maker(name) or key[: len(expected) // 2] == unhexlify(expected), expected


def test_a_key_that_begins_with_zeros_keeps_its_length():
    # The first salt, counting up, whose key has a zero in front
    key, _ = _key(pbkdf2(sha256, b"password", b"233", 1))
    assert len(key) == 32
    assert key[0] == 0


def test_work_is_cut_into_slices_that_hold_at_most_32_iterations():
    for iterations, yields in ((1, 0), (32, 0), (33, 1), (64, 1), (65, 2), (4096, 127)):
        assert _key(pbkdf2(sha256, b"password", b"salt", iterations))[1] == yields, iterations
