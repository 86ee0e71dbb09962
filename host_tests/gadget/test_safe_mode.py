"""Crashes again and again: safe mode says why, and is left by a press, by time, by power-off."""

from host_tests.gadget.test_supervisor_faults import crash_record
from host_tests.support.lamp import account, blinks, config, in_time, on_lamp, says, shows
from host_tests.support.peer import refused_port
from host_tests.support.sabotage import sabotaged
from tools.sim.board import SimBoard

BEAT = "            heart.beat(now_s)\n"
FAULT = BEAT + '            if watchers:\n                raise ValueError("of mine")\n'
SAFE_MS = 3_600_000


async def is_safe(board: SimBoard, resets: int) -> None:
    await board.wait_for(
        lambda b: b.resets == resets and b.status.get("state") == "safe", 30, "safe mode"
    )


def test_three_crashes_lead_to_safe_mode_until_a_press_or_an_hour():
    async def use(board: SimBoard) -> None:
        await is_safe(board, 3)
        await says(board, "Safe mode", "3 times in 5 minutes", "ValueError")
        assert await blinks(board) == 2
        record = crash_record(board)
        assert record.startswith("ValueError('of mine'") and "watching" in record
        assert 'File "main.py"' in record and "I (0) start: watching, start 3" in record
        board.press()
        await is_safe(board, 7)  # it was tried: one planned restart, three more crashes
        board.jump(SAFE_MS)
        await board.wait_for(lambda b: b.log.count("(reset 8)"), 8, "it is tried once more")

    with refused_port() as port:
        files = sabotaged("app/pulse", BEAT, FAULT)
        on_lamp(config(account(port, trust="mozilla")), use, files=files)


def test_a_chip_that_stops_without_a_word_is_found_by_its_mark():
    async def use(board: SimBoard) -> None:
        for resets in (1, 2, 3):
            await board.wait_for(lambda b: b.status.get("state") == "connecting", 8, "it runs")
            board.crash()
            await board.wait_for(lambda b, n=resets: b.log.count(f"(reset {n})"), 8, "it restarts")
            board.status.clear()
        await is_safe(board, 3)
        assert crash_record(board).startswith("no word of it")
        await board.reset()  # power off and on
        await shows(board, state="connecting")

    with refused_port() as port:
        on_lamp(config(account(port, trust="mozilla")), use)


def test_crashes_far_apart_are_no_reason():
    async def use(board: SimBoard) -> None:
        for resets in (1, 2, 3):
            await board.wait_for(lambda b: b.status.get("state"), 8, "it runs")
            await in_time(board, lambda b: b.status["state"] == "not_sure", "minutes pass")
            board.jump(15_000)  # until the mark of the time is made
            await board.wait_for(lambda b: True, 1, "it is made")
            board.crash()
            await board.wait_for(lambda b, n=resets: b.log.count(f"(reset {n})"), 8, "it restarts")
            board.status.clear()
        await shows(board, state="connecting")

    with refused_port() as port:
        on_lamp(config(account(port, trust="mozilla")), use)
