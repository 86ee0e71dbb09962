"""Small hand-written firmware on a simulated board, for tests of the simulator itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tools.build import BoardFile
from tools.sim.board import SimBoard

TIMEOUT_S = 5


def flash_with(main: str, boot: str = "") -> list[BoardFile]:
    """A flash that holds just this boot.py and main.py."""
    here = Path(__file__)
    return [BoardFile("boot.py", boot.encode(), here), BoardFile("main.py", main.encode(), here)]


def on_board(
    main: str,
    use: Callable[[SimBoard], Awaitable[None]],
    config: Any = None,
    boot: str = "",
    heapsize: str = "110k",
    hurry: int = 0,
) -> None:
    """Runs this main.py on a board while `use` watches it."""

    async def run() -> None:
        files = flash_with(main, boot)
        async with SimBoard(config, files=files, heapsize=heapsize, hurry=hurry) as board:
            await use(board)

    asyncio.run(run())


def has_line(words: str) -> Callable[[SimBoard], bool]:
    """Whether a line of the console holds these words."""
    return lambda board: any(words in line for line in board.log)


async def says(board: SimBoard, *lines: str) -> None:
    """Waits until the console has said all of it."""
    for words in lines:
        await board.wait_for(has_line(words), TIMEOUT_S, words)
