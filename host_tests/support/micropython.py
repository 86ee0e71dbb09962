"""The MicroPython executable of the tests, and how it runs a file of unit tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What every interpreter finds by `import`; CPython has the same in pyproject.toml's pythonpath.
IMPORT_FOLDERS = ("firmware", "host_tests/support/portable", "host_tests/unit")
NAME = "micropython"
TIMEOUT_S = 120


def executable() -> Path | None:
    """Return $MICROPYTHON, or the one of this virtual environment, or the one in PATH."""
    named = os.environ.get("MICROPYTHON") or shutil.which("micropython")
    beside = Path(sys.executable).with_name("micropython")
    if os.environ.get("MICROPYTHON") or not beside.is_file():
        return Path(named) if named else None
    return beside


def missing() -> str:
    """Return why it cannot run here, or nothing."""
    found = executable()
    if found is None:
        return "no MicroPython for this platform; name one with MICROPYTHON=/path"
    return "" if found.is_file() else f"MICROPYTHON names {found}, which does not exist"


def environment() -> dict[str, str]:
    """Return the environment in which it finds the device's packages, from .py files."""
    folders = [str(ROOT / folder) for folder in IMPORT_FOLDERS]
    # Without .frozen it would lose asyncio and ssl.
    return {**os.environ, "MICROPYPATH": ":".join([*folders, ".frozen"])}


def run_tests(file: Path, names: list[str]) -> str:
    """Run the named functions of one file in one process; return all it printed."""
    command = [str(executable()), "-m", "unit_main", file.stem, *names]
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
