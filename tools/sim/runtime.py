"""Finds the MicroPython that plays the board, and starts it as a process with two pipes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


class NoRuntimeError(Exception):
    """There is no MicroPython to run; the text says how to get one."""


def find_micropython() -> str:
    """Path of the micropython program: $MICROPYTHON, else the one installed beside this Python."""
    named = os.environ.get("MICROPYTHON")
    if named:
        if not (os.path.isfile(named) and os.access(named, os.X_OK)):
            raise NoRuntimeError(f"MICROPYTHON={named} is not a program that can be run.")
        return named
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if beside.is_file() else shutil.which("micropython")
    if not found:
        raise NoRuntimeError(
            "There is no micropython here. `make` installs one on Linux x86_64 and macOS arm64; "
            "elsewhere build the unix port and set MICROPYTHON=/path/to/micropython."
        )
    return found
