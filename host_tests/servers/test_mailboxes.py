"""Mailboxes of any name on real servers: made, listed, renamed, subscribed, counted, removed."""

import pytest

from host_tests.servers.conftest import Server
from host_tests.support.imap_client import Event, IMAPClient
from postlamp.imap import access, mailboxes, messages, utf7
from tools.sim.message import compose

MAIL = compose("Ann <ann@example.org>", "me@example.org", "Hello", "A body.")
NAMES = [
    "Работа",
    "📬 почта 🗑",
    "R&D",
    "& &- -&",
    'say "hi" to \\ them',
    " leading and trailing ",
    "(parentheses) [and] {5}",
    "star* per%cent",
    "2024",
    "NIL",
    "Tür, naïve; façade!",
    "中文信箱",
    "é" * 60,
    "x" * 200,
]


def answer(client: IMAPClient, name: str, *names: str | bytes) -> tuple[str, str]:
    """OK, NO or BAD, and the code that came with it, without its arguments."""
    done = client.finish(mailboxes.send(client.engine, name, *names))
    return done[3], done[4].partition(" ")[0]


def listed(
    client: IMAPClient, pattern: str, reference: str = "", name: str = "LIST"
) -> dict[str, Event]:
    """What LIST or LSUB tells, by name as people read it."""
    *told, done = client.told(mailboxes.send(client.engine, name, reference, pattern))
    assert done[3] == "OK"
    assert {event[0] for event in told} <= {name.lower()}
    return {utf7.decode(event[3]): event for event in told}


def counts(client: IMAPClient, mailbox: str | bytes, items: str) -> dict[bytes, int]:
    told = client.told(mailboxes.status(client.engine, mailbox, items))
    assert told[-1][3] == "OK"
    [event] = [event for event in told if event[0] == "mailbox_status"]
    found: dict[bytes, int] = event[2]
    return found


@pytest.fixture
def delimiter(signed_in: IMAPClient) -> str:
    """What stands between the levels of a name."""
    found: str = listed(signed_in, "")[""][2].decode()
    return found


# --- names ---


def test_mailboxes_of_every_name_are_made_listed_and_removed(signed_in: IMAPClient):
    for name in NAMES:
        assert answer(signed_in, "CREATE", name)[0] == "OK", name
    found = listed(signed_in, "*")
    assert sorted(found) == sorted([*NAMES, "INBOX"])
    for name in NAMES:
        # by the server's own spelling, as a gadget that listed them would
        assert answer(signed_in, "DELETE", found[name][3])[0] == "OK", name
    assert list(listed(signed_in, "*")) == ["INBOX"]


def test_every_name_can_be_opened_and_counted(signed_in: IMAPClient):
    for name in NAMES:
        answer(signed_in, "CREATE", name)
        assert signed_in.finish(messages.append(signed_in.engine, name, MAIL))[3] == "OK"
        assert counts(signed_in, name, "(UNSEEN MESSAGES)") == {b"UNSEEN": 1, b"MESSAGES": 1}
        assert signed_in.finish(access.examine(signed_in.engine, name))[3] == "OK", name
        assert signed_in.engine.exists == 1


def test_names_that_only_one_server_takes(server: Server, signed_in: IMAPClient):
    taken = {"dovecot": ("NO", "CANNOT"), "pymap": ("OK", "MAILBOXID")}
    for name in ("~tilde", "one/two"):
        assert answer(signed_in, "CREATE", name) == taken[server.name], name


def test_what_is_there_is_not_made_again_nor_removed_twice(server: Server, signed_in: IMAPClient):
    assert answer(signed_in, "CREATE", "Работа")[0] == "OK"
    assert answer(signed_in, "CREATE", "Работа") == ("NO", "ALREADYEXISTS")
    assert answer(signed_in, "DELETE", "Работа")[0] == "OK"
    assert answer(signed_in, "DELETE", "Работа") == ("NO", "NONEXISTENT")
    for name in ("CREATE", "DELETE"):
        assert answer(signed_in, name, "INBOX")[0] == "NO"


# --- listing ---


def test_a_percent_sign_stays_on_one_level(signed_in: IMAPClient, delimiter: str):
    levels = ["Дом", "Ёлка & Ель", "2024"]
    deepest = delimiter.join(levels)
    middle = delimiter.join(levels[:2])
    for name in ("Дом", middle, deepest, "Дача"):
        assert answer(signed_in, "CREATE", name)[0] == "OK"
    assert sorted(listed(signed_in, "%")) == ["INBOX", "Дача", "Дом"]
    assert sorted(listed(signed_in, "Д%")) == ["Дача", "Дом"]
    assert sorted(listed(signed_in, "Д*")) == ["Дача", "Дом", middle, deepest]
    assert list(listed(signed_in, f"%{delimiter}%")) == [middle]
    assert list(listed(signed_in, "%", "Дом" + delimiter)) == [middle]
    assert list(listed(signed_in, "*", middle + delimiter)) == [deepest]
    assert listed(signed_in, "Дома*") == {}
    found = listed(signed_in, "*")
    assert b"\\HasChildren" in found["Дом"][1]
    assert b"\\HasNoChildren" in found[deepest][1]
    assert {event[2] for event in found.values()} == {delimiter.encode()}


def test_levels_between_are_listed_as_not_to_be_opened(signed_in: IMAPClient, delimiter: str):
    answer(signed_in, "CREATE", delimiter.join(["a", "b"]))
    found = listed(signed_in, "a*")
    assert b"\\Noselect" in found["a"][1]
    assert signed_in.finish(access.examine(signed_in.engine, found["a"][3]))[3] == "NO"


