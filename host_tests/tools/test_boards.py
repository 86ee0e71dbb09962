"""`postlamp boards`, and what every board's folder must hold to be flashed."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from serial.tools.list_ports_common import ListPortInfo

from tools import boardport, build
from tools.cli import main
from tools.imagefile import CHIPS

BOARDS = sorted(path.parent.name for path in build.BOARDS.glob("*/board.json"))
REAL = [name for name in BOARDS if build.board_description(name)["image"]]


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[ListPortInfo]:
    """What the computer has plugged in: a list to be filled."""
    found: list[ListPortInfo] = []
    monkeypatch.setattr(boardport.list_ports, "comports", lambda: found)
    return found


def said(*arguments: str, code: int = 0) -> str:
    """What the command says."""
    result = CliRunner().invoke(main, ["boards", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_every_board_is_listed_and_what_is_plugged_in(plugged: list[ListPortInfo]):
    assert "No board is plugged in" in said()
    port = ListPortInfo("/dev/ttyUSB0")
    port.vid = 0x1A86
    plugged.append(port)
    words = said()
    assert all(name in words for name in BOARDS) and "/dev/ttyUSB0 (CH340)" in words


def test_json_has_the_same(plugged: list[ListPortInfo]):
    facts = json.loads(said("--json"))
    assert [board["board"] for board in facts["boards"]] == BOARDS and facts["ports"] == []


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_shows_its_wiring(board: str):
    wiring = (build.BOARDS / board / "board.md").read_text()
    assert said(board).strip() == wiring.strip()
    assert json.loads(said(board, "--json"))["wiring"] == wiring


def test_an_unknown_board_names_the_known_ones():
    assert all(name in said("LAMP", code=1) for name in BOARDS)


@pytest.mark.parametrize("board", REAL)
def test_a_board_names_the_image_that_it_gets(board: str):
    description = build.board_description(board)
    image = description["image"]
    assert re.fullmatch(rf"{image['name']}-\d{{8}}-v(\d+\.\d+\.\d+)\.bin", image["file"])
    assert image["offset"] == CHIPS[description["chip"]][1]
    assert re.fullmatch(r"[0-9a-f]{64}", image.get("sha256", "0" * 64))


@pytest.mark.parametrize("command", ["boards", "deploy", "flash", "image"])
def test_help_tells_the_exit_codes(command: str):
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0 and "Ends with 0" in " ".join(result.output.split())
