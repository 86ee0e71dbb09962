"""Header blocks: folding, odd line ends, and the name shown for a sender."""

from postlamp.mime import header
from postlamp.mime.header import field
from showing import sender, subject

BLOCK = (
    b"FROM: =?utf-8?q?Anna_Kova=C4=8D?= <anna@example.org>\r\n"
    b"Subject: =?utf-8?b?0J3QvtCy0L7QtQ==?=\r\n =?utf-8?b?INC/0LjRgdGM0LzQvg==?=\r\n"
    b"Date: Mon, 02 Nov 2026 09:08:07 +0000\r\n\r\n"
)


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


def test_a_blank_before_the_colon_and_another_field_of_like_name():
    assert subject(b"X-Subject: no\r\nSubjects: no\r\nSUBJECT : yes\r\n") == "yes"
    assert subject(b"Subject: first\r\nSubject: second\r\n") == "first"
    assert subject(b" Subject: folded\r\n: nameless\r\nSubject:\r\n behind\r\n") == "behind"


def test_nothing_is_looked_for_behind_the_block():
    for end in (b"\r\n", b"\n"):
        assert subject(b"Date: today" + end + end + b"Subject: of the body" + end) == ""


def test_a_field_folded_at_every_blank():
    for fold in (b"\r\n ", b"\n\t", b" \r\n  \t "):
        block = b"Subject:" + fold + b"one" + fold + b"two" + fold + b"three\r\nDate: x"
        assert field(block, "subject") == b"one two three"


def test_a_value_of_768_bytes_and_one_more():
    for size, kept in ((768, 768), (769, 768), (10240, 768)):
        assert field(b"Subject: " + b"x" * size + b"\r\n", "subject") == b"x" * kept
        lines = b"\r\n ".join(b"x" * 63 for _ in range(size // 64))
        assert len(field(b"Subject: " + lines, "subject")) == min(size // 64 * 64 - 1, kept)


def test_a_name_of_a_field_of_40_bytes_and_one_more():
    for size in (40, 41):
        block = b"x" * (size - 1) + b": found\r\n"
        assert field(block, "x" * (size - 1)) == (b"found" if size == 40 else b"")


def test_a_name_that_is_nothing_to_see_gives_way_to_the_address():
    block = b"From: =?utf-8?q?=E2=80=8B_?= <a@example.org>, b@example.org\r\n"
    assert header.address(block) == b"a@example.org"
    assert sender(block) == "a@example.org"
    assert header.address(b"Subject: from nobody\r\n") == b""
    assert header.address(b"From: MAILER-DAEMON\r\n") == b""


def test_a_hostile_sender_is_read_without_recursion_and_gives_no_more_than_it_has():
    for piece in (b"(", b'"\\', b'\\"', b"=?a?q?", b"<", b":", b";", b", ", b"()", b'""'):
        name = header.sender(b"From: " + piece * 500 + b"\r\n")
        assert len(name) <= 768
