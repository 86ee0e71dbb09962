"""Waits at the serial port until somebody types; what reads and obeys is loaded only then.

Service layer, resident. Ctrl-C never comes here: it is MicroPython's, and ends the gadget.
"""

import asyncio
import sys

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


_PAUSE_MS = const(1000)  # what was typed is still there, and so is the want of memory


class Console:
    """One line at a time; `known` is what commands.obey takes after the line."""

    def __init__(self, *known: "Any") -> None:
        self._known = known

    async def run(self) -> None:
        """Read until the port ends, which one of a board never does."""
        end = 0
        while end >= 0:
            await readable()
            try:
                typed, end = await _take(end)
                if typed is not None:
                    await self._obey(typed)
            except MemoryError:
                print()  # an answer may have begun
                print('@json {"ok": false, "error": "memory is short"}')
                await asyncio.sleep_ms(_PAUSE_MS)

    async def _obey(self, line: bytes) -> None:
        from postlamp.service import commands

        try:
            await commands.obey(line, *self._known)
        finally:
            del commands  # a name still in use would keep the module
            drop("postlamp.service.commands", "postlamp.service.answers")
            drop("postlamp.service.overview")


async def _take(end: int) -> "tuple[bytes | None, int]":
    from postlamp.service import line

    try:
        return await line.take(end)
    finally:
        del line
        drop("postlamp.service.line")


def readable() -> "Any":
    """Wait for the next byte. A StreamReader would do the same and cost 3 kB."""
    from asyncio import core

    yield core._io_queue.queue_read(sys.stdin.buffer)
