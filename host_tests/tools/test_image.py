"""`postlamp image`: one file with MicroPython and a file system that MicroPython itself mounts."""

from __future__ import annotations

import asyncio
import json
import stat
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from host_tests.support import madeup, micropython, unpack
from host_tests.support.lamp import shows
from tools import build, imagefile, imagefs, imagestore
from tools.build import BoardFile
from tools.cli import main
from tools.imagefile import ImageError
from tools.sim.board import SimBoard
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

DEVKIT, S3 = "ESPRESSIF_ESP32_DEVKITC", "ESPRESSIF_ESP32_S3_DEVKITC"
DEPLOY_SET = build.deploy_set
MIB = 1 << 20
SECRET = "a secret that is nowhere else"
CONFIG = {"accounts": [{"name": "w", "host": "h.example.org", "user": "u", "password": SECRET}]}
needs_micropython = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())


@pytest.fixture(autouse=True)
def compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The firmware does not change between these tests."""
    monkeypatch.setattr(build, "deploy_set", _deploy_set)


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    """A made-up MicroPython for an ESP32, as its site has them."""
    path = tmp_path / "ESP32_GENERIC-20251209-v1.27.0.bin"
    path.write_bytes(madeup.image())
    return path


@cache
def _deploy_set(board: str) -> list[BoardFile]:
    return DEPLOY_SET(board)


def made(board: str, out: Path, *options: Any) -> Result:
    """What the command says."""
    return CliRunner().invoke(main, ["image", board, str(out), *map(str, options)])


def system_of(out: Path, offset: int = 0x1000) -> bytes:
    """The file system inside."""
    return out.read_bytes()[0x200000 - offset :]


@needs_micropython
@pytest.mark.parametrize(
    ("board", "chip", "options", "size"),
    [
        (DEVKIT, "ESP32", (), 4 * MIB),
        (S3, "ESP32-S3", (), 8 * MIB),
        (S3, "ESP32-S3", ("--flash-size", "4MB"), 4 * MIB),
    ],
)
def test_micropython_finds_the_whole_firmware_in_it(
    board: str, chip: str, options: tuple[str, ...], size: int, tmp_path: Path
):
    out, stock = tmp_path / "out.bin", tmp_path / "stock.bin"
    stock.write_bytes(madeup.image(chip))
    result = made(board, out, "--image", stock, *options)
    assert result.exit_code == 0, result.output
    offset = imagefile.CHIPS[chip][1]
    whole = out.read_bytes()
    assert len(whole) == size - offset and whole.startswith(stock.read_bytes())
    found = {file.path: file.content for file in unpack.files(system_of(out, offset))}
    assert found == {file.path: file.content for file in build.deploy_set(board)}
    assert f"write-flash {offset:#x} {out}" in result.output


@needs_micropython
def test_a_board_that_was_made_of_it_watches_mail(stock: Path, tmp_path: Path):
    async def run() -> None:
        mail = MailServer()
        await mail.start()
        try:
            config, authority = tmp_path / "config.json", tmp_path / "ca.pem"
            config.write_text(json.dumps(account_for(mail)))
            authority.write_bytes(mail.ca_pem)
            options = ("--image", stock, "--config", config, "--ca", authority)
            result = await asyncio.to_thread(made, DEVKIT, tmp_path / "out.bin", *options)
            assert result.exit_code == 0, result.output
            files = unpack.files(system_of(tmp_path / "out.bin"))
            async with SimBoard(None, files=files) as board:
                await shows(board, state="nothing", unseen=0)
        finally:
            await mail.close()

    asyncio.run(run())


@pytest.mark.parametrize("options", [(), ("--no-config",)])
def test_no_secret_is_in_an_image_without_a_configuration(
    options: tuple[str, ...], stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    monkeypatch.chdir(tmp_path)  # one that lies about is not taken
    result = made(DEVKIT, tmp_path / "out.bin", "--image", stock, *options)
    assert result.exit_code == 0, result.output
    whole = (tmp_path / "out.bin").read_bytes()
    assert SECRET.encode() not in whole and b"h.example.org" not in whole
    assert SECRET not in result.output


def test_an_image_with_a_configuration_is_for_its_owner_alone(stock: Path, tmp_path: Path):
    config, out = tmp_path / "mine.json", tmp_path / "out.bin"
    config.write_text(json.dumps(CONFIG))
    result = made(DEVKIT, out, "--image", stock, "--config", config)
    assert result.exit_code == 0, result.output
    assert SECRET.encode() in out.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "give it to nobody" in result.output and SECRET not in result.output
    cached = [path for path in build.CACHE.rglob("*.mpy") if SECRET.encode() in path.read_bytes()]
    assert cached == []


def test_json_is_one_line(stock: Path, tmp_path: Path):
    result = made(DEVKIT, tmp_path / "out.bin", "--image", stock, "--json")
    assert result.exit_code == 0 and result.stderr == ""
    facts = json.loads(result.stdout)
    assert (facts["ok"], facts["chip"], facts["offset"]) == (True, "ESP32", 0x1000)
    assert facts["micropython"] == "v1.27.0"
    assert [part["offset"] for part in facts["parts"]] == [0x1000, 0x200000]
    assert facts["bytes"] == (tmp_path / "out.bin").stat().st_size


def test_the_image_of_the_board_s_description_comes_from_the_cache(
    stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    imagestore.cache().mkdir()
    stock.rename(imagestore.cache() / stock.name)
    result = made(DEVKIT, tmp_path / "out.bin")
    assert result.exit_code == 0, result.output
    assert stock.name in result.output and "v1.27.0" in result.output


def test_the_same_firmware_gives_the_same_image(stock: Path, tmp_path: Path):
    for name in ("a.bin", "b.bin"):
        assert made(DEVKIT, tmp_path / name, "--image", stock).exit_code == 0
    assert (tmp_path / "a.bin").read_bytes() == (tmp_path / "b.bin").read_bytes()


FAULTS: list[tuple[str, bytes, tuple[str, ...], int, str]] = [
    ("the chip is another", madeup.image("ESP32-C3"), (), 1, "is for an ESP32-C3, and"),
    ("too old", madeup.image(version="v1.23.0"), (), 1, "needs 1.24.0 or newer"),
    ("damaged", madeup.image()[:-1], (), 1, "its application is cut short or changed"),
    ("a small flash", madeup.image(), ("--flash-size", "2MB"), 1, "the board has 2 MiB"),
    (
        "no vfs of a sensible size",
        madeup.image(rows=(madeup.FACTORY, ("vfs", 1, 0x81, 0x200000, 0x20000))),
        (),
        1,
        "The file system is too small: 128 KiB",
    ),
    ("no size", madeup.image(), ("--flash-size", "3MB"), 2, "one of 2MB, 4MB"),
    ("both", madeup.image(), ("--config", "x", "--no-config"), 2, "which?"),
    ("no configuration", madeup.image(), ("--config", "absent"), 1, "absent cannot be read"),
    ("no authority", madeup.image(), ("--ca", "absent"), 1, "absent cannot be read"),
]


@pytest.mark.parametrize(("content", "options", "code", "words"), [f[1:] for f in FAULTS])
def test_what_cannot_be_is_told_in_a_sentence(
    content: bytes, options: tuple[str, ...], code: int, words: str, tmp_path: Path
):
    (tmp_path / "in.bin").write_bytes(content)
    result = made(DEVKIT, tmp_path / "out.bin", "--image", tmp_path / "in.bin", *options)
    assert (result.exit_code, words in " ".join(result.output.split())) == (code, True), (
        result.output
    )
    assert [path.name for path in tmp_path.iterdir()] == ["in.bin"]


@needs_micropython
def test_a_mistake_in_the_configuration_is_told_before_anything_is_made(
    stock: Path, tmp_path: Path
):
    (tmp_path / "mine.json").write_text('{"lihgt": {}}')
    options = ("--image", stock, "--config", tmp_path / "mine.json", "--json")
    result = made(DEVKIT, tmp_path / "out.bin", *options)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False
    assert 'did you mean "light"?' in json.loads(result.stdout)["error"]


@pytest.mark.parametrize(
    ("board", "code", "words"),
    [("ESP8266", 1, DEVKIT), ("SIM", 2, "postlamp sim")],
)
def test_what_is_no_board_to_flash_is_told(board: str, code: int, words: str, tmp_path: Path):
    result = made(board, tmp_path / "out.bin")
    assert result.exit_code == code and words in result.output


def test_an_image_that_is_not_there_or_a_place_that_cannot_be_written(stock: Path, tmp_path: Path):
    result = made(DEVKIT, tmp_path / "out.bin", "--image", tmp_path / "absent.bin")
    assert result.exit_code == 1 and "absent.bin cannot be read" in result.output
    result = made(DEVKIT, tmp_path / "no" / "folder.bin", "--image", stock)
    assert result.exit_code == 1 and "No such file" in result.output


def test_the_file_system_needs_room_for_what_the_gadget_writes():
    block = imagefs.BLOCK_BYTES
    content = bytes(range(256)) * 400
    files = [BoardFile("a/b.bin", content, Path(__file__))]
    for blocks in range(30, 60):
        try:
            system = imagefs.file_system(files, blocks * block)
        except ImageError as error:
            assert "too small" in str(error) and blocks < 50
        else:
            assert len(system) == blocks * block
            return
    raise AssertionError("there is never room")
