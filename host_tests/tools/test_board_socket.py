"""The board's sockets: as many as lwIP has, and of use only once Wi-Fi is joined."""

from __future__ import annotations

import sys

import pytest

from host_tests.tools.small_firmware import on_board, says
from tools.sim.board import SimBoard

NOT_JOINED = {"wifi": [{"ssid": "home"}]}  # with a network to join, a board has none at first
_ASK = """
import network, os, socket, time

def name():
    try:
        socket.getaddrinfo("pool.ntp.org", 123)
        print("found")
    except OSError as error:
        print("lost", error.errno)

def ask():
    port = int(os.getenv("POSTLAMP_SIM_NTP"))
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.connect(b"\\x02\\0" + port.to_bytes(2, "big") + b"\\x7f\\0\\0\\x01" + bytes(8))
    one.setblocking(False)
    one.send(b"#" + bytes(47))
    time.sleep_ms(100)
    try:
        print("answer", len(one.recv(99)))
    except OSError as error:
        print("alone", error.errno)
    one.close()

name()
ask()
station = network.WLAN()
station.active(True)
name()
ask()
station.connect("home", "key")
while not station.isconnected():
    time.sleep_ms(5)
name()
ask()
print("end")
"""
_TAKE = """
import socket
taken = []
try:
    while len(taken) < 20:
        taken.append(socket.socket(*how))
except OSError as error:
    print("made", len(taken), error.errno)
taken.pop().close()
taken.append(socket.socket(*how))
print("end")
"""
_LOOK_UP = """
import network, socket, time
print("ready")
lost = 0
while not lost:
    since = time.ticks_ms()
    try:
        socket.getaddrinfo("localhost", 993)
    except OSError as error:
        lost = error.errno
print("lost", lost, time.ticks_diff(time.ticks_ms(), since) >= blocked_ms)
"""


def _told(main: str) -> list[str]:
    said: list[str] = []

    async def use(board: SimBoard) -> None:
        await says(board, "end")
        said.extend(board.log)

    on_board(main, use, config=NOT_JOINED)
    return said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops what comes for a socket")
def test_before_wifi_is_joined_no_name_is_found_and_nothing_comes() -> None:
    alone, joined = ["lost -202", "alone 11"], ["found", "answer 48"]
    assert _told(_ASK) == [*alone, *alone, *joined, "end"]


@pytest.mark.parametrize("how", ["()", "(2, 2)"], ids=["stream", "datagram"])
def test_a_board_has_ten_sockets(how: str) -> None:
    assert _told(f"how = {how}\n" + _TAKE) == ["made 10 23", "end"]


@pytest.mark.parametrize(("fault", "blocked_ms"), [("dns", 0), ("slow_dns", 14_000 // 20)])
def test_who_looks_for_a_name_where_nobody_answers_waits_for_as_long_as_lwip(
    fault: str, blocked_ms: int
) -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.wifi(fault=fault)
        await says(board, "lost -202 True")

    on_board(f"blocked_ms = {blocked_ms}\n" + _LOOK_UP, use, hurry=20)
