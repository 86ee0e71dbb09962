"""The real mpremote, and any terminal, at the serial port of a simulated board."""

from __future__ import annotations

import asyncio
import os
import sys
import tty
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from host_tests.support.serial import mpremote
from host_tests.tools.small_firmware import TIMEOUT_S, flash_with, says
from tools.sim.pty_board import PtyBoard

LISTENING = """
import asyncio, sys
async def listen():
    port = asyncio.StreamReader(sys.stdin.buffer)
    while True:
        print("typed", await port.read(1))
print("main")
asyncio.run(listen())
"""
TALKING = 'line = "x" * 99\nwhile True:\n    print(line)\n'


def on_port(use: Callable[[PtyBoard], Awaitable[None]], main: str = LISTENING) -> None:
    """Runs this main.py on a board with a serial port while `use` has it."""

    async def run() -> None:
        async with PtyBoard(None, files=flash_with(main, 'print("boot")')) as board:
            await use(board)

    asyncio.run(run())


async def starts(board: PtyBoard, runs: int) -> None:
    """Waits until main.py has begun so many times."""
    await board.wait_for(lambda b: b.log.count("main") == runs, TIMEOUT_S, f"{runs} starts")


async def heard(terminal: int, words: bytes) -> bytes:
    """Reads what the port says until it has said these words."""
    said = b""
    deadline = asyncio.get_running_loop().time() + TIMEOUT_S
    while words not in said and asyncio.get_running_loop().time() < deadline:
        try:
            said += os.read(terminal, 4096)
        except BlockingIOError:
            await asyncio.sleep(0.01)
    assert words in said, said
    return said


def opened(port: str) -> int:
    """The port as a terminal program opens it."""
    terminal = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(terminal)
    return terminal


def test_mpremote_runs_code_and_handles_files_while_main_py_runs(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("hello\n" * 500)

    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        assert await mpremote(board.port, "exec", "print(6 * 7)") == "42"
        assert "main.py" in await mpremote(board.port, "fs", "ls")
        await mpremote(board.port, "fs", "cp", str(tmp_path / "file.txt"), ":copy.txt")
        assert (board.flash / "copy.txt").read_text() == "hello\n" * 500

    on_port(use)


def test_a_reset_by_mpremote_starts_main_py_again() -> None:
    async def use(board: PtyBoard) -> None:
        for runs in (1, 2, 3):
            await starts(board, runs)
            await mpremote(board.port, "reset")
        await starts(board, 4)

    on_port(use)


def test_nothing_of_what_mpremote_writes_comes_to_main_py() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        await mpremote(board.port, "exec", "x = 1")
        typed = [line for line in board.log if line.startswith("typed")]
        assert typed in ([], ["typed b'\\r'"])  # the CR before its Ctrl-C

    on_port(use)


def test_mpremote_ten_times_in_a_row() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        for number in range(10):
            more = ("resume",) if number % 2 else ()  # without the soft reset before
            assert await mpremote(board.port, *more, "exec", f"print({number})") == str(number)

    on_port(use)


def test_a_soft_reset_runs_main_py_at_the_friendly_prompt_only() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        terminal = opened(board.port)
        try:
            os.write(terminal, b"\x03")
            await heard(terminal, b">>> ")
            os.write(terminal, b"\x04")
            await heard(terminal, b"MPY: soft reboot\r\nboot\r\nmain\r\n")
            os.write(terminal, b"\x03")
            await heard(terminal, b">>> ")
            os.write(terminal, b"\x01")
            await heard(terminal, b"raw REPL; CTRL-B to exit\r\n>")
            os.write(terminal, b"\x04")
            said = await heard(terminal, b"raw REPL; CTRL-B to exit\r\n>")
            assert b"soft reboot\r\nboot\r\n" in said and b"main" not in said
        finally:
            os.close(terminal)

    on_port(use)


def test_what_is_typed_comes_byte_for_byte_and_control_c_does_not() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        board.type(b"a\r\n\x04\xff\x1b")
        await says(board, "\\x1b")
        board.type(b"\x03")
        await says(board, "KeyboardInterrupt")
        typed = [line for line in board.log if line.startswith("typed")]
        assert typed == [f"typed {bytes([code])!r}" for code in b"a\r\n\x04\xff\x1b"]

    on_port(use)


def test_who_opens_the_port_hears_nothing_of_before() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        terminal = opened(board.port)
        try:
            os.write(terminal, b"x")
            assert await heard(terminal, b"\n") == b"typed b'x'\r\n"
        finally:
            os.close(terminal)

    on_port(use)


def test_a_port_that_is_open_and_not_read_stops_nobody() -> None:
    async def use(board: PtyBoard) -> None:
        terminal = opened(board.port)
        try:
            await board.wait_for(lambda b: len(b.log) > 1000, TIMEOUT_S, "100 kB said")
        finally:
            os.close(terminal)

    on_port(use, TALKING)


def test_an_error_in_main_py_leaves_the_prompt() -> None:
    async def use(board: PtyBoard) -> None:
        await says(board, "ZeroDivisionError")
        assert await mpremote(board.port, "resume", "exec", "print(5)") == "5"

    on_port(use, "1 / 0")


def test_neither_the_port_nor_a_process_is_left() -> None:
    async def run() -> tuple[str, int]:
        async with PtyBoard(None, files=flash_with(LISTENING)) as board:
            return board.port, board.pid

    port, pid = asyncio.run(run())
    assert not Path(port).exists() and not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="counts what is open in /proc")
def test_resets_leave_nothing_open() -> None:
    async def use(board: PtyBoard) -> None:
        await starts(board, 1)
        counts = []
        for runs in (2, 3, 4):
            await mpremote(board.port, "reset")
            await starts(board, runs)
            counts.append(len(os.listdir("/proc/self/fd")))
        assert counts[1] == counts[2], counts

    on_port(use)
