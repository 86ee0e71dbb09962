"""The real mpremote at a serial port."""

from __future__ import annotations

import asyncio
import sys

_LIMIT_S = 30  # mpremote itself waits for ever for some answers


class MpremoteError(Exception):
    """It failed, or never ended; the text is what it said."""


async def mpremote(port: str, *arguments: str) -> str:
    """What it prints, without the space around it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mpremote", "connect", port, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), _LIMIT_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise MpremoteError(f"{arguments} did not end in {_LIMIT_S} s") from None
    if process.returncode:
        raise MpremoteError(f"{arguments}: {said.decode(errors='replace')}")
    return said.decode(errors="replace").strip()
