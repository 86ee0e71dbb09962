"""The watchdog of the simulated board, kept by the host: a firmware that hangs cannot feed it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watchdog:
    """Bites once when it has not been fed for as long as it was told."""

    def __init__(self, bite: Callable[[], None]) -> None:
        self._bite = bite
        self._timer: asyncio.TimerHandle | None = None

    def feed(self, timeout_ms: int) -> None:
        """Keeps it quiet for so long."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(timeout_ms / 1000, self._bite)

    def stop(self) -> None:
        """Keeps it quiet until it is fed again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
