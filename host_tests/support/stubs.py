"""Copy the type stubs of MicroPython out of the installed packages into .build/stubs.

There mypy reads them for firmware/ alone: they contradict the standard library's own types.
"""

import shutil
from importlib.metadata import files
from pathlib import Path

TARGET = Path(".build") / "stubs"
CACHE = Path(".build") / "mypy-firmware"  # mypy does not notice that a stub was added
PACKAGES = ("micropython-stdlib-stubs", "micropython-esp32-stubs")

# Where the stubs know less than the board does: file -> (text of theirs, text of ours).
# Ticks are plain numbers to whoever keeps them in a typed variable.
_TICKS = "from _mpy_shed.time_mp import _Ticks, _TicksCPU, _TicksMs, _TicksUs"
_TICKS_ARE_INT = "_Ticks = _TicksCPU = _TicksMs = _TicksUs = int"
_CONTEXT = "class SSLContext:\n"
_CONTEXT_VERIFIES = _CONTEXT + "    verify_mode: int\n    verify_callback: object\n"
MENDS = {
    "time.pyi": (_TICKS, _TICKS_ARE_INT),
    "tls.pyi": (_CONTEXT, _CONTEXT_VERIFIES),
}
_ANY_NAME = "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"
ADDED = {"stdlib/asyncio/core.pyi": _ANY_NAME}


def mend(target: Path) -> None:
    """Apply MENDS and ADDED; raises ValueError when a stub has changed under us."""
    for name, (theirs, ours) in MENDS.items():
        text = (target / name).read_text(encoding="utf-8")
        if theirs not in text:
            raise ValueError(f"{name} no longer says {theirs!r}: look at MENDS again")
        (target / name).write_text(text.replace(theirs, ours, 1), encoding="utf-8")
    for name, text in ADDED.items():
        (target / name).write_text(text, encoding="utf-8")


def copy_stubs(target: Path) -> int:
    """Lay out both packages as mypy's custom_typeshed_dir wants it; return the number of files."""
    count = 0
    for package in PACKAGES:
        for file in files(package) or []:
            if file.suffix == ".pyi" or file.name == "VERSIONS":
                destination = target / file
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), destination)
                count += 1
    return count


if __name__ == "__main__":
    for folder in (TARGET, CACHE):
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{copy_stubs(TARGET)} stubs in {TARGET}")
    mend(TARGET)
