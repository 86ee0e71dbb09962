"""Runs under MicroPython: a server that answers so many times, then the link is lost.

Prints, for each way to sign in and each number of answers, how it ended and what is loaded then.
"""

import asyncio
import sys

from postlamp.errors import LinkError, PostlampError
from postlamp.mail.session import Session

HEADER = b"From: Ann <a@example.org>\r\nSubject: Hello\r\n\r\n"
SECTION = b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (FROM SUBJECT DATE)] {%d}\r\n%s)\r\n"
LINES = {
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 8] x\r\n",
    b"UID SEARCH": b"* SEARCH 7\r\n",
    b"UID FETCH": SECTION % (len(HEADER), HEADER),
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 ID ESEARCH\r\n",
}


class Transport:
    def __init__(self, offered, answers):
        self.replies = [b"* OK [CAPABILITY IMAP4rev1 ID %s] hi\r\n" % offered]
        self.answers = answers

    async def connect(self, *order):
        pass

    async def write(self, data):
        words = bytes(data)
        tag, _, command = words.partition(b" ")
        name = b" ".join(command.split()[: 2 if command[:3] == b"UID" else 1])
        if command:
            self.tag = tag
        end = self.tag + b" OK done\r\n"
        if name == b"AUTHENTICATE" and b"PLAIN" not in command:
            end = b"+ PDFAMj4=\r\n"  # a challenge; what answers it is a line without a command
        self.replies.append(LINES.get(name, b"") + end)

    async def readinto(self, buffer, deadline_ms):
        if not self.replies or not self.answers:
            raise LinkError("closed")
        self.answers -= 1
        reply = self.replies.pop(0)
        buffer[: len(reply)] = reply
        return len(reply)

    def close(self):
        pass


class Clock:
    def now_s(self):
        return 0


class Account:
    unseen = 100  # so many are left to the server to count


SETTINGS = {
    "host": "h",
    "port": 1,
    "tls": "none",
    "user": "me",
    "password": "secret",
    "auth": "auto",
    "mailboxes": ["INBOX"],
    "access": "read-only",
    "idle": False,
}


async def live(session):
    await session.open(SETTINGS)
    await session.count("UNSEEN")
    await session.newest(7)


before = set(sys.modules)
for offered in (b"", b"AUTH=PLAIN SASL-IR", b"AUTH=CRAM-MD5"):
    for answers in range(30):
        transport = Transport(offered, answers)
        cause = ""
        try:
            asyncio.run(live(Session(transport, Clock(), Account())))
        except PostlampError as error:
            cause = error.cause
        left = [name for name in sys.modules if name[:9] == "postlamp." and name not in before]
        way = offered.split(b" ")[0].decode() or "LOGIN"
        print(way, answers, cause or "counted", " ".join(sorted(left)))
        if not cause:
            break
