"""A whole gadget for a test: the firmware on a simulated board, and what a person sees of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tools.sim.board import SimBoard, SimBoardError

SHOWN_S = 8  # how long a state may take to show on these noisy machines
TROUBLE_MS = 4000  # the period of the trouble look
PAUSE_MS = 1000  # two blinks of one group are 400 ms apart


def account(
    port: int, user: str = "alice", password: str = "secret", **more: Any
) -> dict[str, Any]:
    """One account on a server of this computer whose authority is given to the board."""
    facts = {"name": "work", "host": "localhost", "port": port, "user": user, "trust": "ca"}
    return {**facts, "password": password, **more}


def config(*accounts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A configuration of these accounts."""
    return {"version": 1, "accounts": list(accounts), **more}


def on_lamp(
    settings: Any, use: Callable[[SimBoard], Awaitable[None]], ca_pem: bytes = b"", **more: Any
) -> None:
    """Run the gadget with this configuration while `use` watches it."""

    async def run() -> None:
        async with SimBoard(settings, ca_pem=ca_pem, **more) as board:
            await use(board)

    asyncio.run(run())


async def shows(board: SimBoard, timeout_s: float = SHOWN_S, **facts: Any) -> None:
    """Wait until the status says all of these facts."""
    await board.wait_for(
        lambda b: all(b.status.get(key) == value for key, value in facts.items()),
        timeout_s,
        f"the status says {facts}",
    )


async def in_time(
    board: SimBoard, is_so: Callable[[SimBoard], object], what: str, step_ms: int = 20_000
) -> None:
    """Wait until it is so, by the board's clock: it jumps on whenever nothing happens."""
    for _ in range(int(4 * SHOWN_S)):
        try:
            await board.wait_for(is_so, 0.25, what)
            return
        except SimBoardError:
            board.jump(step_ms)
    await board.wait_for(is_so, 0.25, what)


async def says(board: SimBoard, *words: str, timeout_s: float = SHOWN_S) -> None:
    """Wait until the page has all of these words."""
    await board.wait_for(
        lambda b: all(w in " | ".join(b.status.get("screen", ())) for w in words),
        timeout_s,
        f"the screen says {words}",
    )


async def glows(board: SimBoard, what: str, is_so: Callable[[list[Any]], bool]) -> None:
    """Wait until the light, decoded from the bytes of its wire, is so."""
    await board.wait_for(lambda b: b.light and is_so(b.light), SHOWN_S, f"the light is {what}")


def lit(light: list[Any]) -> list[Any]:
    """The pixels that are not dark."""
    return [pixel for pixel in light if any(pixel)]


def is_blue(pixel: Any) -> bool:
    """Mail: more blue than green, and no red."""
    return bool(pixel[2] > pixel[1] and not pixel[0])


def is_teal(pixel: Any) -> bool:
    """Nothing waits: green and some blue, no red."""
    return bool(pixel[1] >= pixel[2] > 0 and not pixel[0])


def is_amber(pixel: Any) -> bool:
    """Trouble: red, less green, no blue."""
    return bool(pixel[0] > pixel[1] and not pixel[2])


async def blinks(board: SimBoard) -> int:
    """How many blinks the trouble pixel makes between two pauses, from the bytes on its wire."""
    deadline = board.t_ms + 3 * TROUBLE_MS
    while board.t_ms < deadline:
        groups = _groups([(t, any(light[-1])) for t, light in list(board.light_log)], board.t_ms)
        if len(groups) > 1:
            return groups[-1]
        await asyncio.sleep(0.1)  # only time shows that a pause is one
    raise AssertionError(f"no blinks: {list(board.light_log)[-5:]}")


def _groups(states: list[tuple[int, bool]], now_ms: int) -> list[int]:
    """Sizes of the groups of blinks that a pause has followed."""
    sizes: list[int] = []
    last_on_ms = -PAUSE_MS
    was_lit = False
    for t_ms, is_lit in states:
        if is_lit and not was_lit:
            if t_ms - last_on_ms >= PAUSE_MS:
                sizes.append(0)
            sizes[-1] += 1
            last_on_ms = t_ms
        was_lit = is_lit
    return sizes if now_ms - last_on_ms >= PAUSE_MS else sizes[:-1]
