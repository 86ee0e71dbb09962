"""Firmware with a fault of its own: how the gadget lives with a mistake that nobody knows of."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tools import build


def sabotaged(module: str, line: str, fault: str) -> list[build.BoardFile]:
    """A board's files; in postlamp/<module>.py the one `line` that there is has become `fault`."""
    with tempfile.TemporaryDirectory(prefix="postlamp-sabotage-") as name:
        firmware = Path(name) / "firmware"
        shutil.copytree(build.FIRMWARE, firmware)
        path = firmware / "postlamp" / f"{module}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(line) == 1, f"{line!r} is {text.count(line)} times in {module}"
        path.write_text(text.replace(line, fault), encoding="utf-8")
        files = build.deploy_set("SIM", firmware)
        # the originals are gone when the board is laid out; what was built is not
        return [build.BoardFile(file.path, file.content, build.ROOT) for file in files]
