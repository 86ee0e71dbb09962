"""The simulated board with small firmware of its own: every wire, resets, and its end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from pathlib import Path

import pytest

from host_tests.tools.small_firmware import TIMEOUT_S, has_line, on_board, says
from tools import build
from tools.sim.board import SimBoard, SimBoardError


def test_boot_and_main_share_one_namespace_and_the_flash_is_the_working_folder() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "41 __main__ ['boot.py', 'config.json', 'main.py']")

    main = "import os; print(x, __name__, sorted(os.listdir()))"
    on_board(main, use, config={"name": "desk"}, boot="x = 41\n")


def test_strip_led_and_levels_reach_the_host() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.light == [(1, 2, 3), (0, 0, 0)], TIMEOUT_S, "strip")
        await board.wait_for(lambda b: b.pins.get(4) == 1, TIMEOUT_S, "level")

    on_board(
        "import machine, neopixel, time\n"
        "strip = neopixel.NeoPixel(machine.Pin(13), 2)\n"
        "strip[0] = (1, 2, 3)\n"
        "strip.write()\n"
        "machine.Pin(4, machine.Pin.OUT).on()\n"
        "time.sleep(60)\n",
        use,
    )


def test_a_single_led_on_the_configured_pin_is_its_duty() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.light == [(128, 128, 128)], TIMEOUT_S, "duty")

    main = (
        "import machine, time\n"
        "led = machine.PWM(machine.Pin(5), freq=1000)\n"
        "led.duty_u16(0x8000)\n"
        "time.sleep(60)\n"
    )
    on_board(main, use, config={"light": {"kind": "led", "pin": 5}})


def test_the_panel_answers_only_at_its_address_and_on_its_pins() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "[60] []", "OSError: 19")

    on_board(
        "from machine import I2C, Pin\n"
        "right = I2C(0, scl=Pin(22), sda=Pin(21))\n"
        "wrong = I2C(1, scl=Pin(18), sda=Pin(19))\n"
        "print(right.scan(), wrong.scan())\n"
        "try:\n"
        "    right.writeto(61, b'x')\n"
        "except OSError as error:\n"
        "    print('OSError:', error.errno)\n",
        use,
    )


def test_a_full_frame_takes_the_time_it_takes_on_the_bus() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.panel.bytes_received == 1025, TIMEOUT_S, "frame")
        await says(board, "frame True")

    on_board(
        "import machine, utime\n"
        "bus = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21), freq=400000)\n"
        "start = utime.ticks_us()\n"
        "bus.writeto(60, b'\\x40' + bytes(1024))\n"
        "print('frame', 22000 < utime.ticks_us() - start)\n",
        use,
    )


def test_the_button_is_pressed_and_let_go() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready 1")
        board.press(50)
        await says(board, "edge 0", "edge 1")

    on_board(
        "import machine, time\n"
        "button = machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "button.irq(lambda pin: print('edge', pin.value()))\n"
        "print('ready', button.value())\n"
        "time.sleep(60)\n",
        use,
    )


def test_wifi_goes_and_comes_back() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "up 1010")
        board.wifi(False)
        await says(board, "gone 1001 -202")
        board.wifi(True)
        await says(board, "back 1010")

    on_board(
        "import network, socket, time\n"
        "wlan = network.WLAN(network.STA_IF)\n"
        "print('up', wlan.status())\n"
        "while wlan.isconnected():\n"
        "    time.sleep_ms(5)\n"
        "try:\n"
        "    socket.getaddrinfo('pool.ntp.org', 123)\n"
        "except OSError as error:\n"
        "    print('gone', wlan.status(), error.errno)\n"
        "while not wlan.isconnected():\n"
        "    time.sleep_ms(5)\n"
        "print('back', wlan.status())\n",
        use,
    )


def test_a_reset_starts_again_with_the_flash_and_nvs_kept() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "boot 0 1", "boot 1 2")
        assert board.resets == 1
        assert not has_line("never")(board)

    on_board(
        "import esp32, machine\n"
        "nvs = esp32.NVS('test')\n"
        "try:\n"
        "    boots = nvs.get_i32('boots')\n"
        "except OSError:\n"
        "    boots = 0\n"
        "print('boot', boots, machine.reset_cause())\n"
        "nvs.set_i32('boots', boots + 1)\n"
        "nvs.commit()\n"
        "if boots == 0:\n"
        "    machine.reset()\n"
        "    print('never')\n",
        use,
    )


def test_a_reset_is_no_end() -> None:
    async def use(board: SimBoard) -> None:
        told: list[str] = []
        board.on_change.append(told.append)
        await board.wait_for(lambda b: b.resets >= 3, TIMEOUT_S, "resets")
        assert "end" not in told

    on_board("import machine, time\ntime.sleep_ms(20)\nmachine.reset()\n", use)


def test_a_watchdog_that_is_not_fed_resets_the_board() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "cause 1", "cause 3")

    on_board(
        "import machine, time\n"
        "print('cause', machine.reset_cause())\n"
        "if machine.reset_cause() == 1:\n"
        "    machine.WDT(timeout=200)\n"
        "time.sleep(60)\n",
        use,
    )


def test_status_lines_are_parsed_and_kept_apart_from_the_log() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.status.get("unseen") == 3, TIMEOUT_S, "status")
        await says(board, "@status {cut")
        age_s = board.proven_age_s
        assert age_s is not None and age_s >= 7
        board.jump(60_000)
        assert board.proven_age_s >= age_s + 60

    main = "print('@status {\"unseen\": 3, \"proven_age_s\": 7}')\nprint('@status {cut')\n"
    on_board(main + "import time\ntime.sleep(60)\n", use)


def test_what_was_waited_for_in_vain_is_told_with_the_log() -> None:
    async def use(board: SimBoard) -> None:
        with pytest.raises(SimBoardError, match=r"(?s)the light: .*code 1.*ValueError: oh"):
            await board.wait_for(lambda b: bool(b.light), TIMEOUT_S, "the light")

    on_board("raise ValueError('oh')\n", use)


def test_stopping_leaves_no_process_and_no_file() -> None:
    folders: list[Path] = []
    processes: list[int] = []

    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        folders.append(board.flash.parent)
        processes.append(board.pid)

    on_board("print('ready')\nwhile True:\n    pass\n", use)
    assert not folders[0].exists()
    with pytest.raises(ProcessLookupError):
        os.kill(processes[0], signal.SIGCONT)


def test_a_board_whose_host_is_gone_stops() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.cut()
        await board.wait_for(lambda b: b.exit_code is not None, TIMEOUT_S, "the end")

    on_board("import time\nprint('ready')\ntime.sleep(60)\n", use)


def test_a_board_whose_host_is_gone_in_a_reset_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimBoard, "_reset", lambda board, cause: None)

    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.cut()
        await board.wait_for(lambda b: b.exit_code is not None, TIMEOUT_S, "the end")

    on_board("import machine\nprint('ready')\nmachine.reset()\n", use)


def test_a_board_that_cannot_start_again_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise build.BuildError("no shims today")

    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        monkeypatch.setattr(build, "shims", fail)
        board.press()
        with pytest.raises(SimBoardError, match="no shims today"):
            await board.wait_for(lambda b: b.resets == 2, TIMEOUT_S, "one more")

    on_board(
        "import machine, time\n"
        "button = machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "print('ready')\n"
        "while button.value():\n"
        "    time.sleep_ms(1)\n"
        "machine.reset()\n",
        use,
    )


def test_a_listener_that_fails_leaves_no_file_and_no_open_pipe() -> None:
    before = _open_files()
    folders: list[Path] = []

    async def use(board: SimBoard) -> None:
        folders.append(board.flash.parent)

        def fail(what: str) -> None:
            raise ValueError("oh")

        board.on_change.append(fail)
        await asyncio.sleep(0.5)  # for what never gets here any more

    with pytest.raises(ValueError, match="oh"):
        on_board("import time\nprint('ready')\ntime.sleep(60)\n", use)
    assert not folders[0].exists()
    assert _open_files() == before


def _open_files() -> int:
    gc.collect()
    return len(os.listdir("/dev/fd"))
