"""The engine: flows by byte transcripts, states, and what is refused before it is sent."""

from feeding import drain, feed, selected
from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import access, fetch, state
from postlamp.imap.engine import NEED_DATA, Engine
from raising import raises

GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"


def completed(events):
    return [event for event in events if event[0] == "completed"][0]


def test_greeting_split_at_every_byte():
    for size in range(1, len(GREETING)):
        engine = Engine()
        events = feed(engine, GREETING, size)
        assert events == [("greeting", "OK", "CAPABILITY IMAP4rev1 IDLE", "ready")]
        assert engine.state == state.NOT_AUTHENTICATED
        assert "IDLE" in engine.capabilities


def test_preauth_and_bye_greetings():
    engine = Engine()
    feed(engine, b"* PREAUTH hello\r\n")
    assert engine.state == state.AUTHENTICATED
    engine = Engine()
    assert feed(engine, b"* BYE [UNAVAILABLE] full\r\n") == [("bye", "UNAVAILABLE", "full")]
    assert engine.state == state.LOGOUT


def test_a_greeting_that_is_not_imap():
    for line in (b"220 mail ESMTP\r\n", b"HTTP/1.1 400 Bad\r\n", b"\r\n", b"+OK pop\r\n"):
        raises(GarbageError, feed, Engine(), line)


SEARCHES = (
    (b"* SEARCH 2 84 882\r\n", (3, 882, False)),
    (b"* SEARCH\r\n", (0, 0, False)),
    (b"", (0, 0, False)),
    (b"* SEARCH 1 2\r\n* SEARCH 3\r\n", (3, 3, False)),
    (b"* search 5 \r\n* 4 EXISTS\r\n", (1, 5, True)),
    (b"* 4 EXISTS\r\n* SEARCH 5\r\n", (1, 5, False)),
    (b"* SEARCH 5\r\n* 1 FETCH (FLAGS (\\Seen))\r\n", (1, 5, True)),
    (b"* SEARCH 5\r\n* 1 EXPUNGE\r\n", (1, 5, True)),
    (b"* SEARCH 5\r\n* 1 FETCH (UID 5)\r\n* 0 RECENT\r\n", (1, 5, False)),
    (b"* 1 FETCH (FLAGS (\\Seen))\r\n* SEARCH 5 6\r\n* OK Still here\r\n", (2, 6, False)),
)


def test_search_answers_of_every_kind_at_every_cut():
    for lines, expected in SEARCHES:
        data = lines + b"p3 OK SEARCH completed (took 237 ms)\r\n"
        for size in range(1, len(data) + 1):
            engine = selected()
            engine.search("UNSEEN UNDELETED")
            assert engine.to_send() == b"p3 UID SEARCH UNSEEN UNDELETED\r\n"
            assert completed(feed(engine, data, size))[6] == expected, (lines, size)


def test_search_from_a_uid_drops_what_is_below():
    engine = selected()
    engine.search("UNSEEN", 1000)
    assert engine.to_send() == b"p3 UID SEARCH UID 1000:* UNSEEN\r\n"
    assert completed(feed(engine, b"* SEARCH 882\r\np3 OK done\r\n"))[6] == (0, 0, False)


def test_fetch_headers_takes_the_block_and_not_a_push():
    engine = selected()
    fetch.headers(engine, 31)
    expected = b"p3 UID FETCH 31 (UID BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])\r\n"
    assert engine.to_send() == expected
    data = (
        b"* 2 FETCH (FLAGS (\\Seen))\r\n"
        b"* 4 FETCH (UID 31 BODY[HEADER.FIELDS (FROM SUBJECT DATE)] {15}\r\n"
        b"Subject: hi\r\n\r\n)\r\n"
        b"* 2 FETCH (FLAGS ())\r\np3 OK done\r\n"
    )
    assert completed(feed(engine, data))[6] == b"Subject: hi\r\n\r\n"


def test_fetch_of_a_message_that_is_gone():
    engine = selected()
    fetch.headers(engine, 31)
    assert completed(feed(engine, b"p3 OK done\r\n"))[6] is None


def test_idle_begins_pushes_and_ends():
    engine = selected()
    engine.idle()
    assert engine.to_send() == b"p3 IDLE\r\n"
    raises(MisuseError, engine.done)
    events = feed(engine, b"* 4 EXISTS\r\n+ idling\r\n* 5 EXISTS\r\n* OK Still here\r\n")
    assert [event[0] for event in events] == ["exists", "idling", "exists", "status"]
    raises(MisuseError, engine.noop)
    engine.done()
    assert engine.to_send() == b"DONE\r\n"
    assert completed(feed(engine, b"p3 OK Idle completed\r\n"))[2] == "IDLE"
    engine.noop()
    assert engine.to_send() == b"p4 NOOP\r\n"


