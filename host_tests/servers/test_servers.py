"""What a watching gadget needs from a server: the same suite on pymap and on Dovecot."""

import ssl

import pytest

from host_tests.servers.conftest import ODD_PASSWORDS, Server
from host_tests.support.dovecot import Dovecot
from host_tests.support.imap_client import IMAPClient
from host_tests.support.pymap import Pymap
from postlamp.imap import access, fetch, sasl
from showing import sender, subject
from tools.sim.certs import Authority
from tools.sim.message import compose

MAIL = compose("Ann <ann@example.org>", "me@example.org", "Hello", "A body nobody reads.")


def search(client: IMAPClient, criteria: str = "UNSEEN UNDELETED", uid_from: int = 0) -> tuple:
    """Count as the gadget does: NOOP, SEARCH, and again when EXISTS came after the answer."""
    while True:
        client.finish(client.engine.noop())
        answer = client.finish(client.engine.search(criteria, uid_from))
        assert answer[3] == "OK"
        count, highest, is_stale = answer[6]
        if not is_stale:
            return count, highest


def headers(client: IMAPClient, uid: int) -> bytes:
    answer = client.finish(fetch.headers(client.engine, uid))
    assert answer[3] == "OK"
    return answer[6]


def shown(block: bytes) -> tuple[str, str]:
    """Sender and subject as the gadget shows them."""
    return sender(block), subject(block)


# --- signing in ---


@pytest.mark.parametrize("kind", ODD_PASSWORDS)
def test_login_with_an_odd_password(server: Server, kind: str):
    def sign_in(client: IMAPClient, word: str) -> tuple:
        return client.finish(access.login(client.engine, kind, word))

    _sign_in_oddly(server, kind, sign_in)


@pytest.mark.parametrize("kind", ODD_PASSWORDS)
def test_authenticate_plain_with_an_odd_password(server: Server, kind: str):
    def sign_in(client: IMAPClient, word: str) -> tuple:
        tag = sasl.authenticate(client.engine, "PLAIN")
        assert client.wait("challenge", "completed")[0] == "challenge"
        sasl.respond(client.engine, f"\0{kind}\0{word}".encode())
        return client.finish(tag)

    _sign_in_oddly(server, kind, sign_in)


def _sign_in_oddly(server: Server, kind: str, sign_in) -> None:
    word = ODD_PASSWORDS[kind]
    own = None if isinstance(server, Dovecot) else Pymap(kind, word)
    try:
        at = own or server
        with IMAPClient(at.host, at.tls_port, at.ca_pem) as client:
            client.wait("greeting")
            answer = sign_in(client, word)
            assert answer[3] == "OK", answer
    finally:
        if own is not None:
            own.stop()


def test_a_wrong_password_is_refused_by_name(server: Server, client: IMAPClient):
    answer = client.finish(access.login(client.engine, server.user, "not this"))
    assert answer[3:5] == ("NO", "AUTHENTICATIONFAILED")


def test_after_a_refused_login_the_right_one_works(server: Server, client: IMAPClient):
    client.finish(access.login(client.engine, server.user, "not this"))
    assert client.finish(access.login(client.engine, server.user, server.password))[3] == "OK"


def test_the_server_offers_what_it_said(server: Server, client: IMAPClient):
    assert client.finish(access.capability(client.engine))[3] == "OK"
    assert "IMAP4REV1" in client.engine.capabilities
    client.finish(access.login(client.engine, server.user, server.password))
    client.finish(access.capability(client.engine))
    assert "IDLE" in client.engine.capabilities


# --- opening a mailbox ---


def test_examine_opens_read_only(server: Server, inbox: IMAPClient):
    assert inbox.engine.is_read_only
    assert inbox.engine.uidvalidity > 0
    assert inbox.engine.exists == 0


def test_watching_marks_nothing_read(server: Server, inbox: IMAPClient):
    server.deliver(subject="Still new")
    count, uid = search(inbox)
    assert count == 1
    assert b"Still new" in headers(inbox, uid)
    inbox.finish(access.logout(inbox.engine))
    assert server.other.unseen() == 1
    for word in (b"SELECT", b"STORE", b"BODY["):
        assert word not in inbox.sent


def test_an_unknown_mailbox_is_refused_and_inbox_still_opens(server: Server, inbox: IMAPClient):
    assert inbox.finish(access.examine(inbox.engine, 'No such \\ "mailbox"'))[3] == "NO"
    assert inbox.finish(access.examine(inbox.engine, "INBOX"))[3] == "OK"


# --- counting ---


def test_the_count_follows_deliveries(server: Server, inbox: IMAPClient):
    for expected in range(4):
        assert search(inbox)[0] == expected
        server.deliver()


def test_reading_elsewhere_lowers_the_count(server: Server, inbox: IMAPClient):
    server.deliver_raw(MAIL, MAIL, MAIL)
    assert search(inbox)[0] == 3
    server.other.mark_seen(2)
    assert search(inbox)[0] == 1
    server.other.mark_seen()
    assert search(inbox)[0] == 0


def test_an_expunge_elsewhere_lowers_count_and_exists(server: Server, inbox: IMAPClient):
    server.deliver_raw(MAIL, MAIL, MAIL)
    assert search(inbox)[0] == 3
    server.other.expunge(1)
    assert search(inbox)[0] == 2
    assert inbox.engine.exists == 2
    server.other.expunge()
    assert search(inbox)[0] == 0
    assert inbox.engine.exists == 0


