"""Finds the MicroPython that plays the board, and works out the heap it is given."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

# What the shims take of the heap in use, measured (host_tests/tools/test_heap.py): on a chip they
# are C code in flash. The firmware gets what its board has, and this on top is for them.
SHIM_HEAP_BYTES = 34_000

_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}


class NoRuntimeError(Exception):
    """There is no MicroPython to run; the text says how to get one."""


def heap_option(heap: str) -> str:
    """-X heapsize for a board's heap, such as 110k: the firmware's share and the shims'."""
    digits = heap.rstrip("kKmM")
    unit = heap[len(digits) :].lower()
    if not digits.isdigit() or unit not in _UNITS:
        raise ValueError(f"a heap is a number with k or M behind it, not {heap!r}")
    return f"heapsize={int(digits) * _UNITS[unit] + SHIM_HEAP_BYTES}"


def find_micropython() -> str:
    """Path of the micropython program: $MICROPYTHON, else the one installed beside this Python."""
    named = os.environ.get("MICROPYTHON")
    if named:
        program = shutil.which(named)
        if not program:
            raise NoRuntimeError(f"MICROPYTHON={named} is not a program that can be run.")
        return os.path.abspath(program)  # it is started in other folders than this one
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if beside.is_file() else shutil.which("micropython")
    if not found:
        raise NoRuntimeError(
            "There is no micropython here. `make` installs one on Linux x86_64 and macOS arm64; "
            "elsewhere build the unix port and set MICROPYTHON=/path/to/micropython."
        )
    return found
