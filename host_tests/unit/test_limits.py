"""Every limit of what a server may send, at n and one more; nothing recurses on what it sends."""

from feeding import drain, feed, selected
from postlamp.errors import GarbageError
from postlamp.imap import access, fetch, mailboxes, utf7
from postlamp.imap.engine import Engine
from postlamp.mime import header
from raising import raises

LINE = 65536
LONG = 16777216  # of a SEARCH line, and of a literal that is skipped
BUFFER = 1024
TEXT = 200
DEPTH = 16
LINES = 131072


def too_much(limit, engine, data, size=0):
    """What is said of data that goes over `limit`."""
    error = raises(GarbageError, feed, engine, data, size)
    assert error.args[1] == limit
    return error.args[0]


def feed_many(engine, piece, times):
    events = []
    for _ in range(times):
        events += feed(engine, piece)
    return events


# --- lines ---


def test_line_of_64_kib_and_one_byte_more():
    start, end = b"* OK ", b"\r\n"
    fits = start + b"x" * (LINE - len(start + end)) + end
    for size in (0, 1000, LINE - 1):
        assert feed(selected(), fits, size) == [("status", "OK", "", "x" * TEXT)]
        assert too_much(LINE, selected(), fits[:-2] + b"x\r\n", size) == "line too long"


def test_endless_line_is_refused_before_it_ends():
    assert too_much(LINE, selected(), b"x" * (LINE + 1), 100) == "line too long"
    assert too_much(LINE, Engine(), b"\0" * (LINE + 1), 100) == "line too long"


