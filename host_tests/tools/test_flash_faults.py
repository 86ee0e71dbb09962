"""What `postlamp flash` says when it cannot go on: what is wrong, and what to do."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
import serial
from serial.tools.list_ports_common import ListPortInfo

from host_tests.support import madeup
from host_tests.support.bootloader import VirtualBoard
from host_tests.tools.flashing import fails, flashed, hasten, make_boards
from tools import boardport

MIB = 1 << 20


@pytest.fixture(autouse=True)
def quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(tmp_path, monkeypatch)


@pytest.fixture
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_boards(tmp_path / "boards", monkeypatch)


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    """A made-up MicroPython for an ESP32."""
    path = tmp_path / "stock.bin"
    path.write_bytes(madeup.image())
    return path


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[ListPortInfo]:
    """What the computer has plugged in: a list to be filled."""
    found: list[ListPortInfo] = []
    monkeypatch.setattr(boardport.list_ports, "comports", lambda: found)
    return found


def port(path: str, maker: int | None, product: str = "") -> ListPortInfo:
    """A port as pyserial tells of it."""
    info = ListPortInfo(path)
    info.vid, info.product = maker, product
    return info


def test_a_silent_board_is_to_be_held_at_boot(stock: Path):
    with VirtualBoard("ESP32", is_silent=True) as board:
        said = fails(3, "--port", board.port, "--image", stock)
    assert "Hold its BOOT button" in said


def test_the_image_of_another_chip_is_not_written(boards: Path, stock: Path):
    with VirtualBoard("ESP32-S3") as board:
        said = fails(1, "--port", board.port, "--image", stock, "--json")
        assert "is for an ESP32, and MADEUP_ESP32_S3 has an ESP32-S3" in json.loads(said)["error"]
    assert board.written == 0


def test_another_chip_than_the_board_s_is_told(boards: Path, stock: Path):
    with VirtualBoard("ESP32-S3") as board:
        options = ("--port", board.port, "--image", stock, "--board", "MADEUP_ESP32")
        said = fails(3, *options)
    assert f"MADEUP_ESP32 has an ESP32, and at {board.port} is an ESP32-S3" in said
    assert "Boards with that: MADEUP_ESP32_S3" in said and board.written == 0


def test_a_chip_of_several_boards_wants_a_name(boards: Path, stock: Path):
    twin = json.loads((boards / "MADEUP_ESP32/board.json").read_text()) | {"board": "TWIN"}
    (boards / "TWIN").mkdir()
    (boards / "TWIN/board.json").write_text(json.dumps(twin))
    with VirtualBoard("ESP32") as board:
        said = fails(3, "--port", board.port, "--image", stock)
        assert "MADEUP_ESP32, TWIN" in said and "--board NAME" in said
        assert flashed("--port", board.port, "--image", stock, "--board", "TWIN").exit_code == 0


def test_a_chip_of_no_board_is_told(boards: Path, stock: Path):
    with VirtualBoard("ESP32-S2") as board:
        said = fails(3, "--port", board.port, "--image", stock)
    assert "is an ESP32-S2, and Postlamp knows no board with it" in said


def test_an_image_that_is_larger_than_the_flash_is_told(stock: Path):
    with VirtualBoard("ESP32", 2 * MIB) as board:
        assert "the board has 2 MiB" in fails(1, "--port", board.port, "--image", stock)
    assert board.written == 0


def test_a_damaged_image_never_reaches_the_board(stock: Path):
    stock.write_bytes(stock.read_bytes()[:-40])
    with VirtualBoard("ESP32") as board:
        assert "damaged" in fails(1, "--port", board.port, "--image", stock)
    assert board.written == 0


def test_no_board_at_all(plugged: list[ListPortInfo]):
    plugged.append(port("/dev/ttyS0", None))
    said = fails(3)
    assert "Many cables only charge" in said and "driver" in said


def test_several_boards_are_named(plugged: list[ListPortInfo]):
    plugged += [port("/dev/ttyUSB1", 0x10C4), port("/dev/ttyACM0", 0x303A)]
    said = fails(3)
    assert "/dev/ttyACM0 (Espressif), /dev/ttyUSB1 (CP210x)" in said and "--port" in said


def test_the_only_board_is_taken_whatever_else_is_plugged_in(
    plugged: list[ListPortInfo], stock: Path
):
    with VirtualBoard("ESP32") as board:
        plugged += [port("/dev/ttyACM7", 0x1234, "a modem"), port(board.port, 0x1A86)]
        assert flashed("--image", stock).exit_code == 0


def test_a_port_that_is_not_there(plugged: list[ListPortInfo], tmp_path: Path):
    plugged.append(port("/dev/ttyUSB5", 0x10C4))
    said = fails(3, "--port", tmp_path / "absent")
    assert "There is no port" in said and "/dev/ttyUSB5" in said


def test_what_is_no_port(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "cannot be opened as a serial port" in fails(3, "--port", tmp_path / "file")


def test_a_port_in_use_is_told_with_who_uses_it(stock: Path):
    with VirtualBoard("ESP32") as board:
        taken = serial.Serial(board.port, exclusive=True)
        try:
            said = fails(3, "--port", board.port, "--image", stock)
        finally:
            taken.close()
    assert f"{board.port} is in use" in said and "monitor" in said


def test_a_port_that_one_may_not_use(monkeypatch: pytest.MonkeyPatch):
    with VirtualBoard("ESP32") as board:

        def refuse(*_: Any, **__: Any) -> None:
            raise serial.SerialException(errno.EACCES, "Permission denied")

        monkeypatch.setattr(boardport.serial, "Serial", refuse)
        said = fails(3, "--port", board.port)
    assert f"You may not use {board.port}" in said and "usermod -aG" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--erase", "--no-stub"), "not with --no-stub"),
        (("--config", "x", "--no-config"), "which?"),
        (("--baud", "1"), "9600"),
    ],
)
def test_what_does_not_go_together_is_told(options: tuple[str, ...], words: str):
    assert words in fails(2, *options)


def test_a_wrong_name_of_a_board_is_told_before_it_is_looked_for(plugged: list[ListPortInfo]):
    assert "There is no board 'LAMP'" in fails(1, "--board", "LAMP")
