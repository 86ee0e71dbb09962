"""Keeps asyncio's loop listening to the host, and moves its sleepers when the clock jumps."""

import time

import _wire

_LISTEN_MS = 10


def install(core):
    """Puts both into asyncio.core, whose own ticks must be the host's."""
    wait_io_event = core.IOQueue.wait_io_event

    def wait_and_listen(self, dt):
        while True:
            wait_io_event(self, dt if 0 <= dt <= _LISTEN_MS else _LISTEN_MS)
            _wire.poll()
            if dt >= 0 or core._task_queue.peek():
                return  # asyncio itself works out how long is still to wait

    def jump(ms):
        queue = core._task_queue
        sleepers = []
        while queue.peek():
            sleepers.append(queue.pop())
        for task in sleepers:
            pending = task.data  # a cancellation on its way, which push() would drop
            queue.push(task, max(0, task.ph_key - ms))
            task.data = pending

    core.IOQueue.wait_io_event = wait_and_listen
    time.on_jump(jump)
