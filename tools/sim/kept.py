"""What a simulated board keeps while it restarts: its flash, its NVS, the memory of its clock."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tools import build


class Kept:
    """A folder of its own until `remove`; only a power-off empties the memory of the clock."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postlamp-sim-"))
        self.flash = self.folder / "flash"
        self.clock_memory = b""

    def write(self, files: list[build.BoardFile], config: Any, ca_pem: bytes) -> None:
        """Lays out the flash of a new board."""
        (self.folder / "nvs").mkdir()
        self.flash.mkdir()
        build.write(files, self.flash)
        if config is not None:
            text = json.dumps(config, ensure_ascii=False)
            (self.flash / "config.json").write_text(text, encoding="utf-8")
        if ca_pem:
            (self.flash / "ca.pem").write_bytes(ca_pem)

    def environment(self) -> dict[str, str]:
        """How the shims find it."""
        return {
            "POSTLAMP_SIM_NVS": str(self.folder / "nvs"),
            "POSTLAMP_SIM_RTC": self.clock_memory.hex(),
        }

    def remove(self) -> None:
        """Leaves no file."""
        shutil.rmtree(self.folder, ignore_errors=True)
