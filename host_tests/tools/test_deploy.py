"""`postlamp deploy` over the real mpremote's transport: only what changed, all at once, or not."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from host_tests.support import micropython
from host_tests.support.lamp import shows
from host_tests.tools.deploying import (
    TEXTS,
    contents,
    deployed,
    now,
    on_board,
    on_flash,
    version,
)
from host_tests.tools.small_firmware import TIMEOUT_S, says
from tools import build
from tools.build import BoardFile
from tools.sim.board import SimBoard
from tools.sim.mailserver import MailServer
from tools.sim.pty_board import PtyBoard
from tools.sim.run import account_for

HERE = Path(__file__)
pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())


class CutBoard(PtyBoard):
    """Loses its power after so many bytes were typed; its flash of then stays in `kept`."""

    def __init__(self, cut_after: int, kept: Path, **more: Any) -> None:
        super().__init__(None, **more)
        self.typed = 0
        self.is_cut = asyncio.Event()
        self._cut_after = cut_after
        self._saved = kept

    def type(self, data: bytes) -> None:
        """Types until the cut."""
        self.typed += len(data)
        if self.typed < self._cut_after:
            super().type(data)
        elif not self.is_cut.is_set():
            self.is_cut.set()
            shutil.copytree(self.flash, self._saved)
            self._port.close()


def test_what_changed_is_written_and_what_is_gone_removed(monkeypatch: pytest.MonkeyPatch):
    old = version(1, **{"gone.mpy": "x = 1", "config.json": "{}", "state.json": "[]"})
    now(monkeypatch, version(2, **{"lib/three.mpy": "x = 2"}))

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port, "--json")
        assert result.exit_code == 0, result.output
        facts = json.loads(result.stdout)
        written = [*TEXTS, "lib/three.mpy", "one.mpy", "two.mpy"]
        assert sorted(facts["written"]) == written
        assert (facts["changed"], facts["removed"]) == (True, ["gone.mpy"])
        await says(board, "version 2")
        kept = {"config.json": b"{}", "state.json": b"[]"}
        assert on_flash(board.flash) == contents(build.deploy_set("SIM")) | kept

    on_board(old, use)


def test_the_same_version_is_not_written_again(monkeypatch: pytest.MonkeyPatch):
    now(monkeypatch, version(1))

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port)
        assert result.exit_code == 0 and "has this version already" in result.output
        await board.wait_for(lambda b: b.log.count("version 1") == 2, TIMEOUT_S, "a restart")

    on_board(version(1), use)


def test_a_dry_run_changes_nothing_and_lets_the_board_go_on(monkeypatch: pytest.MonkeyPatch):
    now(monkeypatch, version(2))

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port, "--dry-run")
        assert result.exit_code == 0 and "Would write 5 files" in result.output
        await board.wait_for(lambda b: b.log.count("version 1") == 2, TIMEOUT_S, "a restart")
        assert on_flash(board.flash) == contents(version(1))

    on_board(version(1), use)


def test_a_cut_at_any_point_leaves_the_old_version_or_the_new_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    now(monkeypatch, version(2))

    async def cut(after: int) -> tuple[int, str]:
        """How much is typed in all, and the version that runs after a cut there."""
        folder = tmp_path / str(after)
        async with CutBoard(after, folder, files=version(1)) as board:
            await says(board, "version 1")
            result = await asyncio.to_thread(deployed, board.port)
            if not board.is_cut.is_set():
                assert result.exit_code == 0, result.output
                await says(board, "version 2")
                return board.typed, "2"
            assert result.exit_code in (3, 4), result.output
            assert "ended" in result.output and "SerialException" not in result.output
            if result.exit_code == 4:
                assert "same command" in result.output
        left = [BoardFile(path, text, HERE) for path, text in on_flash(folder).items()]
        async with SimBoard(None, files=left) as board:
            await says(board, "version")
            found = next(line for line in board.log if line.startswith("version"))
            return after, found.split()[1]

    async def run() -> None:
        total, _ = await cut(1 << 30)
        ends = [await cut(total * part // 8) for part in range(1, 8)]
        assert [number for _, number in ends] == sorted(number for _, number in ends)
        assert ends[0][1] == "1"

    asyncio.run(run())


def test_a_second_try_writes_only_what_the_first_did_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    now(monkeypatch, version(2))

    async def run() -> None:
        async with CutBoard(1 << 30, tmp_path / "a", files=version(1)) as board:
            await says(board, "version 1")
            await asyncio.to_thread(deployed, board.port)
            total = board.typed
        async with CutBoard(total * 3 // 4, tmp_path / "b", files=version(1)) as board:
            await says(board, "version 1")
            assert (await asyncio.to_thread(deployed, board.port)).exit_code == 4
        left = [BoardFile(path, text, HERE) for path, text in on_flash(tmp_path / "b").items()]
        assert any(file.path.startswith("new.part/") for file in left)
        async with CutBoard(1 << 30, tmp_path / "c", files=left) as board:
            await says(board, "version 1")
            assert (await asyncio.to_thread(deployed, board.port)).exit_code == 0
            await says(board, "version 2")
            assert board.typed < total * 3 // 4
            assert on_flash(board.flash) == contents(version(2))

    asyncio.run(run())


def test_what_was_laid_out_for_another_version_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    odd = {"new.part/one.mpy": "version = 7", "new.part/stray.mpy": "x = 1"}
    now(monkeypatch, version(2))

    async def use(board: PtyBoard) -> None:
        assert (await asyncio.to_thread(deployed, board.port)).exit_code == 0
        await says(board, "version 2")
        assert on_flash(board.flash) == contents(version(2))

    on_board(version(1, **odd), use)


def test_boot_py_ends_an_update_that_was_cut_after_its_switch(tmp_path: Path):
    installer = build.compile_file(build.ROOT / "tools" / "deploy_device.py", "install")
    moved = {"one.mpy", "boot.py"}  # before the power went
    rest = [file for file in version(2) if file.path not in moved]
    waiting = [BoardFile(f"new/{file.path}", file.content, HERE) for file in rest]
    waiting += [BoardFile("new/install.mpy", installer, HERE), BoardFile("new/gone", b"", HERE)]
    there = [file for file in version(2) if file.path in moved]
    there += [file for file in version(1) if file.path not in moved]

    async def use(board: PtyBoard) -> None:
        await says(board, "version 2")
        assert on_flash(board.flash) == contents(version(2))
        assert board.resets == 1

    on_board([*there, *waiting], use)


def test_what_an_earlier_try_left_goes_when_nothing_is_to_be_done(
    monkeypatch: pytest.MonkeyPatch,
):
    now(monkeypatch, version(1))

    async def use(board: PtyBoard) -> None:
        assert (await asyncio.to_thread(deployed, board.port)).exit_code == 0
        assert on_flash(board.flash) == contents(version(1))

    on_board(version(1, **{"new.part/one.mpy": "version = 7", "new.done/gone": ""}), use)


def test_the_real_firmware_goes_on_a_board_with_micropython_alone(
    monkeypatch: pytest.MonkeyPatch,
):
    async def run() -> None:
        mail = MailServer()
        await mail.start()
        try:
            bare = [BoardFile("boot.py", b"", HERE), BoardFile("main.py", b'print("bare")', HERE)]
            async with PtyBoard(account_for(mail), ca_pem=mail.ca_pem, files=bare) as board:
                await says(board, "bare")
                said = await asyncio.to_thread(deployed, board.port)
                assert said.exit_code == 3 and "Flash it first" in said.output
                await board.wait_for(lambda b: b.log.count("bare") == 2, TIMEOUT_S, "a start")
                said = await asyncio.to_thread(deployed, board.port, "--board", "SIM")
                assert said.exit_code == 0, said.output
                await shows(board, state="nothing", unseen=0)
        finally:
            await mail.close()

    asyncio.run(run())
