"""The `postlamp` command in a process of its own, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.build import ROOT

# What a line of `postlamp sim --json` holds, in this order (DESIGN.md, "Configuration").
LINE_KEYS = [
    "t_ms",
    "state",
    "cause",
    "account",
    "detail",
    "unseen",
    "proven_age_s",
    "light",
    "screen",
    "reconnects",
    "heap_free",
]


def start(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts the command with a folder of its own for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "tools.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def leftovers(tmp_path: Path) -> list[str]:
    """Temporary files that are still there, and processes in that folder or told of it."""
    folder = str(tmp_path / "temporary")
    found = [path.name for path in (tmp_path / "temporary").iterdir()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where, environment = os.readlink(process / "cwd"), (process / "environ").read_bytes()
        except OSError:
            continue  # ended meanwhile, or another user's
        if where.startswith(folder) or folder.encode() in environment:
            found.append((process / "cmdline").read_text())
    return found
