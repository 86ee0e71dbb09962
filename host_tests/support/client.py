"""The real Transport in a micropython process, driven by one JSON line for each order."""

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from host_tests.support import micropython

_DRIVER = micropython.ROOT / "host_tests" / "wire" / "transport_driver.py"
_PATIENCE_S = 60.0  # for one order; each has a deadline of its own, far below this


class Client:
    """One process; give orders, get what came of them."""

    def __init__(self, process: "subprocess.Popen[str]", ca: Path) -> None:
        self._process = process
        self.ca = str(ca)

    def order(self, do: str, **values: object) -> dict[str, Any]:
        """Has one order of transport_driver.py done; returns its answer."""
        assert self._process.stdin and self._process.stdout
        watchdog = threading.Timer(_PATIENCE_S, self._process.kill)
        watchdog.start()
        try:
            self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line.startswith("{"):
            rest = self._process.stdout.read()
            code = self._process.wait()
            raise AssertionError(f"the client broke at {do} (ended with {code}):\n{line}{rest}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def connect(self, port: int, *, do: str = "connect", **values: object) -> dict[str, Any]:
        """Connects; by default with TLS to localhost, trusting the test's own CA."""
        order: dict[str, object] = {
            "host": "localhost",
            "port": port,
            "tls": "implicit",
            "ca": self.ca,
            "name": None,
            "connect_ms": 3000,
            "tls_ms": 3000,
        }
        return self.order(do, **{**order, **values})

    def read(self, size: int, deadline_ms: int = 3000) -> dict[str, Any]:
        """Reads `size` bytes, or less when the stream ends or falls silent."""
        return self.order("read", size=size, deadline_ms=deadline_ms)


@contextlib.contextmanager
def started(ca: Path, *options: str) -> Iterator[Client]:
    """A client process for as long as the block lasts; `options` are MicroPython's."""
    with micropython.started(_DRIVER, *options) as process:
        yield Client(process, ca)
