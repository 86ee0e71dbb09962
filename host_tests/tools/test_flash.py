"""`postlamp flash`: the real esptool against a virtual bootloader, to a lit lamp."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import serial
from click.testing import CliRunner, Result
from serial.tools.list_ports_common import ListPortInfo

from host_tests.support import madeup, micropython, unpack
from host_tests.support.bootloader import SECTOR_BYTES, VirtualBoard
from host_tests.support.lamp import shows
from tools import boardport, build, imagefile
from tools.boardport import BoardError
from tools.build import BoardFile
from tools.cli import main
from tools.flasher import Esptool
from tools.image import Part
from tools.sim.board import SimBoard
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

MIB = 1 << 20
DEPLOY_SET = build.deploy_set
SECRET = "a secret that is nowhere else"
CHIPS = ["ESP32", "ESP32-S3", "ESP32-C3"]
needs_micropython = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())


@cache
def _firmware() -> list[BoardFile]:
    return DEPLOY_SET("SIM")


def _deploy_set(board: str) -> list[BoardFile]:
    """As the real one, compiled once for all."""
    own = build.BOARDS / board / "board.json"
    return [
        BoardFile(file.path, own.read_bytes(), own) if file.path == "board.json" else file
        for file in _firmware()
    ]


@pytest.fixture(autouse=True)
def quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The firmware does not change between these tests; esptool gives up after a second."""
    _firmware()
    monkeypatch.setattr(build, "deploy_set", _deploy_set)
    settings = tmp_path / "esptool.cfg"
    settings.write_text("[esptool]\nconnect_attempts = 1\ntimeout = 1\n")
    monkeypatch.setenv("ESPTOOL_CFGFILE", str(settings))
    monkeypatch.delenv("ESPTOOL_PORT", raising=False)
    monkeypatch.delenv("POSTLAMP_PORT", raising=False)


