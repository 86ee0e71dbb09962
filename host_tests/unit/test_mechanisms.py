"""SASL mechanisms beside SCRAM: vectors of the RFCs, recorded exchanges, challenges gone wrong."""

import hashlib

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap.base64 import decode, encode
from postlamp.imap.crammd5 import CRAMMD5
from postlamp.imap.mechanisms import (
    Mechanism,
    anonymous,
    login,
    oauthbearer,
    plain,
    xoauth2,
)
from raising import raises

HAS_MD5 = hasattr(hashlib, "md5")  # not in the 32-bit build
TOKEN = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
REFUSED = b'{"status":"401","schemes":"bearer","scope":"mail"}'

# Of each: where it comes from, user, password, challenge and answer as on the wire.
CRAM_EXCHANGES = (
    (
        "RFC 2195 §2",
        "tim",
        "tanstaaftanstaaf",
        b"PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
        b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
    ),
    (
        "Dovecot 2.3.19",
        "alice",
        "secret",
        b"PDI3MTkyNTM1ODQ1MzU1NTIuMTc5NTQwMzIwNUB2bT4=",
        b"YWxpY2UgMGRiNWZkOTI2MzUzOTk3YjhmMmU4ZWIxZDQzYzQ0OWY=",
    ),
    (
        "Cyrus 3.6.1",
        "alice",
        "secret",
        b"PDE1ODg0MDgwMTcuMjQxMjQ0QGxvY2FsaG9zdD4=",
        b"YWxpY2UgYzA5ZGE0YWRkMjM3NTI3ZTdmZTNkOTAyM2IzN2Y4NWE=",
    ),
    (
        "Courier 5.0.13",
        "alice",
        "secret",
        b"PEYwRTc3RTI4RjAzN0I1OTc2NzAzQjI0MEEwQTBBQkU2QHZtPg==",
        b"YWxpY2UgZWEyNmZkODEwOGQ2ZGYxM2ZmZmZlZGFiMmI2YjUzZGY=",
    ),
)


def _step(mechanism: Mechanism, challenge: bytes = b"") -> "bytes | None":
    for slept in mechanism.work(challenge):
        assert slept is None
    return mechanism.answer


def _everyone() -> "list[Mechanism]":
    mechanisms = [
        plain("alice", "secret"),
        login("alice", "secret"),
        xoauth2("alice", "secret"),
        oauthbearer("alice", "secret", "example.org", 993),
        anonymous("secret"),
    ]
    return mechanisms + ([CRAMMD5("alice", "secret")] if HAS_MD5 else [])


def test_plain_of_the_rfc():
    mechanism = plain("tim", "tanstaaftanstaaf")  # RFC 4616 §4
    assert (mechanism.name, mechanism.is_client_first) == ("PLAIN", True)
    assert _step(mechanism) == b"\0tim\0tanstaaftanstaaf"


def test_plain_as_recorded_with_utf8():
    answer = _step(plain("bob", 'пароль "x\\y'))
    assert encode(answer or b"") == b"AGJvYgDQv9Cw0YDQvtC70YwgInhceQ=="


