"""`postlamp flash`: the real esptool against a virtual bootloader, to a lit lamp."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from host_tests.support import madeup, micropython, unpack
from host_tests.support.bootloader import SECTOR_BYTES, VirtualBoard
from host_tests.support.lamp import shows
from host_tests.tools.flashing import (
    CHIPS,
    deploy_set,
    fails,
    flashed,
    hasten,
    made_up,
    make_boards,
)
from tools import imagefile, imagefs
from tools.boardport import BoardError
from tools.flasher import Esptool
from tools.image import Part
from tools.sim.board import SimBoard
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

DEVKIT = "ESPRESSIF_ESP32_DEVKITC"
MIB = 1 << 20
SYSTEM_BYTES = 768 << 10
SECRET = "a secret that is nowhere else"
needs_micropython = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())


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


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No file with what was written stays behind."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    assert not list(temporary.glob("postlamp-flash-*"))


@pytest.mark.parametrize("options", [(), ("--no-stub",)])
@pytest.mark.parametrize("chip", CHIPS)
def test_a_board_of_each_chip_gets_micropython_and_the_firmware(
    chip: str, options: tuple[str, ...], boards: Path, tmp_path: Path
):
    small = ("vfs", 1, 0x81, 2 * MIB, SYSTEM_BYTES)
    image = madeup.image(chip, rows=(*madeup.WITHOUT_VFS, small))
    (tmp_path / "stock.bin").write_bytes(image)
    used = bytearray(os.urandom(SECTOR_BYTES) * (4 * MIB // SECTOR_BYTES))
    with VirtualBoard(chip, flash=used) as board:
        result = flashed("--port", board.port, "--image", tmp_path / "stock.bin", *options)
        assert result.exit_code == 0, result.output
        assert board.ran_stub is not bool(options)
    offset = imagefile.CHIPS[chip][1]
    assert board.flash[offset : offset + len(image)] == image
    system = bytes(board.flash[2 * MIB : 2 * MIB + SYSTEM_BYTES])
    written = {file.path: file.content for file in unpack.files(system)}
    assert written == {file.path: file.content for file in deploy_set(made_up(chip))}
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


def test_what_was_on_the_board_goes_its_passwords_too(stock: Path):
    used = bytearray((SECRET.encode() * (4 * MIB))[: 4 * MIB])
    with VirtualBoard("ESP32", flash=used) as board:
        assert flashed("--port", board.port, "--image", stock).exit_code == 0
    nvs, system = board.flash[0x9000:0xF000], board.flash[2 * MIB :]
    assert SECRET.encode() not in nvs and SECRET.encode() not in system


def test_a_cable_pulled_in_the_middle_is_told_and_flashing_again_mends_it(stock: Path):
    flash = bytearray(os.urandom(SECTOR_BYTES) * (4 * MIB // SECTOR_BYTES))
    with VirtualBoard("ESP32", flash=flash, cut_after=300_000) as board:
        said = fails(4, "--port", board.port, "--image", stock)
    assert "ended in the middle" in said and "run the same command again" in said
    with VirtualBoard("ESP32", flash=flash) as board:
        assert flashed("--port", board.port, "--image", stock).exit_code == 0
    assert flash[2 * MIB :] == imagefs.file_system(deploy_set(DEVKIT), 2 * MIB)


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

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(cut, range(0, size, size // 4)))


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
