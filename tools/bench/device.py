"""Has MicroPython take one long answer from the server of answers.py, by answers_device.py."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import build
from tools.sim.runtime import find_micropython

_TIMEOUT_S = 120
_DRIVER = Path(__file__).with_name("answers_device.py")


@contextmanager
def firmware_folder() -> Iterator[Path]:
    """A folder with the compiled firmware, to start `take` in."""
    with tempfile.TemporaryDirectory(prefix="postlamp-bench-") as name:
        folder = Path(name)
        build.write(build.deploy_set("SIM", is_short=False), folder)  # it imports what it drives
        yield folder


def take(
    folder: Path,
    port: int,
    kind: str,
    amount: int,
    *more: object,
    heap_bytes: int = 0,
) -> tuple[bool, str]:
    """Whether it went well, and what was printed; `more` is what the driver takes after amount."""
    options = ["-X", f"heapsize={heap_bytes}"] if heap_bytes else []
    words = [str(word) for word in (port, kind, amount, *more)]
    done = subprocess.run(
        [find_micropython(), *options, str(_DRIVER), *words],
        cwd=folder,
        env={**os.environ, "MICROPYPATH": f"{folder}:.frozen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT_S,
    )
    return done.returncode == 0, done.stdout
