"""The board's time server, asked by the firmware's own client of NTP over real UDP."""

from __future__ import annotations

import asyncio
import time

import pytest

from host_tests.tools.small_firmware import TIMEOUT_S, flash_with
from tools import build
from tools.sim.board import SimBoard
from tools.sim.timeserver import TimeServer

_ASK = """
import asyncio, network
from machine import Pin
from postlamp.net import ntp

async def main():
    presses = []
    Pin(0, Pin.IN, Pin.PULL_UP).irq(presses.append, Pin.IRQ_FALLING)
    while True:
        try:
            print("told", await ntp._ask("any.name"))
        except Exception as error:
            print("failed", repr(error))
        while not presses:
            await asyncio.sleep_ms(1)
        presses.pop()

asyncio.run(main())
"""


class _Asker(asyncio.DatagramProtocol):
    def __init__(self, told: asyncio.Queue[bytes]) -> None:
        self._told = told

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._told.put_nowait(data)


def _with_the_firmware(main: str) -> list[build.BoardFile]:
    files = build.deploy_set("SIM", is_short=False)  # one server is asked: by what is private
    ours = [file for file in files if file.path.startswith("postlamp/")]
    return ours + flash_with(main)


async def _next(board: SimBoard) -> str:
    """What the board says after one more press of the button."""
    count = len(board.log)
    board.press(0)
    await board.wait_for(lambda b: len(b.log) > count, TIMEOUT_S, "an answer")
    return board.log[count]


def test_the_time_it_tells_is_the_host_s_and_jumps_with_the_board() -> None:
    async def run() -> None:
        async with SimBoard(None, files=_with_the_firmware(_ASK)) as board:
            await board.wait_for(lambda b: b.log, TIMEOUT_S, "an answer")
            assert abs(int(board.log[0].split()[1]) - time.time()) <= 2
            board.jump(86_400_000)
            assert abs(int((await _next(board)).split()[1]) - time.time() - 86_400) <= 2

    asyncio.run(run())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("silent", "LinkError('silent"),
        ("cut", "no answer to us"),
        ("stranger", "no answer to us"),
        ("not_sure", "not sure itself"),
        ("kiss", "not sure itself"),
        ("past", "not in my lifetime"),
    ],
)
def test_each_fault_is_no_time(fault: str, words: str) -> None:
    async def run() -> None:
        board = SimBoard(None, files=_with_the_firmware(_ASK))
        board.time_server.fault = fault
        async with board:
            await board.wait_for(lambda b: b.log, TIMEOUT_S, "an answer")
            assert "failed" in board.log[0] and words in board.log[0]
            board.time_server.fault = None
            assert "told" in await _next(board)

    asyncio.run(run())


def test_it_is_found_under_its_names_only() -> None:
    async def run() -> None:
        main = _ASK.replace("any.name", "clock.example.org")
        board = SimBoard(None, files=_with_the_firmware(main))
        board.time_server.names = ("pool.ntp.org", "clock.example.org")
        async with board:
            await board.wait_for(lambda b: b.log, TIMEOUT_S, "an answer")
            assert "told" in board.log[0]
        board = SimBoard(None, files=_with_the_firmware(main))
        board.time_server.names = ("pool.ntp.org",)
        async with board:
            await board.wait_for(lambda b: b.log, TIMEOUT_S, "an answer")
            assert "failed LinkError('dns', 'clock.example.org')" in board.log[0]

    asyncio.run(run())


def test_what_is_no_question_of_a_client_is_dropped() -> None:
    async def run() -> None:
        server = TimeServer()
        await server.start()
        loop, told = asyncio.get_running_loop(), asyncio.Queue[bytes]()
        asker, _ = await loop.create_datagram_endpoint(
            lambda: _Asker(told), remote_addr=("127.0.0.1", server.port)
        )
        whole = bytes([0x23]) + bytes(47)
        for wrong in (b"", bytes(48), bytes([0x24]) + bytes(47), whole[:47], whole + b"\0"):
            asker.sendto(wrong)
        asker.sendto(whole[:40] + b"8 random")
        assert (await asyncio.wait_for(told.get(), TIMEOUT_S))[24:32] == b"8 random"
        assert (told.qsize(), server.asked) == (0, 1)
        asker.close()
        server.stop()

    asyncio.run(run())


def test_a_name_that_is_not_found_and_a_port_that_is_closed_are_errors() -> None:
    async def run() -> None:
        async with SimBoard(None, files=_with_the_firmware(_ASK)) as board:
            await board.wait_for(lambda b: b.log, TIMEOUT_S, "an answer")
            board.time_server.stop()
            assert "failed OSError(111" in await _next(board)
            board.wifi(False)
            assert "failed LinkError('dns', 'any.name')" in await _next(board)

    asyncio.run(run())
