"""The items of FETCH responses: names to values; real oddities are kept as cases."""

from postlamp.imap.framer import Framer
from postlamp.imap.items import Items


def items(line):
    framer = Framer(bytearray(1024))
    data = line + b"\r\n"
    framer.feed(data, len(data))
    assert framer.next_message()
    return Items(framer).read()


def test_items_of_every_shape():
    line = b'* 4 FETCH (FLAGS (\\Seen $Junk) UID 31 X NIL BODY[1.TEXT]<0> "a \\"b\\"" Y atom)'
    assert items(line) == {
        "FLAGS": (b"\\Seen", b"$Junk"),
        "UID": 31,
        "X": None,
        "BODY[1.TEXT]": b'a "b"',
        "Y": b"atom",
    }


def test_literals_and_quoted_header_names():
    line = b'* 1 FETCH (BODY[HEADER.FIELDS ("FROM" "SUBJECT")] {8}\r\nSubject: UID 9)'
    assert items(line) == {"BODY[HEADER.FIELDS]": b"Subject:", "UID": 9}


def test_nested_and_broken_lists_end():
    assert items(b'* 1 FETCH (A (1 (2 NIL) "x") B 3)') == {"A": (1, 2, None, b"x"), "B": 3}
    assert items(b"* 1 FETCH (A (1 2") == {"A": (1, 2)}
    assert items(b'* 1 FETCH (A "open') == {"A": b"open"}
    assert items(b"* 1 FETCH") == {}
    assert items(b"* 1 FETCH (" + b"(" * 500) == {}
