"""What the tests of messages do on a real server, and how they look at what came of it."""

from typing import Any

from host_tests.support.imap_client import Event, IMAPClient
from postlamp.imap import access, fetch, messages

MAIL = (
    "From: =?utf-8?B?0JbQsNC90L3QsA==?= <zhanna@example.org>\r\n"
    'Reply-To: "Quoted \\"name\\"" <reply@example.org>\r\n'
    "To: a@example.org, Bob <b@example.org>\r\nCc: c@example.org\r\n"
    "Subject: Two (words)\r\nMessage-ID: <one@example.org>\r\nIn-Reply-To: <zero@example.org>\r\n"
    "Date: Mon, 2 Feb 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "\r\nПривет: {5} and ).\r\nEnd.\r\n"
).encode()
WORK = "Работа & дом"


def do(client: IMAPClient, tag: str) -> Event:
    """The completion of a command that is done."""
    done = client.finish(tag)
    assert done[3] == "OK", done
    return done


def send(client: IMAPClient, name: str, *words: str) -> list[Event]:
    """What a command tells while it is done."""
    *told, done = client.told(messages.send(client.engine, name, *words))
    assert done[3] == "OK", done
    return told


def put(client: IMAPClient, *subjects: str, mailbox: str = "INBOX") -> None:
    """Append a mail of each subject."""
    for subject in subjects:
        mail = MAIL.replace(b"Two (words)", subject.encode())
        do(client, messages.append(client.engine, mailbox, mail))


def fetched(client: IMAPClient, numbers: str, items: str, is_by_uid: bool = False) -> list[Any]:
    """The items of each message, in order."""
    *told, done = client.told(fetch.fetch(client.engine, numbers, items, is_by_uid))
    assert done[3] == "OK", done
    found = [event for event in told if event[0] == "fetch" and len(event) > 3]
    return [event[3] for event in sorted(found, key=lambda event: event[1])]


def flags(client: IMAPClient) -> list[set[str]]:
    """Return the flags of each message, without the session's own \\Recent."""
    return [set(found["FLAGS"]) - {"\\Recent"} for found in fetched(client, "1:*", "(FLAGS)")]


def subjects(client: IMAPClient, mailbox: str = "INBOX") -> list[str]:
    """What a mailbox holds, looked at from a fresh opening."""
    do(client, access.examine(client.engine, mailbox))
    if not client.engine.exists:
        return []
    items = "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"
    lines = [found["BODY[HEADER.FIELDS]"] for found in fetched(client, "1:*", items)]
    return [line.decode().strip().removeprefix("Subject: ") for line in lines]


def uids(client: IMAPClient) -> list[str]:
    """Return the UID of each message."""
    return [str(found["UID"]) for found in fetched(client, "1:*", "(UID)")]
