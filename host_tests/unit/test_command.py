"""The command writer: what is quoted, what is a literal, and who waits for a plus."""

from postlamp.errors import MisuseError
from postlamp.imap.command import Writer
from raising import raises


def segments(value, capabilities=()):
    return Writer("p1", "LOGIN", frozenset(capabilities)).string(value).end()


def test_printable_ascii_is_quoted_and_escaped():
    assert segments("my pass") == [b'p1 LOGIN "my pass"\r\n']
    assert segments('a"b\\c') == [b'p1 LOGIN "a\\"b\\\\c"\r\n']
    assert segments("") == [b'p1 LOGIN ""\r\n']


def test_other_letters_go_as_a_literal_that_waits():
    assert segments("пароль") == [b"p1 LOGIN {12}\r\n", "пароль\r\n".encode()]


def test_literal_plus_and_minus_do_not_wait():
    assert segments("ж", ["LITERAL+"]) == ["p1 LOGIN {2+}\r\nж\r\n".encode()]
    assert segments("ж" * 2048, ["LITERAL-"])[0].startswith(b"p1 LOGIN {4096+}\r\n")
    assert segments("ж" * 2049, ["LITERAL-"])[0] == b"p1 LOGIN {4098}\r\n"


def test_long_text_is_a_literal():
    assert len(segments("x" * 999)) == 1
    assert len(segments("x" * 1000)) == 2


def test_line_breaks_and_nul_are_our_mistake():
    for bad in ("a\rb", "a\nb", "a\0b"):
        for write in (lambda w, v=bad: w.string(v), lambda w, v=bad: w.atom(v)):
            error = raises(MisuseError, write, Writer("p1", "X", frozenset()))
            assert bad not in str(error)


def test_two_literals_in_one_command():
    writer = Writer("p1", "LOGIN", frozenset())
    assert writer.string("ж").string("secret ж").end() == [
        b"p1 LOGIN {2}\r\n",
        "ж {9}\r\n".encode(),
        "secret ж\r\n".encode(),
    ]
