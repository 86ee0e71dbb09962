"""The layers hold, and the checks that hold them fail when they should."""

import re
import shutil
from pathlib import Path

import pytest

from host_tests.support.layers import FIRMWARE, long_files, violations
from tools import build


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of firmware/ to spoil."""
    return Path(shutil.copytree(FIRMWARE, tmp_path / "firmware"))


def _new_violations(copy: Path) -> list[str]:
    """What spoiling the copy added; what the tree itself has is one test's concern."""
    known = {_unnumbered(fault) for fault in violations()}
    return [fault for fault in violations(copy) if _unnumbered(fault) not in known]


def _unnumbered(fault: str) -> str:
    return re.sub(r":\d+:", ":", fault)


def _prepend(path: Path, line: str) -> None:
    path.write_text(line + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def test_every_import_in_firmware_is_allowed():
    assert violations() == []


def test_no_file_is_too_long():
    assert long_files() == []


@pytest.mark.parametrize(
    ("file", "line", "name"),
    [
        ("imap/__init__.py", "import socket", "socket"),
        ("imap/engine.py", "import socket", "socket"),
        ("imap/engine.py", "from asyncio import sleep", "asyncio.sleep"),
        ("mime/__init__.py", "import time", "time"),
        ("net/wifi.py", "import ssl", "ssl"),
        ("mail/__init__.py", "from postlamp import app", "postlamp.app"),
        ("app/__init__.py", "import machine", "machine"),
        ("app/__init__.py", "from postlamp.ui.strip import Strip", "postlamp.ui.strip.Strip"),
        ("ui/__init__.py", "from .. import mail", "postlamp.mail"),
        ("ui/strip.py", "from ..app import looks", "postlamp.app.looks"),
        ("store/__init__.py", "__import__('network')", "network"),
        ("errors.py", "import sys", "sys"),
    ],
)
def test_a_forbidden_import_is_found(copy: Path, file: str, line: str, name: str):
    path = copy / "postlamp" / file
    path.touch()
    _prepend(path, line)
    row = file.removesuffix("/__init__.py").split("/")[0].removesuffix(".py")
    assert _new_violations(copy) == [f"firmware/postlamp/{file}:1: {row} must not import {name}"]


def test_only_the_dialler_may_import_sockets_and_only_one_module_tls(copy: Path):
    (copy / "postlamp/net/dial.py").write_text("import socket\n")
    (copy / "postlamp/net/contexts.py").write_text("import tls\n")
    assert _new_violations(copy) == []
    (copy / "postlamp/net/dial.py").write_text("import tls\n")
    assert len(_new_violations(copy)) == 1


def test_a_package_without_a_layer_is_found(copy: Path):
    (copy / "postlamp/misc.py").write_text("x = 1\n")
    assert _new_violations(copy) == [
        "firmware/postlamp/misc.py: no layer of this name in layers.py"
    ]


def test_firmware_may_not_even_mention_the_simulator(copy: Path):
    _prepend(copy / "postlamp/errors.py", "# a shim of the Simulator")
    assert "errors.py:1: nothing here knows of the simulator" in _new_violations(copy)[0]


def test_a_file_over_the_limit_is_found(tmp_path: Path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "short.py").write_text("\n" * 300)
    (tmp_path / "tools" / "long.py").write_text("\n" * 301)
    assert long_files(tmp_path) == ["tools/long.py: 301 lines; 300 is the limit, split it"]


@pytest.mark.parametrize("board", sorted(p.parent.name for p in build.BOARDS.glob("*/board.json")))
def test_no_shim_is_in_a_deploy_set(board: str):
    shims = {path.read_bytes() for path in build.SHIMS.glob("*.py")}
    names = {path.stem for path in build.SHIMS.glob("*.py")}
    assert names, "there are shims to look for"
    for file in build.deploy_set(board):
        assert file.origin.read_bytes() not in shims
        assert Path(file.path).stem not in names


def test_a_shim_copied_into_a_deploy_set_is_refused(copy: Path):
    for shim in build.SHIMS.glob("*.py"):
        target = copy / "postlamp" / shim.name
        shutil.copy(shim, target)
        with pytest.raises(build.BuildError, match="a shim of the simulator"):
            build.deploy_set("SIM", copy)
        target.unlink()


def test_a_renamed_shim_in_a_deploy_set_is_refused_too(copy: Path):
    for shim in build.SHIMS.glob("*.py"):
        target = copy / "postlamp" / "innocent.py"
        shutil.copy(shim, target)
        with pytest.raises(build.BuildError, match="a shim of the simulator"):
            build.deploy_set("SIM", copy)
