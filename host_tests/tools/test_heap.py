"""The heap of the simulated board: the firmware gets its share, and the shims are extra."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from host_tests.tools.small_firmware import on_board, says
from tools.sim.board import SimBoard
from tools.sim.runtime import SHIM_HEAP_BYTES, find_micropython, heap_option

ROOT = Path(__file__).parents[2]
_USED = "import gc\ngc.collect()\nprint('used', gc.mem_alloc())\n"
_ALL_SHIMS = """
import esp32, machine, network, neopixel, socket, time
station = network.WLAN(network.STA_IF)
station.active(True)
station.isconnected(), station.status(), station.scan()
button = machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP)
button.irq(print, machine.Pin.IRQ_FALLING)
strip = neopixel.NeoPixel(machine.Pin(13), 12)
strip.write()
machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21), freq=400000).writeto(60, b"0")
esp32.NVS("postlamp").set_i32("key", 1)
machine.RTC().memory()
esp32.idf_heap_info(esp32.HEAP_DATA)
socket.socket().close()
"""


def _used_without_shims() -> int:
    """What MicroPython itself has in use, with the asyncio that any firmware loads."""
    command = [find_micropython(), "-c", "import asyncio.core\n" + _USED]
    done = subprocess.run(command, capture_output=True, env={"MICROPYPATH": ".frozen"}, check=True)
    return int(done.stdout.split()[-1])


def test_the_allowance_for_the_shims_is_no_more_than_they_take() -> None:
    used: list[int] = []

    async def use(board: SimBoard) -> None:
        await says(board, "used")
        used.extend(int(line.split()[1]) for line in board.log if line.startswith("used"))

    on_board(_ALL_SHIMS + _USED, use)
    taken = used[0] - _used_without_shims()
    assert SHIM_HEAP_BYTES <= taken < SHIM_HEAP_BYTES + 4096


def _constant(file: str, name: str) -> str:
    found = re.findall(rf"^{name} = (?:const\()?([0-9* ]+\d)", (ROOT / file).read_text(), re.M)
    return str(found[0])


def test_in_the_model_pythons_heap_grows_by_as_much_as_the_firmware_makes_it_grow() -> None:
    made = _constant("firmware/postlamp/heap.py", "_GROWTH_BYTES")
    assert _constant("tools/sim/shims/_memory.py", "_GROWTH") == made


@pytest.mark.parametrize(
    ("heap", "extra"), [("110k", 110 * 1024), ("1M", 1024 * 1024), ("4096", 4096)]
)
def test_the_shims_share_is_added_to_the_boards(heap: str, extra: int) -> None:
    assert heap_option(heap) == f"heapsize={extra + SHIM_HEAP_BYTES}"


@pytest.mark.parametrize("heap", ["", "k", "110kk", "lots", "-5k"])
def test_what_is_no_heap_is_refused(heap: str) -> None:
    with pytest.raises(ValueError, match="heap"):
        heap_option(heap)


def test_a_firmware_that_needs_more_than_the_board_has_ends() -> None:
    async def use(board: SimBoard) -> None:
        await board.wait_for(lambda b: b.exit_code == 1, 5, "the end")
        assert any("MemoryError" in line for line in board.log)

    on_board("fits = bytearray(90 * 1024)\ntoo_much = bytearray(45 * 1024)\n", use)
