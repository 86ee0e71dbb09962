"""Commands about mailboxes: how names go out, and what is made of every answer."""

from feeding import drain, feed, logged_in
from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import mailboxes, utf7
from postlamp.imap.engine import Engine
from raising import raises

if False:  # for type checkers: MicroPython has no typing
    from typing import Any

    Event = tuple[Any, ...]


def sent(name: str, *names: "str | bytes") -> bytes:
    engine = logged_in()
    mailboxes.send(engine, name, *names)
    return engine.to_send()


def told(name: str, lines: bytes, size: int = 0) -> "list[Event]":
    """What a command's answer is told as."""
    engine = logged_in()
    if name == "STATUS":
        tag = mailboxes.status(engine, "x", "(UNSEEN)")
    else:
        tag = mailboxes.send(engine, name)
    events = feed(engine, lines + tag.encode() + b" OK done\r\n", size)
    assert events.pop()[:4] == ("completed", tag, name, "OK")
    return events


# --- what goes out ---


def test_each_command_names_its_mailboxes():
    for name in ("CREATE", "DELETE", "SUBSCRIBE", "UNSUBSCRIBE", "MYRIGHTS", "GETACL"):
        assert sent(name, "Work") == b"p2 " + name.encode() + b' "Work"\r\n'
    assert sent("RENAME", "old", "new") == b'p2 RENAME "old" "new"\r\n'
    assert sent("NAMESPACE") == b"p2 NAMESPACE\r\n"


def test_names_go_out_as_the_server_spells_them():
    assert sent("CREATE", "Работа & дом") == b'p2 CREATE "&BCAEMAQxBD4EQgQw- &- &BDQEPgQ8-"\r\n'
    assert sent("CREATE", "📬") == b'p2 CREATE "&2D3c7A-"\r\n'
    assert sent("CREATE", b"&BBI-") == b'p2 CREATE "&BBI-"\r\n'
    assert sent("CREATE", 'a "b" \\c') == b'p2 CREATE "a \\"b\\" \\\\c"\r\n'


def test_patterns_keep_their_wildcards():
    assert sent("LIST", "", "*") == b'p2 LIST "" "*"\r\n'
    assert sent("LIST", "Работа/", "R&D%") == b'p2 LIST "&BCAEMAQxBD4EQgQw-/" "R&-D%"\r\n'
    assert sent("LSUB", "", "Я*%") == b'p2 LSUB "" "&BC8-*%"\r\n'


def test_status_names_its_items():
    engine = logged_in()
    mailboxes.status(engine, "R&D", "(MESSAGES UNSEEN)")
    assert engine.to_send() == b'p2 STATUS "R&-D" (MESSAGES UNSEEN)\r\n'


def test_what_would_end_the_line_is_never_sent():
    engine = logged_in()
    for bad in ("a\rb", "a\nb", "a\0b", b"a\nb", "Я\n"):
        raises(MisuseError, mailboxes.send, engine, "CREATE", bad)
        raises(MisuseError, mailboxes.send, engine, "RENAME", "fine", bad)
        raises(MisuseError, mailboxes.status, engine, bad, "(UNSEEN)")
    raises(MisuseError, mailboxes.status, engine, "INBOX", "(UNSEEN)\r\n")
    assert engine.to_send() == b""
    mailboxes.send(engine, "CREATE", "fine")


def test_nothing_is_sent_before_login_or_under_another_name():
    engine = Engine()
    feed(engine, b"* OK ready\r\n")
    raises(MisuseError, mailboxes.send, engine, "LIST", "", "*")
    raises(MisuseError, mailboxes.send, logged_in(), "LISTEN", "")


# --- what comes back ---

LISTED = (
    (b'(\\HasNoChildren) "/" INBOX', ((b"\\HasNoChildren",), b"/", b"INBOX")),
    (b'() "." "INBOX.a b"', ((), b".", b"INBOX.a b")),
    (b'(\\Noselect \\HasChildren) NIL ""', ((b"\\Noselect", b"\\HasChildren"), None, b"")),
    (b'() "\\\\" "a\\\\b \\"c\\""', ((), b"\\", b'a\\b "c"')),
    (b'() "/" &BBI-', ((), b"/", b"&BBI-")),
    (b'() "/" {13}\r\nwith "quotes"', ((), b"/", b'with "quotes"')),
    (b'() "/" {0}\r\n', ((), b"/", b"")),
    (b'() "/" 2024', ((), b"/", b"2024")),
    (b'() / "\xd0\x96"', ((), b"/", b"\xd0\x96")),
    (b'() "/" "\xff"', ((), b"/", b"\xff")),
    (b'() "/" nothing[1', ((), b"/", b"nothing[1")),
    (b'() "/" a "CHILDINFO" ("SUBSCRIBED")', ((), b"/", b"a", b"CHILDINFO", b"")),
    # Seen, or worse
    (b'NIL NIL "a"', ((), None, b"a")),
    (b'("\\\\Noselect" {2}\r\n\\X) "/" NIL', ((b"\\Noselect", b"\\X"), b"/", b"NIL")),
    (b'((\\A) 7) "/" (a)', ((b"", b"7"), b"/", b"")),
    (b'() "/"', ((), b"/", b"")),
    (b"", ((), b"", b"")),
    (b'() "/" "a\0b', ((), b"/", b"a\0b")),
    (b"((((", ((b"",), b"", b"")),
    (b"))))", ((), b"", b"")),
)


def test_mailboxes_listed_in_every_way_at_every_cut():
    for line, expected in LISTED:
        for name in ("LIST", "lsub"):
            data = b"* " + name.encode() + b" " + line + b"\r\n"
            for size in range(len(data) + 1):
                event = (name.lower(),) + expected
                assert told(name.upper(), data, size) == [event], (line, size)


