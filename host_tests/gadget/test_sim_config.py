"""`postlamp sim --config … --ca … --headless --json` follows a real server line by line."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from host_tests.support.command import LINE_KEYS, leftovers, start
from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config

FOLLOWS_S = 20  # a restarted server is tried again after at most a few doublings of 0.5 s


class Lines:
    """The JSON lines of a running simulator."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.seen: list[dict[str, Any]] = []

    def until(self, is_it: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The next line that is it."""
        deadline = time.monotonic() + FOLLOWS_S
        assert self._process.stdout
        for line in self._process.stdout:
            self.seen.append(json.loads(line))
            assert list(self.seen[-1]) == LINE_KEYS
            if is_it(self.seen[-1]):
                return self.seen[-1]
            if time.monotonic() > deadline:
                break
        raise AssertionError(f"{what}: not told; last {self.seen[-3:]}")

    def unseen(self, count: int) -> dict[str, Any]:
        """The next line with this proved count."""
        return self.until(lambda line: line["unseen"] == count, f"{count} unread")


@contextmanager
def simulator(settings: Any, ca_pem: bytes, folder: Path) -> Iterator[Lines]:
    """The command a person types, in a folder of its own."""
    (folder / "my.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    (folder / "ca.pem").write_bytes(ca_pem)
    files = ("--config", str(folder / "my.json"), "--ca", str(folder / "ca.pem"))
    with start(folder, "sim", *files, "--headless", "--json", "--seconds", "60") as process:
        try:
            yield Lines(process)
        finally:
            process.terminate()
            _, words = process.communicate(timeout=10)
    assert process.returncode == 0, words
    assert leftovers(folder) == []


def test_it_follows_deliveries_reading_expunges_and_a_restart(server: Dovecot, tmp_path: Path):
    settings = config(account(server.tls_port))
    del settings["accounts"][0]["trust"]  # then --ca says it
    with simulator(settings, server.ca_pem, tmp_path) as lines:
        assert lines.unseen(0)["light"]
        for count in (1, 2, 3):
            server.deliver("Ann <ann@example.org>", f"Mail {count}")
            line = lines.unseen(count)
            assert line["state"] == "new" and f"Mail {count}" in line["screen"]
        server.mark_seen(1)
        lines.unseen(2)
        server.expunge(2)
        lines.unseen(1)
        server.restart()
        lines.until(lambda line: bool(line["cause"]), "the restart is noticed")
        server.deliver()
        lines.unseen(2)
        server.mark_seen()
        lines.unseen(0)
    assert json.loads((tmp_path / "my.json").read_text()) == settings
