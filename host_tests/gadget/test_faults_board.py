"""What fails on the board's side of the network, and its clock: what it shows, and how soon."""

import time

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import HOUR_S
from host_tests.support.lamp import SHOWN_S, is_amber, says, shows
from host_tests.support.trial import Trial, on_trial
from tools.build import BoardFile, deploy_set
from tools.sim.board import SimBoard

HOME = {"ssid": "home", "password": "long enough"}
STATE = "state.json"
STRIDE_MS = 15_000  # less than any deadline
SAVED_S = 600  # between two writes, for the flash's sake
HURRY = 20  # the watchdog's two minutes are six seconds, a look-up's 14 s are 0.7
HALF_DAY_MS, TWO_CYCLES_MS = 43_201_000, 130_000
# Takes nearly all of the heap, and what is given back of it, while there is a file of this name.
HOG = b"""
import asyncio, gc, os

async def hog():
    held = []
    while True:
        if "hog" not in os.listdir():
            held.clear()
        else:
            gc.collect()
            while gc.mem_free() > 8000:
                held.append(bytearray(256))
        await asyncio.sleep_ms(50)

asyncio.create_task(hog())
"""


def test_dns_gone(server: Dovecot):
    async def use(trial: Trial) -> None:
        def begin() -> None:
            trial.board.wifi(fault="dns")
            trial.gate.reset()

        await trial.begins(begin)
        server.deliver()
        await trial.ends(lambda: trial.board.wifi(fault=None), 1)

    on_trial("DNS gone", server, use)


def test_look_ups_that_block(server: Dovecot):
    async def use(trial: Trial) -> None:
        board = trial.board

        def begin() -> None:
            board.wifi(fault="slow_dns")
            trial.gate.reset()

        await trial.begins(begin)
        was = board.status["reconnects"]
        await trial.until(lambda b: b.status["reconnects"] > was + 2, HOUR_S, board.t_ms)
        server.deliver()
        await trial.ends(lambda: board.wifi(fault=None), 1)
        assert board.resets == 0  # no watchdog bites

    on_trial("DNS silent: a look-up keeps everybody waiting", server, use, hurry=HURRY)


def test_wifi_gone(server: Dovecot):
    async def use(trial: Trial) -> None:
        await trial.begins(lambda: trial.board.wifi(False))
        server.deliver()
        await trial.ends(lambda: trial.board.wifi(True), 1)

    on_trial("Wi-Fi gone", server, use, settings={"wifi": [HOME]})


def test_ntp_gone_at_power_up(server: Dovecot):
    async def use(trial: Trial) -> None:
        async def begin() -> None:
            trial.board.time_server.fault = "silent"
            await shows(trial.board, state="connecting")  # from now on its clock runs

        def end() -> None:
            trial.board.time_server.fault = None

        await trial.begins(begin)
        server.deliver()
        await trial.ends(end, 1)

    on_trial("NTP gone, at power-up", server, use, is_counting=False)


@pytest.mark.parametrize("hours", [5, -5])
def test_clock_jump(hours: int, server: Dovecot):
    async def use(trial: Trial) -> None:
        board = trial.board
        started_s = time.time() - board.t_ms / 1000
        board.time_server.ahead_s = hours * 3600
        asked = board.time_server.asked
        board.jump(HALF_DAY_MS)
        await board.wait_for(lambda b: b.time_server.asked > asked, SHOWN_S, "it asks")
        await shows(board, state="nothing", cause=None, unseen=0)
        shown = len(board.statuses)
        now = time.gmtime(started_s + board.t_ms / 1000 + hours * 3600)
        await says(board, time.strftime("%H:", now))
        since_ms = board.t_ms
        await trial.until(lambda b: b.t_ms - since_ms > TWO_CYCLES_MS, HOUR_S, since_ms)
        server.deliver()
        await shows(board, state="new", unseen=1)
        assert {status["cause"] for status in board.statuses[shown:]} == {None}
        assert {status["state"] for status in board.statuses[shown:]} == {"nothing", "new"}

    on_trial("clock jump", server, use, settings={"timezone": "UTC0"})


def test_out_of_memory(server: Dovecot):
    files = [
        BoardFile(file.path, HOG + file.content, file.origin) if file.path == "main.py" else file
        for file in deploy_set("SIM")
    ]

    async def use(trial: Trial) -> None:
        hog = trial.board.flash / "hog"

        def glows(board: SimBoard) -> bool:
            return any(is_amber(light[-1]) for _, light in list(board.light_log))

        def begin() -> None:
            hog.touch()
            trial.gate.reset()

        await trial.begins(begin, glows)  # a page may need more than there is
        server.deliver()
        await trial.ends(hog.unlink, 1)

    on_trial("out of memory", server, use, files=files)


def test_disk_full(server: Dovecot):
    async def use(trial: Trial) -> None:
        board = trial.board
        kept = board.flash / STATE
        full = board.flash / (STATE + ".new")

        def is_told(board: SimBoard) -> bool:
            return any(line.startswith("E ") and " state: " in line for line in board.log)

        full.mkdir()  # nothing can be written under this name
        server.deliver()
        await shows(board, state="new", unseen=1)
        since_ms = board.t_ms
        await trial.until(is_told, SAVED_S, since_ms, step_ms=STRIDE_MS)
        await shows(board, cause=None, unseen=1)
        full.rmdir()
        since_ms = board.t_ms
        await trial.until(lambda _: kept.exists(), SAVED_S, since_ms, step_ms=STRIDE_MS)

    on_trial("disk full", server, use)
