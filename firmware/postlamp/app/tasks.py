"""One task of the gadget: begun again whatever ends it, or whatever keeps it. Application layer.

Never decides what a failure means for the mail; who started it is told of each.
"""

import asyncio
import gc

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from postlamp.mail.watcher import Watcher

    Run = Callable[[], Awaitable[None]]
    Report = Callable[["Task", Exception | None], None]

_LONGEST_S = const(300)
_MOST_FAILURES = const(9)  # 1 << 9 is longer than that
_WELL_S = const(60)  # what ran so long begins anew with short pauses


class Task:
    """Runs `run` for ever; only a cancellation from outside ends it.

    Whoever shows a sign of life sets `quiet_s` to 0; below zero is a wait that was announced. With
    a `limit_s` of 0 it may be quiet for ever. `report` takes the error, or None for a silence.
    """

    def __init__(
        self, name: str, run: "Run", limit_s: int, report: "Report", watcher: "Watcher | None"
    ) -> None:
        self.name = name
        self.watcher = watcher
        self.sign: object = None
        self.quiet_s = 0
        self.failures = 0
        self._run = run
        self._limit_s = limit_s
        self._report = report
        self._ran_s = 0
        self._is_late = False
        self.handle = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        while True:
            error: "Exception | None" = None
            try:
                await self._run()
                return  # the console's port has ended
            except asyncio.CancelledError:
                if not self._is_late:
                    raise
                self._is_late = False
            except Exception as found:  # noqa: BLE001 (the one place: a gadget must go on)
                error = found
                gc.collect()
            try:
                self._report(self, error)
            except MemoryError:
                gc.collect()  # too little even to tell; the next one is told
            pause_s = min(1 << self.failures, _LONGEST_S)
            self.failures = min(self.failures + 1, _MOST_FAILURES)
            self._ran_s = self.quiet_s = -pause_s
            await asyncio.sleep_ms(pause_s * 1000)

    def look(self, passed_s: int) -> bool:
        """So much time has passed: ends a task that was quiet too long, to begin it again.

        False when it took no notice of that and was quiet as long again.
        """
        if self.quiet_s <= 0:
            self._is_late = False  # a cancellation may be lost in a wait that ends just then
        self._ran_s += passed_s
        if self._ran_s >= _WELL_S:
            self.failures = 0
        self.quiet_s += passed_s
        if not self._limit_s or self.quiet_s < self._limit_s:
            return True
        if self._is_late:
            return False
        self._is_late = True
        self.quiet_s = 1  # 0 would be a sign of life
        self.handle.cancel()
        return True
