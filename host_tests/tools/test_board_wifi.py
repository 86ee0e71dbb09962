"""The board's Wi-Fi: a station that tells what the chip would tell, in an air that can fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from host_tests.support.portable import station_rules
from host_tests.tools.small_firmware import TIMEOUT_S, has_line, on_board, says
from tools.sim.air import Air
from tools.sim.board import SimBoard

NOT_JOINED = {"wifi": [{"ssid": "home"}]}  # with a network to join, a board has none at first
_JOIN = """
import network, time
station = network.WLAN(network.STA_IF)
station.active(True)

def join(name, key, **how):
    station.disconnect()
    station.config(reconnects=0)
    station.connect(name, key, **how)
    for _ in range(80):
        time.sleep_ms(5)
        if station.status() != network.STAT_CONNECTING and station.status() != 1000:
            break
    return station.status()

"""


def _prints(main: str, *lines: str) -> None:
    """Runs it in an air where nothing fails."""

    async def use(board: SimBoard) -> None:
        await says(board, *lines)

    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_a_station_is_not_joined_before_it_is_told_to() -> None:
    _prints(
        "print('first', station.isconnected(), station.status(), station.ifconfig()[0])\n"
        "print('then', join('any', 'key'), station.isconnected(), station.ifconfig()[0])\n"
        "print('rssi', station.status('rssi'), station.config('ssid'))\n",
        "first False 1000 0.0.0.0",
        "then 1010 True 192.0.2.17",
        "rssi -58 any",
    )


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("password", "status 15 False"),
        ("not_found", "status 201 False"),
        ("dhcp", "status 1001 False"),
        ("weak", "status 1010 True"),
        (None, "status 1010 True"),
    ],
)
def test_each_fault_has_the_chip_s_own_code(fault: str | None, words: str) -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.wifi(fault=fault)
        board.press(20)
        await says(board, words)
        if fault == "weak":
            await says(board, "rssi -89")
        if fault == "dhcp":
            await says(board, "rssi -58", "fixed 1010 192.0.2.9")

    main = (
        "from machine import Pin\n"
        "button = Pin(0, Pin.IN, Pin.PULL_UP)\n"
        "print('ready')\n"
        "while button.value():\n"
        "    time.sleep_ms(1)\n"
        "print('status', join('home', 'key'), station.isconnected())\n"
        "try:\n"
        "    print('rssi', station.status('rssi'))\n"
        "except OSError as error:\n"
        "    print(error)\n"
        "station.ifconfig(('192.0.2.9', '255.255.255.0', '192.0.2.1', '192.0.2.1'))\n"
        "print('fixed', join('home', 'key'), station.ifconfig()[0])\n"
    )
    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_names_passwords_and_strengths_count_where_access_points_are_named() -> None:
    points = [
        {"ssid": "home", "password": "right", "rssi": -80},
        {"ssid": "home", "password": "right", "rssi": -40},
        {"ssid": "cellar", "hidden": True},
    ]

    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.wifi(points=points)
        await says(board, "scan [(b'home', -80), (b'home', -40), (b'', -58)]")
        await says(board, "any 1010 -80", "best 1010 -40", "wrong 15", "hidden 1010", "none 201")

    main = (
        "print('ready')\n"
        "while len(station.scan()) < 3:\n"
        "    time.sleep_ms(1)\n"
        "found = station.scan()\n"
        "print('scan', [(point[0], point[3]) for point in found])\n"
        "print('any', join('home', 'right'), station.status('rssi'))\n"
        "print('best', join('home', 'right', bssid=found[1][1]), station.status('rssi'))\n"
        "print('wrong', join('home', 'wrong'))\n"
        "print('hidden', join('cellar', None))\n"
        "print('none', join('attic', None))\n"
    )
    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_a_reason_that_is_given_takes_the_place_of_the_usual_one() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.wifi(fault="password", reason=210)
        await says(board, "reason 210")

    main = "print('ready')\nwhile True:\n    print('reason', join('home', 'key'))\n"
    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_the_chip_goes_on_by_itself_unless_it_is_told_not_to() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "up 1010")
        board.wifi(fault="drop")
        await says(board, "lost 1001", "back 1010", "again 1010")
        board.wifi(fault="drop")
        await says(board, "lost 200")

    main = (
        "def watch(code):\n"
        "    while station.status() == code:\n"
        "        time.sleep_ms(1)\n"
        "    return station.status()\n"
        "print('up', join('home', 'key'))\n"
        "station.config(reconnects=-1)\n"
        "print('lost', watch(1010))\n"
        "print('back', watch(1001))\n"
        "print('again', join('home', 'key'))\n"
        "print('lost', watch(1010))\n"
    )
    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_misuse_is_refused_as_on_the_chip() -> None:
    rules = Path(station_rules.__file__).read_text(encoding="utf-8")
    main = rules + (
        "\nimport network, time\n"
        "for line in walk(network.WLAN(), lambda: time.sleep_ms(300)):\n"
        "    print(line)\n"
        "print('that is all')\n"
    )

    async def use(board: SimBoard) -> None:
        await says(board, "that is all")
        assert board.log[:-1] == station_rules.BY_THE_CHIP

    on_board(main, use, config=NOT_JOINED)


def test_a_scan_while_it_connects_and_a_name_too_long_are_refused() -> None:
    _prints(
        "def refused(call, *args, **more):\n"
        "    try:\n"
        "        call(*args, **more)\n"
        "    except (OSError, RuntimeError, ValueError) as error:\n"
        "        print('refused', error)\n"
        "refused(station.ifconfig, 'dhcp')\n"
        "station.connect('home', 'key')\n"
        "print('scan', station.scan())\n"
        "refused(network.hostname, 33 * 'a')\n"
        "network.hostname(32 * 'a')\n"
        "print(network.hostname())\n",
        "refused Wifi Unknown Error 0x5004",
        "scan []",
        32 * "a",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops what comes for a socket")
def test_in_a_black_hole_everything_seems_up_and_nothing_comes() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "answer 48")
        board.wifi(fault="black_hole")
        await says(board, "hole 11 True 1010", "name -202")
        await says(board, "joined 1010", "answer 48")

    main = (
        "import socket\n"
        "def ask():\n"
        "    one.send(b'#' + bytes(47))\n"
        "    time.sleep_ms(100)\n"
        "    return len(one.recv(99))\n"
        "print(join('home', 'key'))\n"
        "one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "one.connect(socket.getaddrinfo('pool.ntp.org', 123)[0][-1])\n"
        "one.setblocking(False)\n"
        "try:\n"
        "    while True:\n"
        "        print('answer', ask())\n"
        "except OSError as error:\n"
        "    print('hole', error.errno, station.isconnected(), station.status())\n"
        "try:\n"
        "    socket.getaddrinfo('pool.ntp.org', 123)\n"
        "except OSError as error:\n"
        "    print('name', error.errno)\n"
        "print('joined', join('home', 'key'))\n"
        "print('answer', ask())\n"
    )
    on_board(_JOIN + main, use, config=NOT_JOINED)


def test_a_frame_that_comes_before_anybody_listens_is_not_lost() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.wifi(False)
        board.press(20)
        await says(board, "up False")

    main = (
        "from machine import Pin\n"
        "button = Pin(0, Pin.IN, Pin.PULL_UP)\n"
        "print('ready')\n"
        "while button.value():\n"
        "    pass\n"
        "import network\n"
        "print('up', network.WLAN().isconnected())\n"
    )
    on_board(main, use)


def test_after_a_reset_the_air_is_as_it_was() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(has_line("ready"), TIMEOUT_S, "ready")
        board.wifi(False)
        await says(board, "gone", "after False")

    main = (
        "import machine, network, time\n"
        "station = network.WLAN()\n"
        "if machine.reset_cause() != 1:\n"
        "    print('after', station.isconnected())\n"
        "print('ready')\n"
        "while station.isconnected():\n"
        "    time.sleep_ms(5)\n"
        "print('gone')\n"
        "if machine.reset_cause() == 1:\n"
        "    machine.reset()\n"
    )
    on_board(main, use)


def test_a_fault_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="black_hole"):
        Air(None).change(fault="blackhole")
