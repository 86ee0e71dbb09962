"""`postlamp flash` for its tests: the command, quickly, and made-up boards of each chip."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tools import build
from tools.build import BoardFile
from tools.cli import main

_DEPLOY_SET = build.deploy_set
CHIPS = ["ESP32", "ESP32-S3", "ESP32-C3"]


@cache
def _firmware() -> list[BoardFile]:
    return _DEPLOY_SET("SIM")


def deploy_set(board: str) -> list[BoardFile]:
    """As the real one, compiled once for all."""
    own = build.BOARDS / board / "board.json"
    return [
        BoardFile(file.path, own.read_bytes(), own) if file.path == "board.json" else file
        for file in _firmware()
    ]


def hasten(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """The firmware does not change between tests; esptool gives up after a second."""
    _firmware()
    patch.setattr(build, "deploy_set", deploy_set)
    settings = folder / "esptool.cfg"
    settings.write_text("[esptool]\nconnect_attempts = 1\ntimeout = 1\n")
    patch.setenv("ESPTOOL_CFGFILE", str(settings))
    patch.delenv("ESPTOOL_PORT", raising=False)
    patch.delenv("POSTLAMP_PORT", raising=False)


def make_boards(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A folder of boards with one for each chip, whatever else the real one has."""
    for chip in CHIPS:
        name = made_up(chip)
        board = json.loads((build.BOARDS / "ESPRESSIF_ESP32_DEVKITC/board.json").read_text())
        board |= {"board": name, "chip": chip}
        (folder / name).mkdir(parents=True)
        (folder / name / "board.json").write_text(json.dumps(board))
    patch.setattr(build, "BOARDS", folder)
    return folder


def made_up(chip: str) -> str:
    """The name of the board with this chip."""
    return f"MADEUP_{chip.replace('-', '_')}"


def flashed(*options: Any) -> Result:
    """What the command says; a traceback fails the test."""
    result = CliRunner().invoke(main, ["flash", *map(str, options)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def fails(code: int, *options: Any) -> str:
    """Its message, on one line."""
    result = flashed(*options)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())
