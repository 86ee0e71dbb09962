"""Watches over every task and over memory, and restarts the gadget by plan. Application layer.

What ends or keeps a task is logged, shown if mail is not watched then, and it is begun again.
"""

import asyncio
import sys

from micropython import const

from postlamp.app.tasks import Task
from postlamp.errors import LinkError, PostlampError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from postlamp.app.log import Log
    from postlamp.app.status import Status
    from postlamp.mail.watcher import Watcher

_STEP_MS = const(1000)
_LOOK_S = const(10)
_LOOKS = const(6)  # at memory once in so many
_MOST_PASSED_S = const(30)  # what held up everybody is no task's fault
_TASK_S = const(120)  # a task may be quiet so long, unless it says otherwise
_SAFE_S = const(3600)
_SAFE = const(2)


class Pulse:
    """`heart` restarts the board; `state` (store.state.State, or None) is saved in time."""

    def __init__(
        self, clock: "Any", heart: "Any", state: "Any", log: "Log", status: "Status"
    ) -> None:
        self.heart = heart
        self.log = log
        self.status = status
        self.tasks: "list[Task]" = []
        self.causes: "list[str | None]" = []  # of each account, as they were logged
        self.next_mode = ""
        self.is_low = False  # memory, when it was looked at last
        self._clock = clock
        self._state = state
        self._watchers: "list[Watcher]" = []

    async def restart(self, mode: str) -> None:
        """Restart the board by plan, within seconds: state saved, servers told goodbye."""
        self.next_mode = mode

    def facts(self, wifi: "Any") -> "list[tuple[str, str]]":
        """What no screen has room for, as (name, value) pairs."""
        from postlamp.app import facts

        try:
            return facts.facts(self, wifi)
        finally:
            del facts  # a name still in use would keep the module
            drop("postlamp.app.facts")

    def start(
        self,
        name: str,
        run: "Callable[[], Awaitable[None]]",
        limit_s: int = _TASK_S,
        watcher: "Watcher | None" = None,
    ) -> Task:
        """Begin a task and watch over it until it is cancelled; `limit_s` 0: it may be quiet."""
        task = Task(name, run, limit_s, self._report, watcher)
        self.tasks.append(task)
        return task

    def _report(self, task: Task, error: "Exception | None") -> None:
        """Show that mail is not watched, if so, and tell the console why."""
        shown = LinkError("memory") if isinstance(error, MemoryError) else PostlampError()
        for watcher in self._watchers:
            if task.name == "link" or task.watcher is watcher:
                watcher.account.fail(shown, None)
        self.log.log("E", task.name, repr(error) if error else "no sign of life")
        if error:
            sys.print_exception(error)

    async def run(self, watchers: "list[Watcher]") -> None:
        """Once a second: proof of progress, and a look at everything. Ends in a restart."""
        self._watchers = watchers
        self.causes = [None] * len(watchers)
        clock, heart = self._clock, self.heart
        looked_at = clock.now_s()
        looks = 0
        while not self.next_mode:
            await asyncio.sleep_ms(_STEP_MS)
            now_s = clock.now_s()
            heart.beat(now_s)
            if self._state is not None:
                error = self._state.save(now_s)
                if error is not None:
                    self.log.log("E", "state", repr(error))
            if now_s - looked_at >= _LOOK_S:
                self._look(now_s, min(now_s - looked_at, _MOST_PASSED_S))
                looked_at = now_s
                looks += 1
                if looks % _LOOKS == 0:
                    self._weigh(now_s)
            if heart.start[0] == _SAFE and now_s >= _SAFE_S:
                self.next_mode = "watching"
        from postlamp.app import parting

        await parting.leave(self, watchers, self._state, clock.now_s())

    def _look(self, now_s: int, passed_s: int) -> None:
        """Find tasks that show no sign of life."""
        self.heart.note()
        self.tasks = [task for task in self.tasks if not task.handle.done()]
        for task in self.tasks:
            if task.watcher is not None:
                account = task.watcher.account
                sign = (account.link_proven_at, account.retry_at, account.reconnects)
                if sign != task.sign or (account.retry_at or 0) > now_s:
                    task.sign, task.quiet_s = sign, 0
            if not task.look(passed_s):
                self.log.log("E", task.name, "does not end")
                self.next_mode = "watching"

    def _weigh(self, now_s: int) -> None:
        from postlamp.app.tending import weigh

        try:
            weigh(self, now_s)
        finally:
            del weigh
            drop("postlamp.app.tending")

    def heed(self) -> None:
        """See to accounts whose cause of trouble has changed."""
        for index, watcher in enumerate(self._watchers):
            if watcher.account.cause != self.causes[index]:
                from postlamp.app.tending import heed

                self.causes[index] = heed(watcher.account, self.heart, self.log)
                del heed
                drop("postlamp.app.tending")
