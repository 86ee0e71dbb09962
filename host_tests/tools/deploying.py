"""Small firmware of two versions for `postlamp deploy`, and the command at a board with a port."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from host_tests.tools.small_firmware import says
from tools import build
from tools.build import BoardFile
from tools.cli import main
from tools.sim.pty_board import PtyBoard

HERE = Path(__file__)
# As the firmware's own boot.py begins.
BOOT = (build.FIRMWARE / "boot.py").read_text().split("from postlamp")[0]
MAIN = """
import asyncio
from one import version
print("version", version)
async def run():
    while True:
        await asyncio.sleep(1)
asyncio.run(run())
"""
FIXED = {"boot.py": BOOT, "main.py": MAIN, "board.json": json.dumps({"board": "SIM"})}
TEXTS = ["assets/a.txt", "assets/b.txt", "assets/c.txt"]
NOISE = "# " + "0123456789abcdef" * 300 + "\n"


def version(number: int, **more: str) -> list[BoardFile]:
    """A small firmware that says which one it is; its two modules must be of one version."""
    texts = {
        **FIXED,
        "one.mpy": f"from two import number\nassert number == {number}\nversion = {number}\n",
        "two.mpy": f"number = {number}\n",
        **{f"assets/{name}.txt": f"{number} {name}\n{NOISE}" for name in "abc"},
        **more,
    }
    return [BoardFile(path, _content(path, text), HERE) for path, text in texts.items()]


def _content(path: str, text: str) -> bytes:
    if not path.endswith(".mpy"):
        return text.encode()
    with tempfile.NamedTemporaryFile("w", prefix="postlamp-", suffix=".py") as source:
        source.write(text)
        source.flush()
        return build.compile_file(Path(source.name), path.removesuffix(".mpy"))


def deployed(port: str, *options: str) -> Result:
    """What the command says; a traceback fails the test."""
    result = CliRunner().invoke(main, ["deploy", "--port", port, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def on_board(
    files: list[BoardFile], use: Callable[[PtyBoard], Awaitable[None]], config: Any = None
) -> None:
    """Runs these files on a board with a serial port while `use` has it."""

    async def run() -> None:
        async with PtyBoard(config, files=files) as board:
            await says(board, "version")  # a Ctrl-C before would end the simulated board
            await use(board)

    asyncio.run(run())


def on_flash(folder: Path) -> dict[str, bytes]:
    """All files that are there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents(files: list[BoardFile]) -> dict[str, bytes]:
    """The same of what is to be there."""
    return {file.path: file.content for file in files}


def now(monkeypatch: pytest.MonkeyPatch, files: list[BoardFile]) -> None:
    """This tree's firmware is this."""
    monkeypatch.setattr(build, "deploy_set", lambda board: files)
