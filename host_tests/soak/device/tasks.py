"""asyncio's tasks and their queue for a virtual clock, in the place of MicroPython's C module.

That module looks at the computer's own clock; the rest of asyncio is MicroPython's own. Counts
the tasks that live, so that a lost one is noticed.
"""

import time

_LIVELOCK = 200000  # tasks run while no time passes: one of them never waits

alive = 0
_core = None
_steps = 0


class LivelockError(BaseException):
    """A task goes on for ever without waiting. No Exception, so that no supervisor takes it."""


class TaskQueue:
    """Tasks in the order of their time; of one time first come, first served."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []

    def peek(self) -> "Task | None":
        """The next one, or None."""
        return self._tasks[0] if self._tasks else None

    def push(self, task: "Task", key: "int | None" = None) -> None:
        """Put a task in, by default for now."""
        task.data = None
        task.ph_key = time.ticks_ms() if key is None else key
        at = len(self._tasks)
        while at and time.ticks_diff(task.ph_key, self._tasks[at - 1].ph_key) < 0:
            at -= 1
        self._tasks.insert(at, task)

    def pop(self) -> "Task":
        """Take the next one out."""
        return self._tasks.pop(0)

    def remove(self, task: "Task") -> None:
        """Take this one out."""
        self._tasks.remove(task)


class Task:
    """A coroutine and what has become of it.

    `state`: True while it runs and nobody awaits it, a TaskQueue of who does, a callable to tell,
    None or False when done. `data`: what it waits in, or what it is to be thrown, or its result.
    """

    def __init__(self, coro: "object", context: "object" = None) -> None:
        global alive
        alive += 1
        self.coro = _Counted(coro)
        self.data: object = None
        self.state: object = True
        self.ph_key = 0

    def __iter__(self) -> "Task":
        if not self.state:
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif type(self.state) is not TaskQueue:
            raise RuntimeError("somebody is told already")
        return self

    def __next__(self) -> None:
        if not self.state:
            raise self.data
        current = _core.cur_task
        self.state.push(current)
        current.data = self

    def done(self) -> bool:
        """Whether it has ended."""
        return not self.state

    def cancel(self) -> bool:
        """Have CancelledError thrown into it, or into what it awaits."""
        if not self.state:
            return False
        if self is _core.cur_task:
            raise RuntimeError("can't cancel self")
        task = self
        while isinstance(task.data, Task):
            task = task.data
        if hasattr(task.data, "remove"):
            task.data.remove(task)
            _core._task_queue.push(task)
        elif time.ticks_diff(task.ph_key, time.ticks_ms()) > 0:
            _core._task_queue.remove(task)
            _core._task_queue.push(task)
        task.data = _core.CancelledError
        return True


class _Counted:
    """A coroutine that is counted until it ends."""

    def __init__(self, coro: "object") -> None:
        self._coro = coro
        self._is_over = False

    def send(self, value: "object") -> "object":
        """As a coroutine's."""
        try:
            return self._coro.send(value)
        except BaseException:
            self._end()
            raise

    def throw(self, error: "object") -> "object":
        """As a coroutine's."""
        try:
            return self._coro.throw(error)
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        global alive
        if not self._is_over:  # an ended one is thrown an error nobody took, to tell of it
            self._is_over = True
            alive -= 1


def install() -> None:
    """To be called before asyncio is first imported."""
    global _core
    import sys

    sys.modules["_asyncio"] = sys.modules["tasks"]
    import asyncio.core as core

    _core = core
    core.IOQueue.wait_io_event = _let_time_pass


def _let_time_pass(queue: "object", dt: int) -> None:
    """Nobody is ready for `dt` milliseconds, and no stream is waited for: so they have passed."""
    global _steps
    if dt > 0:
        _steps = 0
        time.advance(dt)
        return
    _steps += 1
    if dt < 0 or _steps > _LIVELOCK:
        raise LivelockError("everybody waits for ever" if dt < 0 else "no time passes")
