"""The board's clock: the wrap of its ticks, jumps, the epoch, and asyncio over all of it."""

from __future__ import annotations

from host_tests.tools.small_firmware import on_board, says
from tools.sim.board import SimBoard

_SLEEPERS = """
import asyncio, time

async def sleeper(name, ms):
    start = time.ticks_ms()
    await asyncio.sleep_ms(ms)
    late = time.ticks_diff(time.ticks_ms(), start) - ms
    print(name, "wrapped" if time.ticks_ms() < start else "before", 0 <= late < 2000)

async def main():
    # Queued in this order; a task queue that compares raw ticks would wake the first one first.
    sleepers = [sleeper("long", 1500), sleeper("short", 100), sleeper("middle", 800)]
    await asyncio.wait_for(asyncio.gather(*sleepers), 5)

"""


def test_ticks_start_ten_seconds_before_they_wrap() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "left True", "diff 20", "add 5", "OverflowError")

    on_board(
        "import time\n"
        "print('left', 9000 < (1 << 30) - time.ticks_ms() <= 10000)\n"
        "print('diff', time.ticks_diff(10, (1 << 30) - 10))\n"
        "print('add', time.ticks_add((1 << 30) - 5, 10))\n"
        "try:\n"
        "    time.ticks_add(0, 1 << 29)\n"
        "except OverflowError:\n"
        "    print('OverflowError')\n",
        use,
    )


def test_asyncio_sleeps_across_the_wrap() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.jump(8_000)
        await says(board, "short before True", "long wrapped True", "middle")
        names = [line.split()[0] for line in board.log if line.endswith("True")]
        assert names == ["short", "middle", "long"]

    # A second is left before the wrap, however long the host took for the jump.
    wait = "print('ready')\nwhile (1 << 30) - 1000 > time.ticks_ms() > 1 << 29:\n"
    wait += "    time.sleep_ms(1)\n"
    on_board(_SLEEPERS + wait + "asyncio.run(main())\n", use)


def test_blocking_sleep_crosses_the_wrap() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.jump(9_900)
        await says(board, "slept True")

    on_board(
        "import time\n"
        "start = time.ticks_ms()\n"
        "print('ready')\n"
        "while time.ticks_ms() > 1 << 29:\n"
        "    time.sleep_ms(50)\n"
        "print('slept', time.ticks_diff(time.ticks_ms(), start) >= 9900)\n",
        use,
    )


def test_a_jump_wakes_who_would_have_slept_that_long() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.jump(95_000)
        await says(board, "minute True", "blocked True")

    on_board(
        "import asyncio, time\n"
        "async def main():\n"
        "    start = time.ticks_ms()\n"
        "    print('ready')\n"
        "    await asyncio.sleep(60)\n"
        "    print('minute', time.ticks_diff(time.ticks_ms(), start) >= 95000)\n"
        "    time.sleep(0)\n"
        "    print('blocked', time.ticks_diff(time.ticks_ms(), start) < 96000)\n"
        "asyncio.run(main())\n",
        use,
    )


def test_a_jump_does_not_lose_a_cancellation() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "ready")
        board.jump(5_000)
        await says(board, "cancelled True")

    on_board(
        "import asyncio, time\n"
        "async def sleeper():\n"
        "    try:\n"
        "        await asyncio.sleep(3600)\n"
        "    except asyncio.CancelledError:\n"
        "        print('cancelled', True)\n"
        "        raise\n"
        "async def main():\n"
        "    task = asyncio.create_task(sleeper())\n"
        "    await asyncio.sleep_ms(0)\n"
        "    task.cancel()\n"
        "    start = time.ticks_ms()\n"
        "    print('ready')\n"
        "    while time.ticks_diff(time.ticks_ms(), start) < 5000:\n"
        "        pass\n"
        "    await asyncio.sleep_ms(10)\n"
        "asyncio.run(main())\n",
        use,
    )


def test_the_calendar_is_unset_until_somebody_sets_it() -> None:
    async def use(board: SimBoard) -> None:
        await says(board, "unset 2000 8", "set (2026, 5, 22, 4, 12, 0, 0, 0) True")

    on_board(
        "import machine, time\n"
        "print('unset', time.gmtime()[0], len(time.gmtime()))\n"
        "clock = machine.RTC()\n"
        "clock.datetime((2026, 5, 22, 4, 12, 0, 0, 0))\n"
        "now = time.time()\n"
        "print('set', clock.datetime(), time.mktime(time.gmtime(now)) == now)\n",
        use,
    )