def test_login_follows_the_order_of_the_prompts_not_their_text():
    for prompts in (
        (b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"),  # Dovecot, Cyrus, Courier, pymap
        (b"VXNlciBOYW1lAA==", b"UGFzc3dvcmQA"),  # iCloud, UW
        (b"UGFzc3dvcmQ6", b"VXNlcm5hbWU6"),
        (b"", b""),
    ):
        mechanism = login("alice", "secret")
        assert (mechanism.name, mechanism.is_client_first) == ("LOGIN", False)
        answers = [_step(mechanism, decode(prompt) or b"") for prompt in prompts]
        assert [encode(answer or b"") for answer in answers] == [b"YWxpY2U=", b"c2VjcmV0"]


def test_cram_md5_of_the_rfc_and_of_real_servers():
    for where, user, password, challenge, answer in CRAM_EXCHANGES if HAS_MD5 else ():
        mechanism = CRAMMD5(user, password)
        assert (mechanism.name, mechanism.is_client_first) == ("CRAM-MD5", False)
        assert _step(mechanism, decode(challenge) or b"") == decode(answer), where


def test_cram_md5_does_not_answer_an_empty_challenge():
    if HAS_MD5:
        mechanism = CRAMMD5("alice", "secret")
        assert "secret" not in repr(raises(GarbageError, _step, mechanism, b"").args)
        assert mechanism.answer is None


def test_cram_md5_without_md5_is_refused():
    if not HAS_MD5:
        raises(MisuseError, CRAMMD5, "alice", "secret")


def test_xoauth2_as_google_documents_it():
    mechanism = xoauth2("someuser@example.com", "ya29." + TOKEN)
    assert (mechanism.name, mechanism.is_client_first) == ("XOAUTH2", True)
    expected = b"user=someuser@example.com\1auth=Bearer ya29." + TOKEN.encode() + b"\1\1"
    assert _step(mechanism) == expected


def test_xoauth2_as_recorded_answers_the_error_with_an_empty_line():
    mechanism = xoauth2("alice", "xyz")
    assert encode(_step(mechanism) or b"") == b"dXNlcj1hbGljZQFhdXRoPUJlYXJlciB4eXoBAQ=="
    assert _step(mechanism, REFUSED) == b""
    assert _step(mechanism, REFUSED) is None


def test_oauthbearer_of_the_rfc():
    mechanism = oauthbearer("user@example.com", TOKEN, "server.example.com", 143)  # RFC 7628 §4.1
    assert (mechanism.name, mechanism.is_client_first) == ("OAUTHBEARER", True)
    assert encode(_step(mechanism) or b"") == (
        b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
        b"HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )


def test_oauthbearer_answers_the_error_with_one_byte():
    mechanism = oauthbearer("alice", "xyz", "localhost", 11343)
    _step(mechanism)
    assert encode(_step(mechanism, b'{"status":"invalid_token"}') or b"") == b"AQ=="
    assert _step(mechanism) is None


def test_oauthbearer_escapes_the_name():
    answer = _step(oauthbearer("a,b=c", "xyz", "h", 1)) or b""
    assert answer.startswith(b"n,a=a=2Cb=3Dc,\1")


def test_anonymous_of_the_rfc():
    mechanism = anonymous("sirhc")  # RFC 4505 §4
    assert (mechanism.name, mechanism.is_client_first) == ("ANONYMOUS", True)
    assert encode(_step(mechanism) or b"") == b"c2lyaGM="
    assert _step(anonymous("")) == b""


def test_nothing_is_answered_before_it_is_asked_for():
    for mechanism in _everyone():
        assert mechanism.answer is None, mechanism.name


def test_challenges_without_end_are_cancelled():
    for mechanism in _everyone():
        answers = [_step(mechanism, b"\xff\0{more}") for _ in range(5)]
        assert answers[2:] == [None, None, None], mechanism.name


def test_answers_are_forgotten_once_given():
    for mechanism in _everyone():
        for _ in range(3):
            _step(mechanism, b"more")
        for name in dir(mechanism):
            assert "secret" not in repr(getattr(mechanism, name)), (mechanism.name, name)


def test_a_tagged_ok_is_believed_where_the_server_proves_nothing():
    for mechanism in _everyone():
        assert mechanism.is_satisfied
        mechanism.verify(b"")


def test_characters_that_would_end_a_word_early_are_refused_without_naming_them():
    for call in (
        (plain, "al\0ice", "secret"),
        (plain, "alice", "secret\0"),
        (xoauth2, "alice\1", "secret"),
        (xoauth2, "alice", "secret\1"),
        (oauthbearer, "alice", "\1secret", "h", 1),
        (oauthbearer, "alice", "secret", "h\1", 1),
    ):
        error = raises(MisuseError, *call)
        assert "secret" not in str(error) + repr(error.args)
