"""pymap for tests that do not run an event loop: the simulator's, and one with STARTTLS."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

from tools.sim.certs import Authority
from tools.sim.mailserver import MailServer
from tools.sim.message import compose
from tools.sim.other_client import OtherClient
from tools.sim.ports import LOOPBACK, HeldPort

T = TypeVar("T")
START_S = 60


class PlainPymap:
    """One running pymap as its own command starts it: a plain port that offers STARTTLS."""

    name = "pymap"
    host = "localhost"
    user = "alice"
    password = "secret"

    def __init__(self) -> None:
        authority = Authority()
        leaf = authority.issue()
        self.ca_pem = authority.pem
        self._port = HeldPort()
        self.plain_port = self._port.number
        command = [str(Path(sys.executable).with_name("pymap")), "--host", LOOPBACK]
        command += ["--port", str(self.plain_port)]
        account = ["dict", "--demo-user", self.user, "--demo-password", self.password]
        with tempfile.TemporaryDirectory() as folder:
            for name, pem in (("cert", leaf.cert_pem), ("key", leaf.key_pem)):
                (Path(folder) / name).write_bytes(pem)
                command += [f"--{name}", f"{folder}/{name}"]
            # Without FQDN it asks the resolver for this machine's name, which may take seconds.
            self._process = subprocess.Popen(
                command + account,
                env={**os.environ, "FQDN": "localhost"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            deadline = time.monotonic() + START_S
            while not _listens(self.plain_port):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise RuntimeError("pymap did not start")
                time.sleep(0.02)

    def stop(self) -> None:
        """End it; its mail was in memory."""
        self._process.kill()
        self._process.wait()
        self._port.release()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), START_S).close()
    except OSError:
        return False
    return True


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
