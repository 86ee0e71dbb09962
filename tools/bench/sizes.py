"""What the compiled firmware weighs: bytes of .mpy, which cost RAM 1.3 to 1.55 times on a chip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tools import build, link
from tools.bench.figure import Figure

# Beside the bundles; everything else is loaded for a moment and given back (whoever loads a module
# also drops it), or not fitted on the simulator.
_RESIDENT = {*link.BUNDLES, "heart", "modules", "strip"}
_IMAP = build.FIRMWARE / "postlamp" / "imap"


def resident(files: list[build.BoardFile]) -> dict[str, int]:
    """Names and .mpy bytes of the modules that stay loaded while watching."""
    return {name: size for name, size in modules(files).items() if name in _RESIDENT}


def modules(files: list[build.BoardFile]) -> dict[str, int]:
    """Names and .mpy bytes of all modules."""
    return {
        Path(file.path).stem: len(file.content) for file in files if file.path.endswith(".mpy")
    }


def measure() -> Iterator[Figure]:
    """The engine, what stays loaded while watching, and everything on the flash."""
    files = build.deploy_set("SIM")
    in_imap = [file for file in files if file.origin.is_relative_to(_IMAP)]
    yield _kib(".mpy of the IMAP engine", modules(in_imap).values(), 24)
    yield _kib(".mpy of the IMAP engine, resident", resident(in_imap).values(), 12)
    yield _kib(".mpy resident while watching, OLED and ring", resident(files).values(), 32)
    ours = [len(file.content) for file in files if file.path != "roots.bin"]
    yield _kib("everything on the board but Mozilla's roots", ours, 160)


def _kib(name: str, sizes: Iterable[int], budget_kib: int) -> Figure:
    return Figure(name, sum(sizes) / 1024, "KiB", budget_kib)
