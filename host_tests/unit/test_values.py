"""Values of responses and the items of FETCH; real oddities are kept as cases."""

from postlamp.errors import GarbageError
from postlamp.imap import fetch
from postlamp.imap.framer import Framer
from postlamp.imap.values import Values
from raising import raises


def framed(line, size=1024):
    framer = Framer(bytearray(size))
    data = line + b"\r\n"
    framer.feed(data, len(data))
    assert framer.next_message()
    return framer


def items(line):
    return fetch.items(framed(line))


def values(line):
    return Values(framed(line), 0).read()


def test_items_of_every_shape():
    line = b'* 4 FETCH (FLAGS (\\Seen $Junk) UID 31 X NIL BODY[1.TEXT]<0> "a \\"b\\"" Y atom)'
    assert items(line) == {
        "FLAGS": ("\\Seen", "$Junk"),
        "UID": 31,
        "X": None,
        "BODY[1.TEXT]": b'a "b"',
        "Y": "atom",
    }


def test_literals_and_quoted_header_names():
    line = b'* 1 FETCH (BODY[HEADER.FIELDS ("FROM" "SUBJECT")] {8}\r\nSubject: UID 9)'
    assert items(line) == {"BODY[HEADER.FIELDS]": b"Subject:", "UID": 9}


def test_an_envelope_keeps_its_lists():
    line = b'* 1 FETCH (ENVELOPE (NIL "hi" ((NIL NIL "ann" "example.org")) {3}\r\na)b NIL))'
    envelope = (None, b"hi", ((None, None, b"ann", b"example.org"),), b"a)b", None)
    assert items(line) == {"ENVELOPE": envelope}


def test_nested_and_broken_lists_end():
    assert items(b'* 1 FETCH (A (1 (2 NIL) "x") B 3)') == {"A": ("1", ("2", None), b"x"), "B": 3}
    assert items(b"* 1 FETCH (A (1 2") == {"A": ("1", "2")}
    assert items(b'* 1 FETCH (A "open') == {"A": b"open"}
    assert items(b"* 1 FETCH") == {}
    assert items(b"* 1 FETCH (UID 4 (X) 3 FLAGS)") == {"UID": 4}
    assert items(b"* 1 FETCH ((UID 4) 3)") == {}


def test_values_of_a_list_answer():
    assert values(b'(\\HasNoChildren) "/" "a \\"b\\""') == [("\\HasNoChildren",), b"/", b'a "b"']
    assert values(b"() NIL INBOX") == [(), None, "INBOX"]
    assert values(b"() nil {3}\r\na b) x") == [(), None, b"a b", "x"]
    assert values(b"[Gmail]/All a[b") == ["[Gmail]/All", "a[b"]
    assert values(b"{7} x") == [b""]


def test_no_literal_is_read_twice_or_in_a_wrong_place():
    assert values(b'"open {3}\r\na"c {1}\r\nz y') == [b"open {3}a", "c", b"z", "y"]
    assert values(b'"open {3}\r\nabc" {9} z') == [b"open {3}abc", b""]
    assert values(b"{9 x {1}\r\nz y") == [b"z", "y"]


def test_nesting_has_a_limit():
    assert values(b"(" * 16 + b"x" + b")" * 16)
    for line in (b"(" * 17, b"(" * 900):
        assert raises(GarbageError, values, line).args == ("nested too deep", 16)
