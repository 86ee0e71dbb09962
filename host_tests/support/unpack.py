"""The files of a board's file system, read by the real MicroPython."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from host_tests.support import micropython
from tools.build import BoardFile
from tools.sim.runtime import find_micropython

_DRIVER = micropython.ROOT / "host_tests" / "tools" / "unpack_driver.py"


def files(system: bytes) -> list[BoardFile]:
    """What MicroPython finds on it, and it can write there. Raises AssertionError."""
    with tempfile.TemporaryDirectory(prefix="postlamp-unpack-") as folder:
        image, target = Path(folder) / "vfs.bin", Path(folder) / "files"
        image.write_bytes(system)
        target.mkdir()
        heap = f"heapsize={3 * len(system) + (1 << 20)}"
        done = subprocess.run(
            [find_micropython(), "-X", heap, str(_DRIVER), str(image), str(target)],
            env=micropython.environment(),
            capture_output=True,
            timeout=micropython.TIMEOUT_S,
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")
        return [
            BoardFile(path.relative_to(target).as_posix(), path.read_bytes(), _DRIVER)
            for path in sorted(target.rglob("*"))
            if path.is_file()
        ]
