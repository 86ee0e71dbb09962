"""Messages on real servers: put in, copied, moved, flagged, fetched, removed."""

from email.utils import parsedate_to_datetime

import pytest

from host_tests.servers.acting import (
    MAIL,
    WORK,
    do,
    fetched,
    flags,
    send,
    subjects,
    uids,
)
from host_tests.servers.conftest import Server
from host_tests.support.imap_client import Event, IMAPClient
from postlamp.imap import access, fetch, mailboxes, messages

NOWHERE = "Нигде"


# --- APPEND ---


@pytest.mark.parametrize("capabilities", [("LITERAL+",), ("LITERAL-",), ()])
def test_a_message_is_kept_byte_by_byte(
    server: Server, signed_in: IMAPClient, capabilities: tuple[str, ...]
):
    # pushed, pushed while short (both servers take what they do not advertise), after the plus
    signed_in.engine.capabilities = frozenset(capabilities)
    do(signed_in, messages.append(signed_in.engine, "INBOX", MAIL))
    size = str(len(MAIL)).encode()
    assert (b"{" + size + b"+}\r\n" in signed_in.sent) == bool(capabilities)
    do(signed_in, access.examine(signed_in.engine, "INBOX"))
    [found] = fetched(signed_in, "1", "(BODY.PEEK[] RFC822.SIZE)")
    assert found == {"BODY[]": MAIL, "RFC822.SIZE": len(MAIL)}


def test_a_message_comes_with_flags_and_its_date(signed_in: IMAPClient):
    date = "17-Jul-1996 02:44:25 -0700"
    given = "\\Seen \\Flagged $Work"
    do(signed_in, messages.append(signed_in.engine, "INBOX", MAIL, given, date))
    do(signed_in, access.examine(signed_in.engine, "INBOX"))
    assert flags(signed_in) == [{"\\Seen", "\\Flagged", "$Work"}]
    [found] = fetched(signed_in, "1", "(INTERNALDATE)")
    # Dovecot tells it in its own zone
    at = parsedate_to_datetime(found["INTERNALDATE"].decode().replace("-", " ", 2))
    assert at == parsedate_to_datetime(date.replace("-", " ", 2))


@pytest.mark.parametrize("capabilities", [("LITERAL+",), ()])
def test_what_cannot_be_put_anywhere_is_refused_and_all_goes_on(
    signed_in: IMAPClient, capabilities: tuple[str, ...]
):
    engine = signed_in.engine
    engine.capabilities = frozenset(capabilities)
    done = signed_in.finish(messages.append(engine, NOWHERE, MAIL))
    assert done[3:5] == ("NO", "TRYCREATE")
    done = signed_in.finish(messages.append(engine, "INBOX", MAIL, "", "yesterday"))
    assert done[3] == "BAD"
    do(signed_in, engine.noop())
    assert subjects(signed_in) == []


def test_new_mail_in_the_open_mailbox_is_told(desk: IMAPClient):
    do(desk, messages.append(desk.engine, "INBOX", MAIL))
    assert desk.engine.exists == 1
    assert ("exists", 1) in desk.events


# --- STORE ---


@pytest.mark.parametrize("is_by_uid", [False, True])
def test_flags_are_added_removed_and_replaced(three: IMAPClient, is_by_uid: bool):
    numbers = uids(three) if is_by_uid else ["1", "2", "3"]
    name = "UID STORE" if is_by_uid else "STORE"

    def store(which: str, change: str, given: str) -> list[Event]:
        *told, done = three.told(messages.store(three.engine, which, change, given, name))
        assert done[3] == "OK", done
        return [event[:3] for event in told if event[0] == "fetch"]

    assert store(f"{numbers[0]}:{numbers[1]}", "+FLAGS", "\\Seen \\Draft") == [
        ("fetch", 1, True),
        ("fetch", 2, True),
    ]
    assert store(numbers[2], "+FLAGS.SILENT", "\\Flagged") == []
    assert flags(three) == [{"\\Seen", "\\Draft"}, {"\\Seen", "\\Draft"}, {"\\Flagged"}]
    assert store(numbers[0], "-FLAGS", "\\Seen") == [("fetch", 1, True)]
    assert store(numbers[1], "FLAGS.SILENT", "\\Flagged \\Answered") == []
    assert store(numbers[2], "FLAGS", "") == [("fetch", 3, True)]
    assert flags(three) == [{"\\Draft"}, {"\\Flagged", "\\Answered"}, set()]


def test_a_keyword_is_kept_by_dovecot_and_forgotten_by_pymap(server: Server, three: IMAPClient):
    do(three, messages.store(three.engine, "1", "+FLAGS", "$Work", "STORE"))
    expected = {"dovecot": {"$Work"}, "pymap": set()}
    assert flags(three) == [expected[server.name], set(), set()]


