"""What goes on a board: all of the firmware, compiled, and nothing of the simulator."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import build

BOARDS = sorted(path.parent.name for path in build.BOARDS.glob("*/board.json"))
SHIMS = sorted(path.name for path in build.SHIMS.glob("*.py"))


@pytest.fixture
def firmware(tmp_path: Path) -> Path:
    """A copy of a small firmware that a test may spoil."""
    package = tmp_path / "firmware" / "postlamp" / "net"
    package.mkdir(parents=True)
    (tmp_path / "firmware" / "assets").mkdir()
    (tmp_path / "firmware" / "assets" / "words.json").write_text("{}")
    (tmp_path / "firmware" / "boot.py").write_text("")
    (tmp_path / "firmware" / "main.py").write_text("from postlamp.net.clock import now\n")
    (tmp_path / "firmware" / "manifest.py").write_text("package('postlamp')\n")
    (package.parent / "__init__.py").write_text('"""A package."""\n')
    (package / "clock.py").write_text("def now():\n    return 1\n")
    return tmp_path / "firmware"


def test_a_board_gets_the_package_compiled_and_boot_and_main_as_source(firmware: Path) -> None:
    files = {file.path: file.content for file in build.deploy_set("SIM", firmware)}
    assert sorted(files) == [
        "assets/words.json",
        "board.json",
        "boot.py",
        "lib/base.mpy",
        "main.py",
        "roots.bin",
    ]
    assert files["lib/base.mpy"][:2] == b"M\x06"
    assert files["main.py"] == b"from base import now\n"


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_gets_its_own_description(firmware: Path, board: str) -> None:
    files = {file.path: file for file in build.deploy_set(board, firmware)}
    assert files["board.json"].origin == build.BOARDS / board / "board.json"
    described = build.board_description(board)
    assert described["board"] == board
    assert 1 <= described["max_connections"] <= described["max_accounts"] <= 4


@pytest.mark.parametrize("shim", SHIMS)
@pytest.mark.parametrize("folder", ["postlamp", "postlamp/net", "assets"])
def test_a_shim_copied_into_the_firmware_is_caught(firmware: Path, folder: str, shim: str) -> None:
    shutil.copy(build.SHIMS / shim, firmware / folder / shim)
    with pytest.raises(build.BuildError, match="shim"):
        build.deploy_set("SIM", firmware)


def test_a_shim_added_to_a_deploy_set_is_caught(firmware: Path) -> None:
    shim = build.SHIMS / "machine.py"
    added = build.BoardFile("lib/m.py", shim.read_bytes(), shim)
    files = [*build.deploy_set("SIM", firmware), added]
    with pytest.raises(build.BuildError, match=r"lib/m\.py"):
        build.check(files)


def test_a_file_that_does_not_compile_is_named(firmware: Path) -> None:
    bad = firmware / "postlamp" / "bad.py"
    bad.write_text("\ndef f(:\n")
    with pytest.raises(build.BuildError, match=r"bad\.py:2: invalid syntax"):
        build.deploy_set("SIM", firmware)
    bad.write_text("match 1:\n    case _:\n        pass\n")  # Python, but not the board's
    with pytest.raises(build.BuildError, match=r"bad\.py.*mpy-cross"):
        build.deploy_set("SIM", firmware)


@pytest.mark.parametrize("name", ["NOBODY_NOTHING", "", "../boards/SIM", "sim"])
def test_an_unknown_board_names_the_known_ones(name: str) -> None:
    with pytest.raises(build.BuildError, match="ESPRESSIF_ESP32_DEVKITC"):
        build.deploy_set(name)


def test_several_builders_at_once_get_the_same(
    firmware: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    with ThreadPoolExecutor(6) as pool:
        sets = list(pool.map(lambda _: build.deploy_set("SIM", firmware), range(6)))
    assert all(files == sets[0] for files in sets)
    assert not list((tmp_path / "cache").rglob(".new-*"))


def test_a_changed_source_is_compiled_anew(firmware: Path) -> None:
    before = build.compile_file(firmware / "postlamp/net/clock.py", "clock.py")
    (firmware / "postlamp/net/clock.py").write_text("def now():\n    return 2\n")
    assert build.compile_file(firmware / "postlamp/net/clock.py", "clock.py") != before