def test_a_thousand_unread_are_counted(server: Server, inbox: IMAPClient):
    server.deliver_raw(*[MAIL] * 1000)
    count, highest = search(inbox)
    assert count == 1000
    assert highest >= inbox.engine.uidnext - 1
    server.other.mark_seen(1)
    assert search(inbox)[0] == 999


def test_only_what_is_new_is_searched_from_a_uid_on(server: Server, inbox: IMAPClient):
    server.deliver_raw(MAIL, MAIL)
    _, last = search(inbox)
    # Past the end most servers answer with the last message; the engine drops it.
    assert search(inbox, uid_from=last + 1) == (0, 0)
    server.deliver()
    count, newest = search(inbox, uid_from=last + 1)
    assert count == 1
    assert newest > last


# --- headers ---


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("Жанна Ёлкина", "Встреча в 14:00 — не забудь"),
        ("Zoë Müller", "Grüße, naïve façade"),
        ('John \\"Jack\\" O\'Neil', "Re: [list] 100% (of) {it}"),
        ("Ann", "Long " * 60 + "line"),
    ],
)
def test_sender_and_subject_arrive_as_sent(
    server: Server, inbox: IMAPClient, sender: str, subject: str
):
    server.deliver(f'"{sender}" <jo@example.org>', subject)
    _, uid = search(inbox)
    assert shown(headers(inbox, uid)) == (sender.replace("\\", ""), subject)


def test_a_header_of_raw_bytes_breaks_nothing(server: Server, inbox: IMAPClient):
    raw = b"From: J\xf6rg <jo@example.org>\r\nSubject: Gr\xc3\xbc\xc3\x9fe\r\n\r\nBody.\r\n"
    server.deliver_raw(raw)
    _, uid = search(inbox)
    name, subject = shown(headers(inbox, uid))
    assert name.startswith("J")
    assert subject.startswith("Gr")
    assert search(inbox)[0] == 1


def test_a_message_without_headers_is_counted(server: Server, inbox: IMAPClient):
    server.deliver_raw(b"X-Nothing: known\r\n\r\nBody.\r\n")
    count, uid = search(inbox)
    assert count == 1
    assert shown(headers(inbox, uid)) == ("", "")


def test_headers_of_a_message_that_is_gone_are_none(server: Server, inbox: IMAPClient):
    server.deliver()
    _, uid = search(inbox)
    server.other.expunge()
    search(inbox)
    answer = inbox.finish(fetch.headers(inbox.engine, uid))
    assert answer[3] in ("OK", "NO", "BAD")
    assert answer[6] is None


# --- waiting ---


def test_noop_tells_of_new_mail(server: Server, inbox: IMAPClient):
    server.deliver()
    inbox.events.clear()
    assert inbox.finish(inbox.engine.noop())[3] == "OK"
    assert ("exists", 1) in inbox.events


def test_idle_pushes_new_mail_and_reading_elsewhere(server: Server, inbox: IMAPClient):
    tag = inbox.engine.idle()
    inbox.wait("idling")
    server.deliver()
    assert inbox.wait("exists")[1] == 1
    server.other.mark_seen()
    assert inbox.wait("fetch")[1] == 1
    inbox.engine.done()
    assert inbox.finish(tag)[3] == "OK"
    assert search(inbox)[0] == 0


def test_idle_pushes_an_expunge(server: Server, inbox: IMAPClient):
    server.deliver()
    search(inbox)
    tag = inbox.engine.idle()
    inbox.wait("idling")
    server.other.expunge()
    assert inbox.wait("expunge")[1] == 1
    inbox.engine.done()
    assert inbox.finish(tag)[3] == "OK"


def test_idle_can_be_entered_again_and_again(server: Server, inbox: IMAPClient):
    for _ in range(5):
        tag = inbox.engine.idle()
        inbox.wait("idling")
        inbox.engine.done()
        assert inbox.finish(tag)[3] == "OK"


# --- the end ---


def test_logout_ends_with_bye_and_the_stream(server: Server, inbox: IMAPClient):
    tag = access.logout(inbox.engine)
    assert inbox.finish(tag)[3] == "OK"
    assert "bye" in [event[0] for event in inbox.events]
    assert inbox.event() == ("eof",)


def test_a_crash_in_idle_ends_the_stream_and_the_mail_is_kept(server: Server, inbox: IMAPClient):
    server.deliver()
    inbox.engine.idle()
    inbox.wait("idling")
    server.crash()
    try:
        with pytest.raises((EOFError, ConnectionError)):
            inbox.wait("never")
    finally:
        server.start()
    assert server.other.unseen() == 1


def test_a_shut_down_says_bye_or_hangs_up(server: Server, inbox: IMAPClient):
    if isinstance(server, Pymap):
        server.crash()
    else:
        server.shut_down()
    try:
        with pytest.raises((EOFError, ConnectionError)):
            inbox.finish(inbox.engine.noop())
    finally:
        server.start()
    with IMAPClient(server.host, server.tls_port, server.ca_pem) as again:
        assert again.wait("greeting")[1] == "OK"


def test_a_server_that_shows_another_authority_is_refused(server: Server):
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient(server.host, server.tls_port, Authority().pem)
