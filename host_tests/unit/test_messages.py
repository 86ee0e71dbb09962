"""Commands about messages: what goes out, what is refused unsent, and what the state becomes."""

from feeding import feed, logged_in, selected
from postlamp.errors import MisuseError
from postlamp.imap import messages, state
from raising import raises

PLUS = b"* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n"
MINUS = b"* OK [CAPABILITY IMAP4rev1 LITERAL-] ready\r\n"
ALONE = ("CHECK", "CLOSE", "UNSELECT", "EXPUNGE")


def sent(name: str, *words: str) -> bytes:
    engine = selected()
    messages.send(engine, name, *words)
    return engine.to_send()


def stored(numbers: str, change: str, flags: str, name: str = "UID STORE") -> bytes:
    engine = selected()
    messages.store(engine, numbers, change, flags, name)
    return engine.to_send()


def test_each_command_goes_out_in_its_form():
    for name in ALONE:
        assert sent(name) == b"p3 " + name.encode() + b"\r\n"
    assert sent("UID EXPUNGE", "3:7,9") == b"p3 UID EXPUNGE 3:7,9\r\n"
    for name in ("COPY", "MOVE", "UID COPY", "UID MOVE"):
        words = b"p3 " + name.encode() + b' 1:* "R&-D"\r\n'
        assert sent(name, "1:*", "R&D") == words
    assert stored("2", "+FLAGS.SILENT", "\\Seen $Work") == (
        b"p3 UID STORE 2 +FLAGS.SILENT (\\Seen $Work)\r\n"
    )
    assert stored("*", "FLAGS", "", "STORE") == b"p3 STORE * FLAGS ()\r\n"


def test_a_mailbox_outside_ascii_is_encoded():
    assert sent("UID COPY", "1", "Я") == b'p3 UID COPY 1 "&BC8-"\r\n'


def test_what_is_no_number_set_is_never_sent():
    engine = selected()
    for bad in ("1 2", "a", "1+2", "1-2", "1.2", "1/2", "$", "1\r\n", "(1)", "1;", ")", "١"):
        raises(MisuseError, messages.send, engine, "UID COPY", bad, "Work")
        raises(MisuseError, messages.send, engine, "UID EXPUNGE", bad)
        raises(MisuseError, messages.store, engine, bad, "+FLAGS", "\\Seen")
    assert engine.to_send() == b""


def test_what_is_no_flag_is_never_sent():
    engine = selected()
    for bad in '(){%*"]\r\n\0\x1f\x7f\x80ж':
        for flags in (bad, "\\Seen" + bad, bad + " \\Seen"):
            raises(MisuseError, messages.store, engine, "1", "+FLAGS", flags)
            raises(MisuseError, messages.append, engine, "Work", b"x", flags)
    raises(MisuseError, messages.store, engine, "1", "+FLAGS\r\n", "\\Seen")
    assert engine.to_send() == b""
    assert stored("1", "-FLAGS", " ~!#$&'+,-./\\Seen") != b""


def test_append_waits_for_the_plus():
    engine = logged_in()
    tag = messages.append(engine, "Работа", b"A: b\r\n\r\nc\xff")
    assert engine.to_send() == b'p2 APPEND "&BCAEMAQxBD4EQgQw-" () {10}\r\n'
    assert feed(engine, b"* 4 EXISTS\r\n+ Ready\r\n") == [("exists", 4)]
    assert engine.to_send() == b"A: b\r\n\r\nc\xff\r\n"
    answer = feed(engine, b"p2 OK [APPENDUID 38505 3955] done\r\n")[0]
    assert answer[:5] == ("completed", tag, "APPEND", "OK", "APPENDUID 38505 3955")


def test_append_with_flags_and_date_is_pushed_where_that_is_taken():
    for greeting, size, is_pushed in (
        (PLUS, 5000, True),
        (MINUS, 4096, True),
        (MINUS, 4097, False),
    ):
        engine = logged_in(greeting)
        date = "17-Jul-1996 02:44:25 -0700"
        messages.append(engine, "a", b"x" * size, "\\Seen $Work", date)
        head = b'p2 APPEND "a" (\\Seen $Work) "17-Jul-1996 02:44:25 -0700" {'
        head += str(size).encode()
        if is_pushed:
            assert engine.to_send() == head + b"+}\r\n" + b"x" * size + b"\r\n"
        else:
            assert engine.to_send() == head + b"}\r\n"


def test_append_refused_before_its_message_leaves_nothing_to_send():
    engine = logged_in()
    messages.append(engine, "nowhere", b"x")
    engine.to_send()
    assert feed(engine, b"p2 NO [TRYCREATE] no such mailbox\r\n")[0][4] == "TRYCREATE"
    assert feed(engine, b"+ go ahead\r\n") == []
    assert engine.to_send() == b""


def test_append_refuses_what_no_literal_or_line_may_hold():
    engine = logged_in()
    raises(MisuseError, messages.append, engine, "a", b"x\0")
    raises(MisuseError, messages.append, engine, "a\n", b"x")
    raises(MisuseError, messages.append, engine, "a", b"x", "", "today\r\n")
    assert engine.to_send() == b""


def test_close_and_unselect_leave_the_mailbox_unless_refused():
    for name in ("CLOSE", "UNSELECT"):
        for answer, becomes in (
            (b"OK", state.AUTHENTICATED),
            (b"NO", state.SELECTED),
            (b"BAD", state.SELECTED),
        ):
            engine = selected()
            messages.send(engine, name)
            feed(engine, b"p3 " + answer + b" so\r\n")
            assert engine.state == becomes


def test_none_is_legal_without_a_mailbox_open():
    for name in ALONE:
        raises(MisuseError, messages.send, logged_in(), name)
    raises(MisuseError, messages.send, logged_in(), "UID COPY", "1", "a")
    raises(MisuseError, messages.store, logged_in(), "1", "FLAGS", "")


def test_message_numbers_never_fly_with_another_command():
    for name in ("STORE", "COPY", "MOVE"):
        engine = selected()
        engine.noop()
        if name == "STORE":
            raises(MisuseError, messages.store, engine, "1", "FLAGS", "", name)
        else:
            raises(MisuseError, messages.send, engine, name, "1", "a")
    engine = selected()
    messages.store(engine, "1", "FLAGS", "")
    messages.send(engine, "UID COPY", "1", "a")
    events = feed(engine, b"p4 OK copied\r\n* 1 FETCH (FLAGS () UID 1)\r\np3 OK stored\r\n")
    assert [event[0] for event in events] == ["completed", "fetch", "completed"]


def test_news_of_a_change_comes_at_every_cut():
    lines = b"* 2 EXPUNGE\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
    lines += b"* OK [COPYUID 3 1 9] moved\r\np3 OK done\r\n"
    for size in range(len(lines) + 1):
        engine = selected()
        messages.send(engine, "UID MOVE", "1", "a")
        events = feed(engine, lines, size)
        assert events[:3] == [
            ("expunge", 2),
            ("fetch", 1, True),
            ("status", "OK", "COPYUID 3 1 9", "moved"),
        ]
        assert (events[3][2], engine.exists) == ("UID MOVE", 2)
