"""How long a watcher waits for a server that says nothing."""

import asyncio

from needs import needs
from postlamp.errors import LinkError
from postlamp.mail.account import Account
from postlamp.mail.watcher import Tries, Watcher
from raising import raises

NEEDS = "micropython"
SETTINGS = {
    "name": "work",
    "host": "imap.example.org",
    "port": 993,
    "tls": "implicit",
    "mailboxes": ["INBOX"],
    "search": "UNSEEN",
    "baseline": "all",
    "access": "read-only",
    "idle": True,
}
LINES = (
    b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\r\n",
    b"p1 OK done\r\n",
    b"* SEARCH\r\np2 OK done\r\n",
    b"+ idling\r\n",
)


class Clock:
    def now_s(self):
        return 1000


class Memory:
    """Remembers nothing."""

    def get(self, key):
        return None

    def put(self, key, value, is_urgent=False):
        """There is nobody to tell."""


class Transport:
    """Says its lines, then nothing; remembers how long it was listened to."""

    def __init__(self):
        self.lines = list(LINES)
        self.deadlines_ms = []

    async def connect(self, host, port, tls):
        """There is nobody to call."""

    async def write(self, data):
        """Whatever is said, the lines come in their order."""

    async def readinto(self, buffer, deadline_ms):
        self.deadlines_ms.append(deadline_ms)
        if not self.lines:
            raise LinkError("closed")
        line = self.lines.pop(0)
        buffer[: len(line)] = line
        return len(line)

    def close(self):
        """There is nothing to close."""


def _waits_s(poll_s):
    """The seconds of every wait of a first connection: each answer's, and the one in IDLE."""
    transport, account = Transport(), Account("work", poll_s, lambda: None)
    settings = dict(SETTINGS)
    settings["poll_s"] = poll_s
    tries = Tries(lambda below: 0)
    policy_of = {"closed": "slow"}.get
    watcher = Watcher(settings, account, transport, Clock(), tries, policy_of, Memory())
    raises(asyncio.TimeoutError, asyncio.run, asyncio.wait_for_ms(watcher.run(), 20))
    assert (account.unseen, account.cause) == (0, "closed")
    return [deadline_ms // 1000 for deadline_ms in transport.deadlines_ms]


@needs("unix")
def test_every_answer_has_its_time_and_idle_ends_before_servers_end_it():
    for poll_s, wait_s in ((5, 5), (60, 60), (1740, 1740), (1741, 1740), (3600, 1740)):
        assert _waits_s(poll_s) == [60, 20, 120, 20, wait_s]
