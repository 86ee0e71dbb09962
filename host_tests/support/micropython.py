"""The MicroPython of the tests: runs a file of unit tests, or a driver that is talked to."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.sim.runtime import NoRuntimeError, find_micropython

ROOT = Path(__file__).resolve().parents[2]
# What every interpreter finds by `import`; CPython has the same in pyproject.toml's pythonpath.
IMPORT_FOLDERS = ("firmware", "host_tests/support/portable", "host_tests/unit")
NAME = "micropython"
TIMEOUT_S = 120


def missing() -> str:
    """Return why it cannot run here, or nothing."""
    try:
        find_micropython()
    except NoRuntimeError as e:
        return str(e)
    return ""


def environment() -> dict[str, str]:
    """Return the environment in which it finds the device's packages, from .py files."""
    folders = [str(ROOT / folder) for folder in IMPORT_FOLDERS]
    # Without .frozen it would lose asyncio and ssl.
    return {**os.environ, "MICROPYPATH": ":".join([*folders, ".frozen"])}


@contextlib.contextmanager
def started(driver: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A driver in a process of its own, its console in pipes, for as long as the block lasts.

    `options` are MicroPython's own, such as -X heapsize=100k.
    """
    with subprocess.Popen(
        [find_micropython(), *options, str(driver)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run_tests(file: Path, names: list[str]) -> str:
    """Run the named functions of one file in one process; return all it printed."""
    command = [find_micropython(), "-m", "unit_main", file.stem, *names]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
    )
    return done.stdout.decode(errors="replace")
