"""Header blocks: folding, odd line ends, and the name shown for a sender."""

from postlamp.mime import header
from postlamp.mime.display import clean
from postlamp.mime.header import field
from postlamp.mime.words import decode

BLOCK = (
    b"FROM: =?utf-8?q?Anna_Kova=C4=8D?= <anna@example.org>\r\n"
    b"Subject: =?utf-8?b?0J3QvtCy0L7QtQ==?=\r\n =?utf-8?b?INC/0LjRgdGM0LzQvg==?=\r\n"
    b"Date: Mon, 02 Nov 2026 09:08:07 +0000\r\n\r\n"
)


def subject(block):
    return clean(decode(field(block, "subject")))


def sender(block):
    return clean(decode(header.sender(block)))


def test_fields_are_found_in_any_case_and_unfolded():
    assert sender(BLOCK) == "Anna Kovač"
    assert subject(BLOCK) == "Новое письмо"
    assert field(BLOCK, "date") == b"Mon, 02 Nov 2026 09:08:07 +0000"
    assert field(BLOCK, "to") == b""


def test_bare_line_feeds_and_missing_ends():
    assert subject(b"From: a@b\nSubject: one\n\ttwo\n") == "one two"
    assert subject(b"Subject: cut in the mid") == "cut in the mid"
    assert subject(b"subject:\r\n") == ""
    assert subject(b"") == "" and sender(b"") == ""


def test_controls_and_runs_of_space_become_one_space():
    assert subject(b"Subject: a\x00b  c=?utf-8?q?=0A=0D=1B?=d") == "a b c d"
    assert subject(b"Subject: =?utf-8?q?a=0Ab=1B?=") == "a b"


SENDERS = (
    (b"Anna <a@b.org>", "Anna"),
    (b'"Kova, Anna" <a@b.org>', "Kova, Anna"),
    (b'"a \\"q\\" b" <a@b.org>', 'a "q" b'),
    (b"a@b.org", "a@b.org"),
    (b"<a@b.org>", "a@b.org"),
    (b"a@b.org (Anna (at home))", "Anna at home"),
    (b"a@b.org, c@d.org", "a@b.org"),
    (b"=?utf-8?q?=D0=96?= <a@b.org>, c@d.org", "Ж"),
    (b'"=?utf-8?q?=D0=96?=" <a@b.org>', "Ж"),
    (b'"open quote <a@b.org>', "open quote <a@b.org>"),
    (b"(", ""),
    (b"", ""),
)


def test_senders_of_every_shape():
    for raw, expected in SENDERS:
        assert sender(b"From: " + raw + b"\r\n") == expected, (raw, sender(b"From: " + raw))
