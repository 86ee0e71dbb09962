"""`postlamp files`: what it writes is what a board gets, and mistakes are told plainly."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tools import build
from tools.cli import main


@pytest.mark.parametrize("board", ["ESPRESSIF_ESP32_DEVKITC", "ESPRESSIF_ESP32_S3_DEVKITC"])
def test_it_writes_the_deploy_set(board: str, tmp_path: Path):
    folder = tmp_path / "a new folder"
    result = CliRunner().invoke(main, ["files", board, str(folder)])
    assert result.exit_code == 0, result.output
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == {file.path for file in build.deploy_set(board)}
    assert {"boot.py", "main.py", "board.json", "lib/imap.mpy"} <= written
    assert f"{len(written)} files" in result.output


def test_an_unknown_board_names_the_known_ones(tmp_path: Path):
    result = CliRunner().invoke(main, ["files", "ESP8266", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "ESPRESSIF_ESP32_DEVKITC" in result.output


def test_a_folder_in_use_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep")
    result = CliRunner().invoke(main, ["files", "SIM", str(tmp_path)])
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("keep")
    result = CliRunner().invoke(main, ["files", "SIM", str(tmp_path / "file" / "out")])
    assert result.exit_code == 1
    assert "file: Not a directory." in result.output.replace("/out", "")
    assert "Errno" not in result.output
