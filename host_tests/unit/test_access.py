"""Opening and ending a connection: signing in, TLS, the mailbox; what is refused unsent."""

from feeding import feed, logged_in, selected
from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import access, sasl, state
from postlamp.imap.engine import Engine
from raising import raises

GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"


def completed(events):
    return [event for event in events if event[0] == "completed"][0]


def test_login_quotes_and_moves_to_authenticated():
    engine = Engine()
    feed(engine, GREETING)
    tag = access.login(engine, "alice", 'se"cret')
    assert engine.to_send() == b'p1 LOGIN "alice" "se\\"cret"\r\n'
    assert engine.to_send() == b""
    event = completed(feed(engine, b"p1 OK [CAPABILITY IMAP4rev1 MOVE] Logged in\r\n"))
    assert event[1:4] == (tag, "LOGIN", "OK")
    assert engine.state == state.AUTHENTICATED
    assert engine.capabilities == frozenset(["IMAP4REV1", "MOVE"])


def test_login_with_literals_waits_for_each_plus():
    engine = Engine()
    feed(engine, GREETING)
    access.login(engine, "ж", "пароль")
    assert engine.to_send() == b"p1 LOGIN {2}\r\n"
    assert feed(engine, b"+ go ahead\r\n") == []
    assert engine.to_send() == "ж {12}\r\n".encode()
    feed(engine, b"+\r\n")
    assert engine.to_send() == "пароль\r\n".encode()


def test_failed_login_stays_and_tells_why():
    engine = Engine()
    feed(engine, GREETING)
    access.login(engine, "alice", "wrong")
    event = completed(feed(engine, b"p1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"))
    assert event[3:6] == ("NO", "AUTHENTICATIONFAILED", "Authentication failed.")
    assert engine.state == state.NOT_AUTHENTICATED


def test_login_disabled_is_never_sent():
    engine = Engine()
    feed(engine, b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n")
    raises(MisuseError, access.login, engine, "alice", "secret")
    assert engine.to_send() == b""


def test_a_challenge_is_told_and_answered_once():
    engine = Engine()
    feed(engine, GREETING)
    sasl.authenticate(engine, "PLAIN")
    assert engine.to_send() == b"p1 AUTHENTICATE PLAIN\r\n"
    raises(MisuseError, sasl.respond, engine, b"too soon")
    assert feed(engine, b"+ \r\n") == [("challenge", b"")]
    sasl.respond(engine, b"\0alice\0secret")
    assert engine.to_send() == b"AGFsaWNlAHNlY3JldA==\r\n"
    raises(MisuseError, sasl.respond, engine, b"twice")
    assert feed(engine, b"+ YWdhaW4/\r\n") == [("challenge", b"YWdhaW4/")]
    sasl.respond(engine, b"")
    assert engine.to_send() == b"\r\n"
    assert feed(engine, b"+\r\n") == [("challenge", b"")]
    sasl.respond(engine, None)
    assert engine.to_send() == b"*\r\n"
    assert completed(feed(engine, b"p1 BAD cancelled\r\n"))[3] == "BAD"
    raises(MisuseError, sasl.respond, engine, b"too late")


def test_an_initial_response_goes_only_where_it_is_taken():
    engine = Engine()
    feed(engine, GREETING)
    raises(MisuseError, sasl.authenticate, engine, "PLAIN", b"\0alice\0secret")
    assert engine.to_send() == b""
    for initial, sent in ((b"\0alice\0secret", b"AGFsaWNlAHNlY3JldA=="), (b"", b"=")):
        engine = Engine()
        feed(engine, b"* OK [CAPABILITY IMAP4rev1 SASL-IR] ready\r\n")
        sasl.authenticate(engine, "PLAIN", initial)
        assert engine.to_send() == b"p1 AUTHENTICATE PLAIN " + sent + b"\r\n"


def test_words_before_tls_end_the_connection():
    engine = Engine()
    feed(engine, b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
    access.starttls(engine)
    assert engine.to_send() == b"p1 STARTTLS\r\n"
    engine.feed(b"p1 OK go\r\n")
    assert completed([engine.next_event()])[2] == "STARTTLS"
    access.secured(engine)
    assert engine.capabilities == frozenset()
    for injected in (b"* OK x\r\n", b"*", b"\r\n"):
        engine = Engine()
        feed(engine, GREETING)
        access.starttls(engine)
        engine.feed(b"p1 OK go\r\n" + injected)
        engine.next_event()
        raises(GarbageError, access.secured, engine)


def test_identify_names_us():
    engine = logged_in()
    access.identify(engine, ["name", 'Post"lamp', "version", "1"])
    assert engine.to_send() == b'p2 ID ("name" "Post\\"lamp" "version" "1")\r\n'


def test_examine_learns_the_mailbox():
    engine = logged_in()
    tag = access.examine(engine, "INBOX")
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
    access.examine(engine, "nowhere")
    feed(engine, b"p3 NO Mailbox doesn't exist: nowhere\r\n")
    assert engine.state == state.AUTHENTICATED
    raises(MisuseError, engine.search, "UNSEEN")


def test_logout_and_bye():
    engine = selected()
    access.logout(engine)
    events = feed(engine, b"* BYE Logging out\r\np3 OK Logout completed.\r\n")
    assert [event[0] for event in events] == ["bye", "completed"]
    assert engine.state == state.LOGOUT
