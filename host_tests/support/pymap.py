"""The simulator's pymap behind its TLS front, for tests that do not run an event loop."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import TypeVar

from tools.sim.mailserver import MailServer
from tools.sim.message import compose
from tools.sim.other_client import OtherClient

T = TypeVar("T")
START_S = 30


class Pymap:
    """One running pymap with one account, in a thread; the same methods as Dovecot."""

    name = "pymap"
    host = "localhost"

    def __init__(self, user: str = "alice", password: str = "secret") -> None:
        self.user = user
        self.password = password
        self._server = MailServer(user=user, password=password)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pymap", daemon=True)
        self._thread.start()
        try:
            self._run(self._server.start())
        except BaseException:
            self.stop()
            raise
        self.tls_port = self._server.port
        self.ca_pem = self._server.ca_pem
        self.other = OtherClient(self.tls_port, user, password, self.ca_pem)

    def deliver(self, sender: str = "Ann <ann@example.org>", subject: str = "Hello") -> None:
        """Deliver one unread message to INBOX."""
        self.deliver_raw(compose(sender, "me@example.org", subject, ""))

    def deliver_raw(self, *mails: bytes) -> None:
        """Deliver whole messages."""
        self.other.append(*mails)

    def crash(self) -> None:
        """Refuse and cut every connection without a word; keep the mail."""
        self._run(self._server.stop_listening())

    def start(self) -> None:
        """Listen again on the same port."""
        self._run(self._server.start_listening())

    def stop(self) -> None:
        """End for good: no process and no thread is left."""
        if not self._loop.is_closed():
            self._run(self._server.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START_S)