STATUSES = (
    (b"INBOX (MESSAGES 17 UNSEEN 3)", b"INBOX", {b"MESSAGES": 17, b"UNSEEN": 3}),
    (b'"inbox" (UIDNEXT 4294967295)', b"inbox", {b"UIDNEXT": 4294967295}),
    (b"{4}\r\na\\b) (UNSEEN 0)", b"a\\b)", {b"UNSEEN": 0}),
    (b"2024 (UNSEEN 1)", b"2024", {b"UNSEEN": 1}),
    (b"NIL (UNSEEN 1)", b"NIL", {b"UNSEEN": 1}),
    (b'"INBOX" ()', b"INBOX", {}),
    (b'"INBOX"', b"INBOX", {}),
    (b"INBOX NIL", b"INBOX", {}),
    (b"", b"", {}),
    (b"INBOX (UNSEEN -1 RECENT 9.3e+06 MESSAGES NIL X 2)", b"INBOX", {b"X": 2}),
    (b"INBOX (MAILBOXID (F1) UNSEEN 3)", b"INBOX", {b"UNSEEN": 3}),
    (b"INBOX (UNSEEN 3 MESSAGES)", b"INBOX", {b"UNSEEN": 3}),
    (b"(a) (UNSEEN 3)", b"", {b"UNSEEN": 3}),
)


def test_status_in_every_way_at_every_cut():
    for line, mailbox, numbers in STATUSES:
        data = b"* STATUS " + line + b"\r\n"
        for size in range(len(data) + 1):
            event = ("mailbox_status", mailbox, numbers)
            assert told("STATUS", data, size) == [event], (line, size)


REST = (
    ("MYRIGHTS", b"* MYRIGHTS INBOX lrs", ("myrights", b"INBOX", b"lrs", b"")),
    ("MYRIGHTS", b'* MYRIGHTS "a b" ""', ("myrights", b"a b", b"", b"")),
    ("MYRIGHTS", b"* MYRIGHTS", ("myrights", b"", b"", b"")),
    ("GETACL", b"* ACL a ann lr -bob w", ("acl", b"a", b"ann", b"lr", b"-bob", b"w")),
    ("GETACL", b"* ACL a", ("acl", b"a", b"", b"")),
    (
        "NAMESPACE",
        b'* NAMESPACE (("" "/") ("#" NIL)) NIL (("a." "." "X" ("y")))',
        (
            "namespace",
            ((b"", b"/"), (b"#", None)),
            None,
            ((b"a.", b".", b"X", (b"y",)),),
        ),
    ),
    ("NAMESPACE", b"* NAMESPACE NIL", ("namespace", None, b"", b"")),
)


def test_rights_and_namespaces_at_every_cut():
    for name, line, event in REST:
        for size in range(len(line) + 3):
            assert told(name, line + b"\r\n", size) == [event], (line, size)


def test_mailboxes_are_told_one_by_one_between_other_news():
    engine = logged_in()
    tag = mailboxes.send(engine, "LIST", "", "*")
    engine.feed(
        b'* LIST () "/" a\r\n* 5 EXISTS\r\n* OK hold on\r\n* LIST () "/" b\r\n* LSUB () "/" c\r\n'
    )
    kinds = [event[0] for event in drain(engine)]
    assert kinds == ["list", "exists", "status", "list", "other"]
    assert feed(engine, tag.encode() + b" OK done\r\n")[0][6] is None


def test_two_commands_in_flight_each_read_their_own():
    engine = logged_in()
    first = mailboxes.send(engine, "LIST", "", "*")
    second = mailboxes.status(engine, "a", "(UNSEEN)")
    raises(MisuseError, mailboxes.send, engine, "LIST", "", "%")
    lines = b'* STATUS a (UNSEEN 1)\r\np3 OK\r\n* LIST () "/" a\r\np2 OK\r\n'
    events = feed(engine, lines)
    assert [event[0] for event in events] == ["mailbox_status", "completed", "list", "completed"]
    assert (events[1][1], events[3][1]) == (second, first)


def test_what_nobody_asked_for_is_left_alone():
    engine = logged_in()
    assert feed(engine, b'* LIST () "/" a\r\n') == [("other", "LIST")]


def test_a_name_that_fits_is_told_and_one_that_does_not_is_not_told_in_part():
    start = b'* LIST () "/" "'
    fits = 1024 - len(start) - 3  # the engine's buffer; a quote and CRLF follow
    assert told("LIST", start + b"x" * fits + b'"\r\n')[0][3] == b"x" * fits
    assert told("LIST", start + b"x" * (fits + 1) + b'"\r\n') == [("other", "LIST")]


def test_deep_lists_end_the_connection():
    deep = b"* LIST " + b"(" * 16 + b")" * 16 + b' "/" a\r\n'
    assert told("LIST", deep) == [("list", (b"",), b"/", b"a")]
    raises(GarbageError, told, "LIST", deep.replace(b"* LIST ", b"* LIST ("))


def test_a_name_comes_back_as_people_write_it():
    for name in ("Работа & дом", "📬", "a/б"):
        spelled = utf7.encode(name).encode()
        event = told("LIST", b'* LIST () "/" "' + spelled + b'"\r\n')[0]
        assert utf7.decode(event[3]) == name


def test_a_word_where_a_list_belongs_is_no_list_of_letters():
    assert told("LIST", b'* LIST \\Noselect "/" x\r\n') == [("list", (), b"/", b"x")]
    assert told("STATUS", b"* STATUS x UNSEEN\r\n") == [("mailbox_status", b"x", {})]
