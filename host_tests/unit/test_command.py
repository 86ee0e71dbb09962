"""The command writer: what is quoted, what is a literal, and who waits for a plus."""

from feeding import feed, logged_in
from postlamp.errors import MisuseError
from postlamp.imap.command import Writer
from raising import raises


def engine(capabilities=""):
    words = "* OK [CAPABILITY IMAP4rev1 " + capabilities + "] ready\r\n"
    return logged_in(words.encode())


def segments(writer):
    """What goes out, in the pieces that each wait for a plus."""
    connection = writer._engine
    writer.send()
    sent = [connection.to_send()]
    while writer.flight.segments:
        feed(connection, b"+ go ahead\r\n")
        sent.append(connection.to_send())
    return sent


def strings(*values, capabilities=""):
    writer = Writer(engine(capabilities), "CREATE")
    for value in values:
        writer.string(value)
    return segments(writer)


def test_printable_ascii_is_quoted_and_escaped():
    assert strings("my pass") == [b'p2 CREATE "my pass"\r\n']
    assert strings('a"b\\c') == [b'p2 CREATE "a\\"b\\\\c"\r\n']
    assert strings("") == [b'p2 CREATE ""\r\n']


def test_other_letters_go_as_a_literal_that_waits():
    assert strings("пароль") == [b"p2 CREATE {12}\r\n", "пароль\r\n".encode()]


def test_literal_plus_and_minus_do_not_wait():
    pushed = "p2 CREATE {2+}\r\nж\r\n".encode()
    assert strings("ж", capabilities="LITERAL+") == [pushed]
    assert strings("ж" * 2048, capabilities="LITERAL-")[0].startswith(b"p2 CREATE {4096+}\r\n")
    assert strings("ж" * 2049, capabilities="LITERAL-")[0] == b"p2 CREATE {4098}\r\n"


def test_long_text_is_a_literal():
    assert len(strings("x" * 999)) == 1
    assert len(strings("x" * 1000)) == 2


def test_line_breaks_and_nul_are_our_mistake():
    for bad in ("a\rb", "a\nb", "a\0b"):
        for write in (lambda w, v=bad: w.string(v), lambda w, v=bad: w.atom(v)):
            error = raises(MisuseError, write, Writer(engine(), "CREATE"))
            assert bad not in str(error)


def test_two_literals_in_one_command():
    assert strings("ж", "secret ж") == [
        b"p2 CREATE {2}\r\n",
        "ж {9}\r\n".encode(),
        "secret ж\r\n".encode(),
    ]


def test_mailbox_names_of_people_and_of_servers():
    for name, sent in (
        ("INBOX", b'"INBOX"'),
        ("Входящие", b'"&BBIERQQ+BDQETwRJBDgENQ-"'),
        ("R&D", b'"R&-D"'),
        (b"&BBI-", b'"&BBI-"'),
        (b"", b'""'),
    ):
        writer = Writer(engine(), "CREATE").mailbox(name)
        assert segments(writer) == [b"p2 CREATE " + sent + b"\r\n"]
    raw = Writer(engine(), "CREATE").mailbox(b"\xff\xfe")
    assert segments(raw) == [b"p2 CREATE {2}\r\n", b"\xff\xfe\r\n"]
