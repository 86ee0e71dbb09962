"""The engine: flows by byte transcripts, states, and what is refused before it is sent."""

from feeding import drain, feed, logged_in, selected
from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import state
from postlamp.imap.engine import NEED_DATA, Engine
from postlamp.imap.sasl import Plain
from raising import raises

GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"


def raised(action, *arguments):
    try:
        action(*arguments)
    except (MisuseError, GarbageError) as error:
        return error
    return None


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


def test_login_quotes_and_moves_to_authenticated():
    engine = Engine()
    feed(engine, GREETING)
    tag = engine.login("alice", 'se"cret')
    assert engine.to_send() == b'p1 LOGIN "alice" "se\\"cret"\r\n'
    assert engine.to_send() == b""
    event = completed(feed(engine, b"p1 OK [CAPABILITY IMAP4rev1 MOVE] Logged in\r\n"))
    assert event[1:4] == (tag, "LOGIN", "OK")
    assert engine.state == state.AUTHENTICATED
    assert engine.capabilities == frozenset(["IMAP4REV1", "MOVE"])


def test_login_with_literals_waits_for_each_plus():
    engine = Engine()
    feed(engine, GREETING)
    engine.login("ж", "пароль")
    assert engine.to_send() == b"p1 LOGIN {2}\r\n"
    assert feed(engine, b"+ go ahead\r\n") == []
    assert engine.to_send() == "ж {12}\r\n".encode()
    feed(engine, b"+\r\n")
    assert engine.to_send() == "пароль\r\n".encode()


def test_failed_login_stays_and_tells_why():
    engine = Engine()
    feed(engine, GREETING)
    engine.login("alice", "wrong")
    event = completed(feed(engine, b"p1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"))
    assert event[3:6] == ("NO", "AUTHENTICATIONFAILED", "Authentication failed.")
    assert engine.state == state.NOT_AUTHENTICATED


def test_login_disabled_is_never_sent():
    engine = Engine()
    feed(engine, b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n")
    raises(MisuseError, engine.login, "alice", "secret")
    assert engine.to_send() == b""


def test_plain_with_and_without_an_initial_response():
    engine = Engine()
    feed(engine, GREETING)
    engine.authenticate(Plain("alice", "secret"))
    assert engine.to_send() == b"p1 AUTHENTICATE PLAIN\r\n"
    feed(engine, b"+ \r\n")
    assert engine.to_send() == b"AGFsaWNlAHNlY3JldA==\r\n"
    feed(engine, b"+ again?\r\n")
    assert engine.to_send() == b"*\r\n"
    engine = Engine()
    feed(engine, b"* OK [CAPABILITY IMAP4rev1 SASL-IR] ready\r\n")
    engine.authenticate(Plain("alice", "secret"))
    assert engine.to_send() == b"p1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==\r\n"


def test_examine_learns_the_mailbox():
    engine = logged_in()
    tag = engine.examine("INBOX")
    assert engine.to_send() == b'p2 EXAMINE "INBOX"\r\n'
    feed(
        engine,
        b"* OK [CLOSED] x\r\n* 18 EXISTS\r\n* OK [UIDVALIDITY 3857529045] v\r\n"
        b"* OK [UIDNEXT 4392] next\r\n" + tag.encode() + b" OK [READ-ONLY] done\r\n",
    )
    assert (engine.exists, engine.uidvalidity, engine.uidnext) == (18, 3857529045, 4392)
    assert engine.is_read_only and engine.state == state.SELECTED


def test_failed_examine_unselects():
    engine = selected()
    engine.examine("nowhere")
    feed(engine, b"p3 NO Mailbox doesn't exist: nowhere\r\n")
    assert engine.state == state.AUTHENTICATED
    raises(MisuseError, engine.search, "UNSEEN")


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
    engine.fetch_headers(31)
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
    engine.fetch_headers(31)
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
    engine.capability()
    raises(MisuseError, engine.login, "a", "b")
    feed(engine, b"p1 OK\r\n")
    engine.login("a", "b")
    raises(MisuseError, engine.noop)


def test_commands_not_legal_in_the_state_are_not_sent():
    engine = Engine()
    for action in (engine.noop, engine.idle, engine.logout, engine.capability):
        raises(MisuseError, action)
    feed(engine, GREETING)
    raises(MisuseError, engine.examine, "INBOX")
    assert engine.to_send() == b""


def test_logout_and_bye():
    engine = selected()
    engine.logout()
    events = feed(engine, b"* BYE Logging out\r\np3 OK Logout completed.\r\n")
    assert [event[0] for event in events] == ["bye", "completed"]
    assert engine.state == state.LOGOUT


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


def test_answer_to_an_unknown_tag_is_passed_over():
    assert feed(selected(), b"x9 OK hm\r\n") == [("other", "x9")]