def test_a_wildcard_in_a_name_is_found_by_itself(signed_in: IMAPClient):
    answer(signed_in, "CREATE", "star* per%cent")
    assert list(listed(signed_in, "star* per%cent")) == ["star* per%cent"]


def test_the_answer_to_an_empty_pattern_is_the_delimiter(server: Server, signed_in: IMAPClient):
    event = listed(signed_in, "")[""]
    expected = {"dovecot": b".", "pymap": b"/"}[server.name]
    assert event == ("list", (b"\\Noselect",), expected, b"")


def test_fifty_mailboxes_are_told_one_by_one(signed_in: IMAPClient):
    names = [f"Папка {number}" for number in range(50)]
    for name in names:
        signed_in.finish(mailboxes.send(signed_in.engine, "CREATE", name))
    assert sorted(listed(signed_in, "Папка*")) == sorted(names)


# --- subscriptions ---


def test_lsub_lists_what_is_subscribed(signed_in: IMAPClient):
    for name in ("Работа", "R&D", "📬", "other"):
        answer(signed_in, "CREATE", name)
    for name in ("Работа", "R&D", "📬"):
        assert answer(signed_in, "SUBSCRIBE", name)[0] == "OK"
    assert {"Работа", "R&D", "📬"} == set(listed(signed_in, "*", name="LSUB")) - {"INBOX"}
    assert list(listed(signed_in, "Р*", name="LSUB")) == ["Работа"]
    assert answer(signed_in, "UNSUBSCRIBE", "R&D")[0] == "OK"
    assert "R&D" not in listed(signed_in, "%", name="LSUB")


def test_only_dovecot_minds_what_is_subscribed(server: Server, signed_in: IMAPClient):
    minds = {"dovecot": "NO", "pymap": "OK"}
    assert answer(signed_in, "SUBSCRIBE", "nowhere")[0] == minds[server.name]


# --- renaming ---


def test_renaming_keeps_the_mail(signed_in: IMAPClient):
    answer(signed_in, "CREATE", "Работа")
    signed_in.finish(messages.append(signed_in.engine, "Работа", MAIL))
    assert answer(signed_in, "RENAME", "Работа", "Отдых & 🏖")[0] == "OK"
    assert sorted(listed(signed_in, "*")) == ["INBOX", "Отдых & 🏖"]
    assert counts(signed_in, "Отдых & 🏖", "(MESSAGES)") == {b"MESSAGES": 1}
    assert answer(signed_in, "RENAME", "Работа", "x") == ("NO", "NONEXISTENT")
    answer(signed_in, "CREATE", "Работа")
    assert answer(signed_in, "RENAME", "Работа", "Отдых & 🏖") == ("NO", "ALREADYEXISTS")


# --- counting ---


def test_status_tells_every_item_asked_for(signed_in: IMAPClient):
    answer(signed_in, "CREATE", "Работа")
    for flags in ("", "\\Seen", "\\Seen \\Flagged"):
        signed_in.finish(messages.append(signed_in.engine, "Работа", MAIL, flags))
    items = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY RECENT)"
    found = counts(signed_in, "Работа", items)
    signed_in.finish(access.examine(signed_in.engine, "Работа"))
    assert found.pop(b"UIDNEXT") == signed_in.engine.uidnext
    assert found.pop(b"UIDVALIDITY") == signed_in.engine.uidvalidity
    assert found == {b"MESSAGES": 3, b"UNSEEN": 1, b"RECENT": 3}


def test_status_of_inbox_in_any_case_while_another_is_open(server: Server, signed_in: IMAPClient):
    answer(signed_in, "CREATE", "Work")
    signed_in.finish(access.examine(signed_in.engine, "Work"))
    server.deliver()
    assert counts(signed_in, "inbox", "(UNSEEN)") == {b"UNSEEN": 1}


def test_status_of_what_is_not_there_is_refused(signed_in: IMAPClient):
    for mailbox, items, expected in (("nowhere", "(UNSEEN)", "NO"), ("INBOX", "(UNSAID)", "BAD")):
        told = signed_in.told(mailboxes.status(signed_in.engine, mailbox, items))
        assert [event[:4:3] for event in told] == [("completed", expected)]


# --- what only Dovecot knows ---


def test_namespaces(server: Server, signed_in: IMAPClient):
    told = signed_in.told(mailboxes.send(signed_in.engine, "NAMESPACE"))
    expected = {"dovecot": [("namespace", ((b"", b"."),), None, None)], "pymap": []}
    assert told[:-1] == expected[server.name]
    assert told[-1][3] == {"dovecot": "OK", "pymap": "BAD"}[server.name]


def test_rights(server: Server, signed_in: IMAPClient):
    answer(signed_in, "CREATE", "Работа & дом")
    name = utf7.encode("Работа & дом").encode()
    rights = b"lrwstipekxacd"
    expected = {
        "dovecot": (
            "OK",
            [("myrights", name, rights, b"")],
            [("acl", name, b"alice", rights)],
        ),
        "pymap": ("BAD", [], []),
    }
    *mine, done = signed_in.told(mailboxes.send(signed_in.engine, "MYRIGHTS", "Работа & дом"))
    *everybodys, _ = signed_in.told(mailboxes.send(signed_in.engine, "GETACL", name))
    assert (done[3], mine, everybodys) == expected[server.name]
