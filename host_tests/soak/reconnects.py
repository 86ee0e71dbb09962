"""Real reconnects: the watcher over TLS to Dovecot, cut off each time it has counted."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from host_tests.soak import watchdog
from host_tests.soak.cutter import WAYS, Cutter
from host_tests.support.dovecot import Dovecot
from tools import build
from tools.sim.runtime import find_micropython

_DRIVER = Path(__file__).with_name("reconnect_driver.py")
_WAITING = 3
_SILENCE_S = 60  # a reconnect takes a tenth of a second
HEAP_TOLERANCE = 128  # bytes: what the collector may take for a pointer


class ReconnectError(AssertionError):
    """A reconnect did not end with the right count."""


@dataclass(frozen=True)
class Cost:
    """What was in use after so many reconnects."""

    number: int
    heap_bytes: int
    files: int
    failures: int  # connections that ended, and some that never came to be


def reconnect(times: int, every: int) -> list[Cost]:
    """What is in use at the start and after each `every` reconnects, by cuts of every kind."""
    server = Dovecot()
    try:
        for number in range(_WAITING):
            server.deliver(subject=f"Hello {number}")
        with Cutter(server.tls_port) as cutter, tempfile.TemporaryDirectory() as name:
            return follow(cutter, server.ca_pem, Path(name), times, every)
    finally:
        server.stop()


def lost(costs: list[Cost]) -> tuple[int, int]:
    """Bytes and open files that were lost since the second look; the first is before any cut."""
    return costs[-1].heap_bytes - costs[1].heap_bytes, costs[-1].files - costs[1].files


def follow(cutter: Cutter, ca: bytes, folder: Path, times: int, every: int) -> list[Cost]:
    """As reconnect, to whatever server the cutter leads to."""
    costs = []
    process = _started(folder)
    try:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(_order(cutter.port, ca, folder, times, every)) + "\n")
        process.stdin.flush()
        for line in watchdog.lines(process, _SILENCE_S, cutter.missing):
            kind, *numbers = line.split()
            if kind == "cost":
                costs.append(Cost(*map(int, numbers)))
            elif kind == "cut":
                cutter.cut(WAYS[int(numbers[0]) % len(WAYS)])
            else:
                raise ReconnectError(line + process.stdout.read())
    except watchdog.SilenceError as error:
        raise ReconnectError(f"{error}, after {costs[-1:]}") from error
    finally:
        process.kill()
        process.wait()
    if not costs or costs[-1].number != times:
        raise ReconnectError(f"it ended after {costs[-1:]}")
    return costs


def _started(folder: Path) -> subprocess.Popen[str]:
    build.write(build.deploy_set("SIM", is_short=False), folder / "flash")
    (folder / "reconnect_driver.mpy").write_bytes(build.compile_file(_DRIVER, _DRIVER.stem))
    heap = build.board_description("SIM")["heap"]
    return subprocess.Popen(
        [find_micropython(), "-X", f"heapsize={heap}", "-c", "import reconnect_driver"],
        cwd=folder / "flash",
        env={**os.environ, "MICROPYPATH": f"{folder}:{folder}/flash:.frozen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _order(port: int, ca: bytes, folder: Path, times: int, every: int) -> dict[str, object]:
    (folder / "ca.pem").write_bytes(ca)
    return {
        "times": times,
        "every": every,
        "unseen": _WAITING,
        "ca": str(folder / "ca.pem"),
        "settings": {
            "name": "work",
            "host": "localhost",
            "port": port,
            "tls": "implicit",
            "user": Dovecot.user,
            "password": Dovecot.password,
            "auth": "auto",
            "mailboxes": ["INBOX"],
            "search": "UNSEEN UNDELETED",
            "baseline": "all",
            "access": "read-only",
            "idle": True,
            "poll_s": 60,
        },
    }
