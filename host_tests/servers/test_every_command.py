"""Every command the engine knows, sent to real servers: done, or refused in good order."""

from collections.abc import Callable

from host_tests.servers.conftest import Server
from host_tests.support.imap_client import IMAPClient
from postlamp.imap import access, fetch, mailboxes, messages, sasl, searching, state
from postlamp.imap.engine import Engine
from tools.sim.message import compose

MAIL = compose("Ann <ann@example.org>", "me@example.org", "Hello", "A body.")
Start = Callable[[Engine], str]

# Before login, in an account with one more mailbox, and with two mails in INBOX open for changes.
BEFORE: dict[str, Start] = {
    "CAPABILITY": access.capability,
    "NOOP": Engine.noop,
    "ID": lambda engine: access.identify(engine, ["name", "Postlamp"]),
    "STARTTLS": access.starttls,
    "LOGIN": lambda engine: access.login(engine, "alice", "secret"),
    "AUTHENTICATE": lambda engine: sasl.authenticate(engine, "PLAIN"),
    "LOGOUT": access.logout,
}
SIGNED_IN: dict[str, Start] = {
    "SELECT": lambda engine: access.select(engine, "INBOX"),
    "EXAMINE": lambda engine: access.examine(engine, "INBOX"),
    "CREATE": lambda engine: mailboxes.send(engine, "CREATE", "New"),
    "DELETE": lambda engine: mailboxes.send(engine, "DELETE", "Old"),
    "RENAME": lambda engine: mailboxes.send(engine, "RENAME", "Old", "New"),
    "SUBSCRIBE": lambda engine: mailboxes.send(engine, "SUBSCRIBE", "Old"),
    "UNSUBSCRIBE": lambda engine: mailboxes.send(engine, "UNSUBSCRIBE", "Old"),
    "LIST": lambda engine: mailboxes.send(engine, "LIST", "", "*"),
    "LSUB": lambda engine: mailboxes.send(engine, "LSUB", "", "*"),
    "STATUS": lambda engine: mailboxes.status(engine, "Old", "(UNSEEN)"),
    "APPEND": lambda engine: messages.append(engine, "Old", MAIL),
    "NAMESPACE": lambda engine: mailboxes.send(engine, "NAMESPACE"),
    "MYRIGHTS": lambda engine: mailboxes.send(engine, "MYRIGHTS", "Old"),
    "GETACL": lambda engine: mailboxes.send(engine, "GETACL", "Old"),
}
SELECTED: dict[str, Start] = {
    "IDLE": Engine.idle,
    "UID SEARCH": lambda engine: engine.search("UNSEEN"),
    "SEARCH": lambda engine: searching.send(engine, "UNSEEN", name="SEARCH"),
    "UID FETCH": lambda engine: fetch.fetch(engine, "1:*", "(FLAGS)"),
    "FETCH": lambda engine: fetch.fetch(engine, "1:*", "(FLAGS)", False),
    "UID STORE": lambda engine: messages.store(engine, "1:*", "+FLAGS", "\\Seen"),
    "STORE": lambda engine: messages.store(engine, "1:2", "+FLAGS", "\\Seen", "STORE"),
    "UID COPY": lambda engine: messages.send(engine, "UID COPY", "1:*", "Old"),
    "COPY": lambda engine: messages.send(engine, "COPY", "1:2", "Old"),
    "UID MOVE": lambda engine: messages.send(engine, "UID MOVE", "1:*", "Old"),
    "MOVE": lambda engine: messages.send(engine, "MOVE", "1:2", "Old"),
    "UID EXPUNGE": lambda engine: messages.send(engine, "UID EXPUNGE", "1:*"),
    "EXPUNGE": lambda engine: messages.send(engine, "EXPUNGE"),
    "CHECK": lambda engine: messages.send(engine, "CHECK"),
    "CLOSE": lambda engine: messages.send(engine, "CLOSE"),
    "UNSELECT": lambda engine: messages.send(engine, "UNSELECT"),
}

# What a server answers other than OK, and why.
REFUSED = {
    "dovecot": {"STARTTLS": "BAD"},  # the connection has TLS already
    # A front does its TLS, and the others it does not know.
    "pymap": {
        "STARTTLS": "NO",
        **dict.fromkeys(("NAMESPACE", "MYRIGHTS", "GETACL", "UNSELECT"), "BAD"),
    },
}


def _answer(client: IMAPClient, start: Start) -> str:
    """OK, NO or BAD to a command."""
    tag = start(client.engine)
    while (event := client.wait("challenge", "idling", "completed"))[0] != "completed":
        if event[0] == "idling":
            client.engine.done()
        else:
            sasl.respond(client.engine, b"\0alice\0secret")
    assert event[1] == tag
    return event[3]


def _signed_in(server: Server, client: IMAPClient) -> None:
    client.wait("greeting")
    client.finish(access.login(client.engine, server.user, server.password))


def test_every_command_is_done_or_refused_by_its_tag(server: Server, signed_in: IMAPClient):
    answers: dict[str, str] = {}
    for name, start in {**BEFORE, **SIGNED_IN, **SELECTED}.items():
        for leftover in ("Old", "New"):
            signed_in.finish(mailboxes.send(signed_in.engine, "DELETE", leftover))
        signed_in.finish(mailboxes.send(signed_in.engine, "CREATE", "Old"))
        with IMAPClient(server.host, server.tls_port, server.ca_pem) as client:
            if name in BEFORE:
                client.wait("greeting")
            else:
                _signed_in(server, client)
            if name in SELECTED:
                for _ in range(2):
                    client.finish(messages.append(client.engine, "INBOX", MAIL))
                client.finish(access.select(client.engine, "INBOX"))
            answers[name] = _answer(client, start)
            assert b" " + name.encode() in client.sent
    assert answers == dict.fromkeys(answers, "OK") | REFUSED[server.name]


def test_every_command_of_the_engine_is_tried():
    words = "|".join(row.partition("|")[2] for row in state._ROWS).split("|")
    assert sorted(filter(None, words)) == sorted([*BEFORE, *SIGNED_IN, *SELECTED])
