"""The framer: messages out of chunks, limits at n and n + 1, bounded whatever comes."""

from postlamp.errors import GarbageError
from postlamp.imap.framer import Framer
from postlamp.imap.numbers import Numbers
from raising import raises


def frames(data, size=0, buffer_bytes=256):
    """[(kept bytes, literals, is_cut)] of `data`, fed in pieces of `size`."""
    framer = Framer(bytearray(buffer_bytes))
    framer.numbers = Numbers()
    out = []
    size = size or len(data)
    for start in range(0, len(data), size):
        piece = data[start : start + size]
        framer.feed(piece, len(piece))
        while framer.next_message():
            kept = bytes(framer.buffer[: framer.length])
            out.append((kept, list(framer.literals), framer.is_cut))
    return out


DATA = (
    b"* OK hello\r\n+ \r\n+\r\n* SEARCH 1 2 3\r\n* SEARCH\n"
    b"* 1 FETCH (UID 5 BODY[] {11}\r\nabc\r\ndef {2} FLAGS ())\r\n"
    b"* 2 FETCH (A {0}\r\n B {3}\r\nxyz)\r\n* SEARCHING {3\r\np1 OK done\n"
)


def test_lines_and_literals():
    kept = [frame[0] for frame in frames(DATA)]
    assert kept == [
        b"* OK hello",
        b"+ ",
        b"+",
        b"* search",
        b"* search",
        b"* 1 FETCH (UID 5 BODY[] {11}abc\r\ndef {2} FLAGS ())",
        b"* 2 FETCH (A {0} B {3}xyz)",
        b"* SEARCHING {3",
        b"p1 OK done",
    ]
    assert frames(DATA)[5][1] == [28, 11]
    assert frames(DATA)[6][1] == [16, 0, 22, 3]


def test_cut_at_every_size_gives_the_same():
    whole = frames(DATA)
    for size in range(1, len(DATA)):
        assert frames(DATA, size) == whole, size


def test_line_of_the_buffer_is_kept_and_one_more_is_cut():
    for size in (0, 1, 7):
        line = b"x" * 256
        assert frames(line[2:] + b"\r\n", size)[0] == (line[2:], [], False)
        assert frames(line + b"\r\n* OK\r\n", size)[0][2]
        assert frames(line + b"\r\n* OK\r\n", size)[1] == (b"* OK", [], False)


def test_literal_at_the_end_of_a_cut_line_is_still_seen():
    for size in (0, 1, 13):
        out = frames(b"y" * 400 + b" {5}\r\n12345 z\r\n* OK\r\n", size)
        assert out[0][2] and out[1] == (b"* OK", [], False), size


def test_large_literal_is_skipped_in_bounded_memory():
    head = b"* 1 FETCH (BODY[] {5000}\r\n"
    out = frames(head + b"z" * 5000 + b" UID 7)\r\n* OK\r\n", 100)
    assert out[0][2] and len(out[0][0]) <= 256
    assert out[0][0].endswith(b" UID 7)")
    assert out[1][0] == b"* OK"


def test_literal_after_a_cut_one_is_seen_wherever_the_buffer_ends():
    for room in range(80, 110):
        data = b"* 1 FETCH (X {900}\r\n" + b"z" * 900 + b"y" * room + b" {7}\r\n* BYE\r\n)\r\n"
        for size in (0, 1, 7):
            assert len(frames(data, size)) == 1, (room, size)


def test_message_of_endless_literals_is_bounded():
    for literal in (b"{0}\r\n", b"{1}\r\nx"):
        framer = Framer(bytearray(256))
        for _ in range(65536 // 5):
            framer.feed(literal, len(literal))
            assert not framer.next_message()
        assert len(framer.literals) < 256
        framer.feed(literal, len(literal))
        error = raises(GarbageError, framer.next_message)
        assert error.args == ("line too long", 65536)


def test_line_limit_at_n_and_one_more():
    assert len(frames(b"x" * 65535 + b"\n", 512)) == 1
    assert raises(GarbageError, frames, b"x" * 65537, 512).args == ("line too long", 65536)


def test_the_line_limit_is_not_that_of_a_search_line_however_it_comes():
    data = b"* SEARCH" + b" 1000000" * 9000 + b"\r\n"
    for size in (0, 1000, 65537):
        assert frames(data, size) == [(b"* search", [], False)]


def test_literal_limit_at_n_and_one_more():
    assert frames(b"* {16777216}\r\n") == []
    for size in (b"16777217", b"4294967295"):
        error = raises(GarbageError, frames, b"* {" + size + b"}\r\n")
        assert error.args == ("literal too long", 16777216)


def test_search_is_known_in_any_case_and_only_as_a_word():
    framer = Framer(bytearray(64))
    framer.numbers = Numbers()
    for line in (b"* search 1 2\r\n", b"* Search 3\r\n", b"* SEARCHES 4\r\n", b"* SEARC 5\r\n"):
        framer.feed(line, len(line))
        assert framer.next_message()
        assert not framer.next_message()
    assert framer.numbers.count == 3
