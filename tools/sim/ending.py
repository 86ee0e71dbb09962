"""Ends what was started, in order: a run that is told to end, and a process that is not needed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

_STOP_S = 3
# Ctrl-C, kill, a closed terminal, Ctrl-backslash: no folder with a password may stay.
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


async def until_told(work: Coroutine[Any, Any, int], seconds: float | None = None) -> int | None:
    """Runs until a signal of `_ENDINGS` or the end of the time; None when one of them ended it.

    The work is cancelled once: a second, impatient Ctrl-C cannot spoil its end.
    """
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()

    for name in _ENDINGS:
        loop.add_signal_handler(signal.Signals[name], cancel)
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def end_process(process: asyncio.subprocess.Process) -> None:
    """Asks a process to end and, when it does not within three seconds, ends it."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()