def test_refused_idle_is_only_a_completed_command():
    engine = selected()
    engine.idle()
    assert completed(feed(engine, b"p3 BAD what?\r\n"))[3] == "BAD"
    raises(MisuseError, engine.done)


def test_expunge_lowers_exists():
    engine = selected()
    feed(engine, b"* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n")
    assert engine.exists == 1


def test_two_commands_answered_in_any_order():
    engine = selected()
    first = engine.search("UNSEEN")
    second = engine.noop()
    events = feed(engine, b"p4 OK\r\n* SEARCH 1\r\np3 OK\r\n")
    assert [event[1] for event in events] == [second, first]


def test_nothing_goes_with_login_or_across_a_waiting_literal():
    engine = Engine()
    feed(engine, GREETING)
    access.capability(engine)
    raises(MisuseError, access.login, engine, "a", "b")
    feed(engine, b"p1 OK\r\n")
    access.login(engine, "a", "b")
    raises(MisuseError, engine.noop)


def test_commands_not_legal_in_the_state_are_not_sent():
    engine = Engine()
    for action in (engine.noop, engine.idle):
        raises(MisuseError, action)
    for action in (access.logout, access.capability, access.starttls):
        raises(MisuseError, action, engine)
    feed(engine, GREETING)
    raises(MisuseError, access.examine, engine, "INBOX")
    assert engine.to_send() == b""


def test_eof_comes_after_what_was_received():
    engine = selected()
    engine.feed(b"* BYE bye\r\n* 1 EX")
    engine.eof()
    assert engine.next_event() == ("bye", "", "bye")
    assert engine.next_event() == ("eof",)
    assert engine.next_event() == ("eof",)


def test_feeding_too_early_is_our_mistake():
    engine = selected()
    engine.feed(b"* 1 EXISTS\r\n* 2 EXISTS\r\n")
    assert engine.next_event() == ("exists", 1)
    raises(MisuseError, engine.feed, b"x")
    assert drain(engine) == [("exists", 2)]
    assert engine.next_event() is NEED_DATA


def test_tagged_answer_without_a_status_is_garbage():
    engine = selected()
    engine.noop()
    raises(GarbageError, feed, engine, b"p3 WHAT\r\n")


def test_two_of_one_name_do_not_fly_together():
    engine = selected()
    engine.search("UNSEEN")
    raises(MisuseError, engine.search, "SEEN")
    fetch.headers(engine, 1)
    engine.noop()
    raises(MisuseError, engine.noop)


def test_message_numbers_go_alone():
    engine = selected()
    engine.noop()
    raises(MisuseError, fetch.fetch, engine, "1", "FLAGS", False)
    feed(engine, b"p3 OK\r\n")
    fetch.fetch(engine, "1", "FLAGS", False)
    raises(MisuseError, engine.noop)


def test_fetch_tells_the_items_of_each_message():
    engine = selected()
    fetch.fetch(engine, "1:*", "(UID FLAGS)")
    assert engine.to_send() == b"p3 UID FETCH 1:* (UID FLAGS)\r\n"
    data = b"* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n* 2 FETCH (UID 8)\r\np3 OK done\r\n"
    for size in range(len(data) + 1):
        engine = selected()
        fetch.fetch(engine, "1:*", "(UID FLAGS)")
        events = feed(engine, data, size)
        assert events[0] == ("fetch", 1, True, {"UID": 7, "FLAGS": ("\\Seen",)})
        assert events[1] == ("fetch", 2, False, {"UID": 8})


def test_vanished_and_closed():
    engine = selected()
    engine.search("UNSEEN")
    events = feed(engine, b"* SEARCH 1\r\n* VANISHED (EARLIER) 41,43:116\r\np3 OK\r\n")
    assert events[0] == ("vanished",)
    assert events[1][6] == (1, 1, True)
    feed(engine, b"* 4 EXISTS\r\n* OK [CLOSED] Previous mailbox closed.\r\n")
    assert (engine.exists, engine.uidvalidity, engine.uidnext) == (0, 0, 0)


def test_answer_to_an_unknown_tag_is_passed_over():
    assert feed(selected(), b"x9 OK hm\r\n") == [("other", "x9")]