def test_nothing_is_changed_in_a_mailbox_open_read_only(server: Server, three: IMAPClient):
    do(three, access.examine(three.engine, "INBOX"))
    # Dovecot says OK and does nothing
    expected = {"dovecot": "OK", "pymap": "NO"}[server.name]
    change = messages.store(three.engine, "1:*", "+FLAGS", "\\Seen \\Deleted", "STORE")
    assert three.finish(change)[3] == expected
    assert three.finish(messages.send(three.engine, "EXPUNGE"))[3] == expected
    assert flags(three) == [set(), set(), set()]


# --- COPY and MOVE ---


@pytest.mark.parametrize("name", ["COPY", "UID COPY", "MOVE", "UID MOVE"])
def test_messages_go_to_another_mailbox(three: IMAPClient, name: str):
    first, _, last = uids(three) if name.startswith("UID") else ["1", "2", "3"]
    send(three, name, f"{first},{last}", WORK)
    assert three.engine.exists == (3 if name.endswith("COPY") else 1)
    assert subjects(three, WORK) == ["a", "c"]
    assert subjects(three) == (["a", "b", "c"] if name.endswith("COPY") else ["b"])


def test_no_message_goes_where_there_is_no_mailbox(three: IMAPClient):
    for name in ("COPY", "UID COPY", "MOVE", "UID MOVE"):
        done = three.finish(messages.send(three.engine, name, "1:*", NOWHERE))
        assert done[3:5] == ("NO", "TRYCREATE"), name
    assert subjects(three) == ["a", "b", "c"]


# --- EXPUNGE, CHECK, CLOSE, UNSELECT ---


def mark_deleted(client: IMAPClient, numbers: str) -> None:
    do(client, messages.store(client.engine, numbers, "+FLAGS.SILENT", "\\Deleted", "STORE"))


def test_expunge_removes_what_is_marked_and_tells_which(three: IMAPClient):
    assert send(three, "EXPUNGE") == []
    mark_deleted(three, "1,3")
    told = [event for event in send(three, "EXPUNGE") if event[0] == "expunge"]
    # descending or not: each number counts what is left
    assert told in ([("expunge", 1), ("expunge", 2)], [("expunge", 3), ("expunge", 1)])
    assert three.engine.exists == 1
    assert subjects(three) == ["b"]


def test_uid_expunge_spares_what_is_not_named_or_not_marked(three: IMAPClient):
    first, second, _ = uids(three)
    mark_deleted(three, "1,3")
    send(three, "UID EXPUNGE", f"{first}:{second}")
    assert three.engine.exists == 2
    assert subjects(three) == ["b", "c"]


def test_check_is_done(three: IMAPClient):
    send(three, "CHECK")
    assert three.engine.exists == 3


def test_close_removes_what_is_marked_and_tells_nothing(three: IMAPClient):
    mark_deleted(three, "2")
    assert [event for event in send(three, "CLOSE") if event[0] == "expunge"] == []
    assert three.engine.state == "a"
    assert subjects(three) == ["a", "c"]


def test_close_of_a_mailbox_open_read_only_removes_nothing(server: Server, three: IMAPClient):
    mark_deleted(three, "2")
    do(three, access.examine(three.engine, "INBOX"))
    done = three.finish(messages.send(three.engine, "CLOSE"))
    # pymap refuses, and keeps it open
    expected = {"dovecot": ("OK", "a"), "pymap": ("NO", "s")}
    assert (done[3], three.engine.state) == expected[server.name]
    assert subjects(three) == ["a", "b", "c"]


def test_unselect_removes_nothing_or_is_refused(server: Server, three: IMAPClient):
    mark_deleted(three, "2")
    done = three.finish(messages.send(three.engine, "UNSELECT"))
    expected = {"dovecot": ("OK", "a"), "pymap": ("BAD", "s")}
    assert (done[3], three.engine.state) == expected[server.name]
    assert subjects(three) == ["a", "b", "c"]


# --- several at once ---


def test_commands_in_flight_together_are_all_answered(server: Server, three: IMAPClient):
    engine = three.engine
    engine.capabilities = frozenset(("LITERAL+",))
    tags = {
        engine.noop(): "NOOP",
        engine.search("ALL"): "UID SEARCH",
        fetch.fetch(engine, "1:*", "(FLAGS)"): "UID FETCH",
        messages.store(engine, uids_known(three), "+FLAGS", "\\Seen"): "UID STORE",
        messages.send(engine, "UID COPY", uids_known(three), WORK): "UID COPY",
        mailboxes.send(engine, "LIST", "", "*"): "LIST",
        mailboxes.status(engine, WORK, "(MESSAGES)"): "STATUS",
        messages.append(engine, WORK, MAIL): "APPEND",
        access.capability(engine): "CAPABILITY",
    }
    done = {}
    while len(done) < len(tags):
        event = three.wait("completed")
        done[event[1]] = (event[2], event[3])
    assert done == {tag: (name, "OK") for tag, name in tags.items()}
    kinds = {event[0] for event in three.events}
    assert {"fetch", "list", "mailbox_status", "capability"} <= kinds
    assert three.events[-1][0] == "completed"
    assert subjects(three, WORK) == ["a", "b", "c", "Two (words)"]


def uids_known(client: IMAPClient) -> str:
    """All there are, without asking."""
    return f"1:{client.engine.uidnext}"
