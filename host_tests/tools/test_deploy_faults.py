"""What `postlamp deploy` says when it cannot go on; the board stays as it was."""

from __future__ import annotations

import asyncio

import pytest
import serial

from host_tests.support import micropython
from host_tests.support.bootloader import VirtualBoard
from host_tests.tools.deploying import contents, deployed, now, on_board, on_flash, version
from host_tests.tools.small_firmware import TIMEOUT_S, says
from tools import deploylink
from tools.deploylink import Link
from tools.sim.pty_board import PtyBoard

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())


async def starts_again(board: PtyBoard) -> None:
    """It is not left at its prompt."""
    await board.wait_for(lambda b: b.log.count("version 1") == 2, TIMEOUT_S, "a start")


def test_who_stops_it_has_the_old_version_running_again(monkeypatch: pytest.MonkeyPatch):
    now(monkeypatch, version(2))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Link, "put", stop)

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port)
        assert result.exit_code == 1 and "Aborted" in result.output
        await starts_again(board)

    on_board(version(1), use)


def test_a_board_that_never_comes_to_its_prompt_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(deploylink, "_START_S", 0.2)
    monkeypatch.setattr(deploylink, "_SILENT_S", 0.2)
    with VirtualBoard("ESP32", is_silent=True) as board:
        result = deployed(board.port)
    assert result.exit_code == 3
    assert "does not come to MicroPython's prompt" in " ".join(result.output.split())


def test_a_port_that_a_monitor_has_open_is_told(monkeypatch: pytest.MonkeyPatch):
    now(monkeypatch, version(2))

    async def use(board: PtyBoard) -> None:
        taken = serial.Serial(board.port, exclusive=True)
        try:
            result = await asyncio.to_thread(deployed, board.port)
        finally:
            taken.close()
        assert result.exit_code == 3 and "is in use" in result.output
        await says(board, "version 1")

    on_board(version(1), use)


def test_no_room_is_told_before_anything_is_written(monkeypatch: pytest.MonkeyPatch):
    now(monkeypatch, version(2))
    monkeypatch.setattr(Link, "facts", lambda link: (30_000, (1, 27, 0)))

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port)
        assert result.exit_code == 3 and "no room beside the old version" in result.output
        await starts_again(board)
        assert on_flash(board.flash) == contents(version(1))

    on_board(version(1), use)


def test_an_old_micropython_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Link, "facts", lambda link: (1 << 20, (1, 23, 0)))

    async def use(board: PtyBoard) -> None:
        result = await asyncio.to_thread(deployed, board.port)
        assert result.exit_code == 3 and "1.23.0 and Postlamp needs 1.24.0" in result.output

    on_board(version(1), use)
