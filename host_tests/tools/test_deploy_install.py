"""The switch from one version to another, its power cut at every write of the flash.

Real MicroPython and real littlefs; the installer is the one that a board gets.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from host_tests.support import micropython
from tools import build
from tools.sim.runtime import find_micropython

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())
DRIVER = Path(__file__).with_name("install_driver.py")
INSTALLER = build.ROOT / "tools" / "deploy_device.py"
OLD = {
    "boot.py": "old",
    "main.py": "same",
    "postlamp/a.mpy": "old" * 999,
    "postlamp/deep/gone.mpy": "old",
    "config.json": "the owner's",
}
NEW = {
    "boot.py": "new",
    "main.py": "same",
    "postlamp/a.mpy": "new" * 999,
    "assets/more/b.bin": "new" * 3000,
    "config.json": "the owner's",
}


def is_left_over(path: str) -> bool:
    """What the next deploy clears away."""
    return path.startswith(("new.part/", "new.done/"))


@pytest.mark.parametrize("ending", ["whole", "tears"])
def test_the_old_version_or_the_new_one_is_whole_after_a_cut_at_any_write(
    ending: str, tmp_path: Path
):
    installer = tmp_path / "install.mpy"
    installer.write_bytes(build.compile_file(INSTALLER, "install"))
    done = subprocess.run(
        [find_micropython(), str(DRIVER), str(installer), ending],
        env=micropython.environment(),
        capture_output=True,
        text=True,
        timeout=micropython.TIMEOUT_S,
    )
    assert done.returncode == 0, done.stdout
    lives = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    versions = []
    for life in lives:
        files = {
            path: bytes.fromhex(text).decode("latin-1") for path, text in life["files"].items()
        }
        found = {path: text for path, text in files.items() if not is_left_over(path)}
        assert found in (OLD, NEW), (len(versions), found.keys())
        versions.append("old" if found == OLD else "new")
    assert [life["over"] for life in lives] == [True] * (len(lives) - 1) + [False]
    assert versions == sorted(versions, reverse=True)  # old, then new, never old again
    assert versions[0] == "old" and versions.count("new") > 15
    assert lives[-1]["starts"] == 0  # it was done when the power stayed
