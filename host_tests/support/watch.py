"""The real watcher in a micropython process of its own, and what it tells of its account."""

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from host_tests.support import micropython, peer

_DRIVER = micropython.ROOT / "host_tests" / "wire" / "watcher_driver.py"
_PATIENCE_S = 30.0  # for one wait: a watcher in trouble goes on telling of it for ever
# The 20 s that a server has for an answer become 2.5: less is not enough on a busy machine. Where
# both sides only wait for each other, time jumps on.
_SPEED = 8
_QUIET_S = 0.02
Told = dict[str, Any]


class Watch:
    """What was told so far; `wait` for what is to come."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process = process
        self._port = port
        self._is_skipping = False
        self._lines: queue.Queue[str] = queue.Queue()
        self.told: list[Told] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self, predicate: Callable[[Told], bool], what: str) -> Told:
        """The next account told, not looked at before, for which the predicate holds."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                line = self._lines.get(timeout=_QUIET_S)
            except queue.Empty:
                if time.monotonic() > deadline:
                    told = self.told[-5:]
                    raise AssertionError(f"never came: {what}; told: {told}") from None
                if not self._is_skipping and peer.is_waiting(self._port):
                    self._is_skipping = True
                    self.do("skip")
                continue
            if line == "skipped\n":
                self._is_skipping = False
                continue
            if not line.startswith("{"):
                rest = "".join(list(self._lines.queue))
                raise AssertionError(f"the watcher broke: {line}{rest}")
            self.told.append(json.loads(line))
            if predicate(self.told[-1]):
                return self.told[-1]

    def cause(self, cause: str) -> Told:
        """Waits until the account is in trouble for this cause."""
        return self.wait(lambda told: told["cause"] == cause, f"cause {cause}")

    def unseen(self, count: int) -> Told:
        """Waits until this count is proved."""
        return self.wait(
            lambda told: told["unseen"] == count and not told["cause"], f"{count} unseen"
        )

    def left(self) -> Told:
        """Waits until it has left: after how many ms, and whether its task is over."""
        return self.wait(lambda told: "left_ms" in told, "an end")

    def jump(self, seconds: int) -> None:
        """Lets so much time pass at once."""
        self.do(str(seconds))

    def do(self, word: str) -> None:
        """Lets somebody do something: press, lose and find the wifi, leave, see, skip, or calm:
        a press while mail is new.
        """
        assert self._process.stdin
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Ends the watcher; returns when its last line was read, and its pipe may be closed."""
        self._process.kill()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("its process has ended\n")


@contextlib.contextmanager
def watching(
    port: int,
    *,
    ca: str = "",
    speed: int = _SPEED,
    memory: "list[int] | None" = None,
    further: "list[int] | None" = None,
    tells_stale: bool = False,
    **settings: object,
) -> Iterator[Watch]:
    """Watches localhost:port as me/secret; with a CA file over TLS. Time runs `speed` times.

    `memory`: UIDVALIDITY, last announced UID, baseline UID or -1, refused logins; none at first.
    `further`: of each mailbox but the first a hash of its name and the first three of these.
    `tells_stale`: that the count is no longer proven is told as soon as it is so.
    """
    order = {
        "ca": ca,
        "speed": speed,
        "memory": memory,
        "further": further,
        "tells_stale": tells_stale,
        "settings": {
            "name": "test",
            "host": "localhost",
            "port": port,
            "tls": "implicit" if ca else "none",
            "user": "me",
            "password": "secret",
            "auth": "auto",
            "mailboxes": ["INBOX"],
            "search": "UNSEEN",
            "baseline": "all",
            "access": "read-only",
            "idle": True,
            "poll_s": 60,
            **settings,
        },
    }
    with micropython.started(_DRIVER) as process:
        assert process.stdin
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        watch = Watch(process, port)
        try:
            yield watch
        finally:
            watch.end()
