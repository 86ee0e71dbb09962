"""SCRAM exchanges of the RFCs, and of real servers as recorded: the same bytes come out."""

import hashlib

from postlamp.errors import MisuseError
from postlamp.imap.scram import SCRAM
from raising import raises

NONCE = b"rOprNGfwEbeRWgbNEkqO"  # of RFC 7677 and the recordings
BOB = 'пароль "x\\y'

# Of each: where it comes from, the mechanism, user, password, the client's nonce, what the server
# puts behind it, the salt, the proof, the signature. All with 4096 iterations.
EXCHANGES = (
    (
        "RFC 5802 §5",
        "SCRAM-SHA-1",
        "user",
        "pencil",
        b"fyko+d2lbbFgONRv9qkxdawL",
        b"3rfcNHYJY1ZVvWVs7j",
        b"QSXCR+Q6sek8bf92",
        b"v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        b"rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ),
    (
        "RFC 7677 §3",
        "SCRAM-SHA-256",
        "user",
        "pencil",
        NONCE,
        b"%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        b"W22ZaJ0SNY7soEsUEjb6gQ==",
        b"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ),
    (
        "Dovecot 2.3.19",
        "SCRAM-SHA-1",
        "alice",
        "secret",
        NONCE,
        b"\"n:!Z!r:14V#;bg^7kcD>N1QxCt[N-^&:IKBAC6q/WLVn9WV\\RDJYq6_BvwVQ#'>",
        b"AUZrKpLiZ+jJxY7RMxyEHg==",
        b"rRpSzRg1Ur5wNyfpOp2ap9BkUFs=",
        b"Mf8Gb/VKngvgnhFBtK8I7TI83yk=",
    ),
    (
        "Dovecot 2.3.19",
        "SCRAM-SHA-256",
        "alice",
        "secret",
        NONCE,
        b"9%is.\\].Cd;$.G@A\"][&j>CfW\\QD^.>SaZ@w}2](.\\;\\Ph8xFM]*pj$5+3'W._Ta",
        b"gCYw+62jjkgyKj1oNRtdVg==",
        b"nK0hDmnaaowiAWHSDAvA5dZEqa25JIxfw5hJeyZ/WB8=",
        b"FsMQKxAeLwFkm1lXdOkH+gCLd7m1vceBd0xjdif/2ts=",
    ),
    (
        "Dovecot 2.3.19",
        "SCRAM-SHA-256",
        "bob",
        BOB,
        NONCE,
        b">$TE]AXS8Wpf{.5WIpxT;N@7HiQ\\o@^QZono@*UwH@Q4\\vCPczOjix~D<S?etd=9",
        b"AIikOpC/zNKp1aBEsrtGWg==",
        b"0qhKTFczzfZtH023l8cuhI8rmBN6Y22a2ynvNoft45I=",
        b"9gEaDOMMYRj978ztOqUaBxvJf8XkP//VSx+zhSSGfAU=",
    ),
    (
        "Cyrus 3.6.1",
        "SCRAM-SHA-1",
        "alice",
        "secret",
        NONCE,
        b"TpQeGO7ENBhZqFOr5oWoK6RtIuWbnpMZ",
        b"keO4tm/gxa64hCk1C4PLiE5zZ+8=",
        b"551eiIpSg1c3bsgjVthTukGA43s=",
        b"2xqZseiBYGQQVSGBZ/4x48XeN3I=",
    ),
    (
        "Cyrus 3.6.1",
        "SCRAM-SHA-256",
        "alice",
        "secret",
        NONCE,
        b"xSTZwjmWpFP9GMGpk4UizZXk5ELS7LZv",
        b"hfVzF7MU3By6qhOIahhTig8MhLRO/hTId2OBDFOoOJE=",
        b"fj2SU37Ecy/C+L4JJkDG/QiHzUUjcNhcsMPJB+5S8Ec=",
        b"jsWZbzsVJaZ5K5+uCHZ8JdOiw3ZDI2IDwXqSEMHzWxk=",
    ),
    (
        "Cyrus 3.6.1",
        "SCRAM-SHA-256",
        "bob",
        BOB,
        NONCE,
        b"CkBhhtlu3Dh9rHAVp1uDrSZSwort6TLJ",
        b"MFu91TXLRPrZER3hyYd7Q7OiOy+43+iH+clXZCZ8gv0=",
        b"qnKxOYXUOo3oHFhWo2nh3owOzkf7l+uWFfaWnY7LOkI=",
        b"C7VlQBemvQE+x30z9618Y5J4fkiOhGqkGwJZoQRf2IU=",
    ),
)


def _has(name: str) -> bool:
    """Whether this interpreter has the hash: the 32-bit build has SHA-256 alone."""
    return name != "SCRAM-SHA-1" or hasattr(hashlib, "sha1")


def _step(mechanism: SCRAM, challenge: bytes) -> "bytes | None":
    for _ in mechanism.work(challenge):
        pass
    return mechanism.answer


def test_exchanges_of_the_rfcs_and_of_real_servers():
    for where, name, user, password, nonce, more, salt, proof, signature in EXCHANGES:
        if not _has(name):
            raises(MisuseError, SCRAM, name, user, password, nonce)
            continue
        mechanism = SCRAM(name, user, password, nonce)
        assert mechanism.name == name
        assert mechanism.is_client_first
        assert _step(mechanism, b"") == b"n,,n=" + user.encode() + b",r=" + nonce, where
        answer = _step(mechanism, b"r=" + nonce + more + b",s=" + salt + b",i=4096")
        assert answer == b"c=biws,r=" + nonce + more + b",p=" + proof, where
        assert not mechanism.is_satisfied
        assert _step(mechanism, b"v=" + signature) == b"", where
        assert mechanism.is_satisfied
        mechanism.verify(b"")