@pytest.fixture
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of boards with one for each chip, whatever else the real one has."""
    folder = tmp_path / "boards"
    for chip in CHIPS:
        name = f"MADEUP_{chip.replace('-', '_')}"
        board = json.loads((build.BOARDS / "ESPRESSIF_ESP32_DEVKITC/board.json").read_text())
        board |= {"board": name, "chip": chip}
        (folder / name).mkdir(parents=True)
        (folder / name / "board.json").write_text(json.dumps(board))
    monkeypatch.setattr(build, "BOARDS", folder)
    return folder


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


@pytest.mark.parametrize("options", [(), ("--no-stub",)])
@pytest.mark.parametrize("chip", CHIPS)
def test_a_board_of_each_chip_gets_micropython_and_the_firmware(
    chip: str, options: tuple[str, ...], boards: Path, tmp_path: Path
):
    image = madeup.image(chip)
    (tmp_path / "stock.bin").write_bytes(image)
    used = bytearray(os.urandom(SECTOR_BYTES) * (4 * MIB // SECTOR_BYTES))
    with VirtualBoard(chip, flash=used) as board:
        result = flashed("--port", board.port, "--image", tmp_path / "stock.bin", *options)
        assert result.exit_code == 0, result.output
        assert board.ran_stub is not bool(options)
    offset = imagefile.CHIPS[chip][1]
    assert board.flash[offset : offset + len(image)] == image
    written = {file.path: file.content for file in unpack.files(bytes(board.flash[2 * MIB :]))}
    name = f"MADEUP_{chip.replace('-', '_')}"
    assert written == {file.path: file.content for file in _deploy_set(name)}
    assert json.loads(written["board.json"])["chip"] == chip
    assert "read back" in result.output and board.port in result.output


@needs_micropython
def test_from_an_erased_chip_to_a_lamp_that_watches_mail(stock: Path, tmp_path: Path):
    async def run() -> None:
        mail = MailServer()
        await mail.start()
        try:
            config, authority = tmp_path / "config.json", tmp_path / "ca.pem"
            config.write_text(json.dumps(account_for(mail)))
            authority.write_bytes(mail.ca_pem)
            with VirtualBoard("ESP32") as board:
                own = ("--config", config, "--ca", authority)
                options = ("--port", board.port, "--image", stock, *own)
                result = await asyncio.to_thread(flashed, *options)
                assert result.exit_code == 0, result.output
            files = unpack.files(bytes(board.flash[2 * MIB :]))
            async with SimBoard(None, files=files) as lamp:
                await shows(lamp, state="nothing", unseen=0)
        finally:
            await mail.close()

    asyncio.run(run())


@pytest.mark.parametrize("size", [4, 8])
def test_the_file_system_reaches_to_the_end_of_the_flash_that_is_there(size: int, stock: Path):
    with VirtualBoard("ESP32", size * MIB) as board:
        result = flashed("--port", board.port, "--image", stock, "--json")
    facts = json.loads(result.stdout)
    assert (facts["ok"], facts["flash_bytes"]) == (True, size * MIB)
    assert facts["parts"][1] == {
        "name": "file system",
        "offset": 2 * MIB,
        "bytes": (size - 2) * MIB,
    }


def test_a_port_may_be_named_as_for_esptool_and_make_flash_needs_no_more(
    stock: Path, monkeypatch: pytest.MonkeyPatch
):
    with VirtualBoard("ESP32") as board:
        monkeypatch.setenv("ESPTOOL_PORT", board.port)
        assert flashed("--image", stock).exit_code == 0


@pytest.mark.parametrize("erases", [False, True])
def test_erase_leaves_nothing_of_what_was_there(erases: bool, stock: Path):
    with VirtualBoard("ESP32", flash=bytearray(4 * MIB)) as board:
        options = ["--erase"] if erases else []
        assert flashed("--port", board.port, "--image", stock, *options).exit_code == 0
    behind = board.flash[0x100000:0x200000]
    assert behind == (b"\xff" if erases else b"\0") * len(behind)


def test_a_dry_run_says_all_and_writes_nothing(stock: Path):
    with VirtualBoard("ESP32") as board:
        result = flashed("--port", board.port, "--image", stock, "--dry-run")
    assert result.exit_code == 0 and "Would write MicroPython at 0x1000" in result.output
    assert board.written == 0 and board.flash.count(0xFF) == len(board.flash)


def test_no_secret_is_on_a_board_without_a_configuration(
    stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "config.json").write_text(json.dumps({"wifi": [{"password": SECRET}]}))
    monkeypatch.chdir(tmp_path)
    with VirtualBoard("ESP32") as board:
        options = ("--port", board.port, "--image", stock, "--no-config")
        assert flashed(*options).exit_code == 0
    assert SECRET.encode() not in board.flash


def test_a_cable_pulled_in_the_middle_is_told_and_flashing_again_mends_it(stock: Path):
    flash = bytearray(os.urandom(SECTOR_BYTES) * (4 * MIB // SECTOR_BYTES))
    with VirtualBoard("ESP32", flash=flash, cut_after=300_000) as board:
        said = fails(4, "--port", board.port, "--image", stock)
    assert "ended in the middle" in said and "run the same command again" in said
    with VirtualBoard("ESP32", flash=flash) as board:
        assert flashed("--port", board.port, "--image", stock).exit_code == 0
    with VirtualBoard("ESP32") as other:
        assert flashed("--port", other.port, "--image", stock).exit_code == 0
    assert flash[2 * MIB :] == other.flash[2 * MIB :]


def test_it_is_mended_wherever_it_was_cut(stock: Path):
    parts = [
        Part("MicroPython", 0x1000, stock.read_bytes()),
        Part("file system", 2 * MIB, os.urandom(100_000)),
    ]
    size = sum(len(part.content) for part in parts)

    def cut(after: int) -> None:
        flash = bytearray(4 * MIB)
        with VirtualBoard("ESP32", flash=flash, cut_after=after) as board:
            with pytest.raises(BoardError, match="ended in the middle") as told:
                Esptool(board.port).write("ESP32", parts, lambda *seen: None)
        assert told.value.code == 4
        with VirtualBoard("ESP32", flash=flash) as board:
            Esptool(board.port).write("ESP32", parts, lambda *seen: None)
        for part in parts:
            assert flash[part.offset : part.offset + len(part.content)] == part.content

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(cut, range(0, size, size // 9)))


def test_the_bar_never_goes_back_and_comes_to_its_end(stock: Path):
    seen: list[tuple[int, int]] = []
    parts = [
        Part("MicroPython", 0x1000, stock.read_bytes()),
        Part("file system", 2 * MIB, os.urandom(100_000) + b"\xff" * 50_000),
    ]
    with VirtualBoard("ESP32") as board:
        Esptool(board.port).write("ESP32", parts, lambda *now: seen.append(now))
    assert seen == sorted(seen) and len(seen) > 5
    assert seen[-1][0] == seen[-1][1] == len(stock.read_bytes()) + 100_000


def test_a_bit_that_did_not_get_written_is_found(stock: Path):
    for place in (0x3000, 0x200010):
        with VirtualBoard("ESP32", flip_at=place) as board:
            said = fails(4, "--port", board.port, "--image", stock)
        assert "reads back as something else" in said


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


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No file with what was written stays behind."""
    yield
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("postlamp-flash-*"))