def test_line_limit_is_that_of_a_message_in_all():
    literal = b"{0}\r\n"
    engine = selected()
    assert feed(engine, literal * (LINE // 5), 512) == []
    assert too_much(LINE, engine, literal) == "line too long"


def test_search_line_of_16_mib_and_one_byte_more():
    piece = b" 9999999" * 8192  # of a size that divides the limit
    for is_asked in (False, True):
        for extra in (b"", b" "):
            engine = selected()
            tag = engine.search("ALL") if is_asked else ""
            feed(engine, b"* SEARCH")
            assert feed_many(engine, piece, LONG // len(piece) - 1) == []
            feed(engine, piece[:-2])
            if extra:
                assert too_much(LONG, engine, extra + b"\r\n") == "line too long"
                continue
            feed(engine, b"\r\n")
            done = feed(engine, tag.encode() + b" OK done\r\n")
            assert not is_asked or done[0][6][0] > 2000000


# --- literals ---


def test_literal_of_16_mib_is_skipped_and_one_byte_more_refused():
    engine = selected()
    feed(engine, b"* 1 FETCH (BODY[] {%d}\r\n" % LONG)
    assert feed_many(engine, b"\r\n* BYE\r\n{9}\r\n....."[:16] * 4096, LONG // 65536) == []
    assert feed(engine, b" UID 3)\r\n* 4 EXISTS\r\n") == [("fetch", 1, False), ("exists", 4)]
    announced = b"* 1 FETCH (BODY[] {%d}\r\n" % (LONG + 1)
    assert too_much(LONG, selected(), announced) == "literal too long"
    assert too_much(LONG, selected(), b"* 1 FETCH (X {4294967295}\r\n", 1) == "literal too long"


def test_header_that_fits_is_kept_whole_and_one_byte_more_is_cut():
    start = b"* 1 FETCH (BODY[HEADER.FIELDS (FROM SUBJECT DATE)] {900}"
    room = BUFFER - 96 - len(start)  # 96 stay for the rest of the message
    for size in (room, room + 1):
        for pieces in (0, 1, 7):
            engine = selected()
            tag = fetch.headers(engine, 5)
            block = b"x" * room + b"y" * (size - room)
            feed(engine, start.replace(b"900", b"%d" % size) + b"\r\n" + block + b")\r\n", pieces)
            (done,) = feed(engine, tag.encode() + b" OK done\r\n")
            assert done[6] == b"x" * room


# --- what is kept of a message ---


def test_name_that_fills_the_buffer_is_told_and_one_byte_more_is_not():
    start = b'* LIST () "/" '
    for name in (b"x" * (BUFFER - len(start) - 2), b"x" * (BUFFER - len(start) - 1)):
        for size in (0, 1, 7):
            engine = selected()
            mailboxes.send(engine, "LIST", "", "*")
            (event,) = feed(engine, start + name + b"\r\n", size)
            is_whole = len(start + name) + 2 <= BUFFER
            assert event == (("list", (), b"/", name) if is_whole else ("other", "LIST"))


def test_capabilities_that_fill_the_buffer_and_one_byte_more():
    for start, end in ((b"* CAPABILITY ", b"\r\n"), (b"* OK [CAPABILITY ", b"]\r\n")):
        names = b"IMAP4rev1 " + b"X" * (BUFFER - len(start + end) - 10)
        for more in (b"", b"X"):
            for size in (0, 1, 7):
                engine = selected()
                feed(engine, start + names + more + end, size)
                # a name that may not be whole is none, and one that may be missing is assumed
                assert "IMAP4REV1" in engine.capabilities
                assert ("LOGINDISABLED" in engine.capabilities) == bool(more), (start, size)
                assert len(engine.capabilities) == 2


def test_nobody_signs_in_by_capabilities_that_were_cut():
    engine = Engine()
    feed(engine, b"* OK [CAPABILITY " + b"AUTH=X " * 200 + b"LOGINDISABLED] hi\r\n")
    assert "LOGINDISABLED" in engine.capabilities
    assert engine.to_send() == b""


def test_words_of_200_characters_and_one_more():
    for letter in ("x", "é"):
        for more in ("", letter):
            line = "* NO [X] " + letter * TEXT + more + "\r\n"
            assert feed(selected(), line.encode(), 7) == [("status", "NO", "X", letter * TEXT)]


# --- depth and number ---


def test_lists_in_16_lists_and_one_more():
    for depth in (DEPTH - 1, DEPTH):  # in the list that FETCH has itself
        data = b"* 1 FETCH (X " + b"(" * depth + b")" * depth + b")\r\n"
        for size in (0, 1):
            engine = selected()
            fetch.fetch(engine, "1", "(X)")
            if depth < DEPTH:
                assert feed(engine, data, size)[0][:2] == ("fetch", 1)
            else:
                assert too_much(DEPTH, engine, data, size) == "nested too deep"


def test_nesting_10000_deep_costs_no_stack():
    deep = b"(" * 10000
    for buffer_bytes in (BUFFER, 20000):
        engine = selected()
        assert feed(engine, b"* 1 FETCH " + deep + b"\r\n", 512) == [("fetch", 1, False)]
        engine = Engine(bytearray(buffer_bytes))
        feed(engine, b"* PREAUTH hi\r\n")
        mailboxes.send(engine, "NAMESPACE")
        line = b"* NAMESPACE " + deep + b"\r\n"
        if buffer_bytes == BUFFER:  # cut, so not read
            assert feed(engine, line) == [("other", "NAMESPACE")]
        else:
            assert too_much(DEPTH, engine, line) == "nested too deep"
    assert header.sender(b"From: " + deep + b"a" + b")" * 10000 + b" <b@c>\r\n") == b"(" * 384
    assert utf7.decode(b"&" * 10000) == "&" * 10000


def test_131072_untagged_lines_to_a_command_and_one_more():
    lines = b"*\r\n" * 1024
    engine = selected()
    tag = engine.noop()
    for _ in range(LINES // 1024 - 1):
        engine.feed(lines)
        for _ in range(1024):
            assert engine.next_event() == ("other", "")
        assert engine.next_event() is None
    assert len(feed(engine, lines)) == 1024
    assert too_much(LINES, engine, b"*\r\n") == "too many untagged lines"
    assert tag


def test_each_command_may_have_its_lines():
    engine = selected()
    for _ in range(3):
        tag = engine.noop()
        engine._lines = LINES - 2  # as if so many had come
        assert feed(engine, b"*\r\n" + tag.encode() + b" OK\r\n")[1][0] == "completed"


# --- one byte per packet ---


def test_one_byte_per_packet_works():
    engine = Engine()
    assert feed(engine, b"* OK [CAPABILITY IMAP4rev1] ready\r\n", 1)[0][0] == "greeting"
    tag = access.login(engine, "alice", "secret")
    assert feed(engine, tag.encode() + b" OK in\r\n", 1)[0][3] == "OK"
    tag = access.examine(engine, "INBOX")
    assert feed(engine, b"* 3 EXISTS\r\n" + tag.encode() + b" OK open\r\n", 1)[0] == ("exists", 3)
    tag = engine.search("UNSEEN")
    (done,) = feed(engine, b"* SEARCH 1 20 300\r\n" + tag.encode() + b" OK\r\n", 1)
    assert done[6] == (3, 300, False)
    tag = fetch.headers(engine, 300)
    answer = b"* 3 FETCH (UID 300 BODY[HEADER.FIELDS (FROM)] {9}\r\nFrom: a\r\n)\r\n"
    assert feed(engine, answer + tag.encode() + b" OK\r\n", 1)[1][6] == b"From: a\r\n"
    assert drain(engine) == []
