"""A planned restart: what is known is saved, servers are told goodbye. Application layer.

Loaded for it; the board restarts before it could be dropped.
"""

import asyncio

from micropython import const

from postlamp.errors import PostlampError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.app.pulse import Pulse

_LEAVE_MS = const(6000)  # the watchers', for 5 s of goodbye
_MODES = ("watching", "service", "safe")


async def leave(pulse: "Pulse", watchers: "list[Any]", state: "Any", now_s: int) -> None:
    """Save the state, then end all connections at once; neither may keep the restart waiting."""
    pulse.log.log("I", "restart", pulse.next_mode)
    if state is not None:
        error = state.save(now_s, True)
        if error is not None:
            pulse.log.log("E", "state", repr(error))
    partings = [asyncio.create_task(watcher.leave()) for watcher in watchers]
    for parting in partings:
        try:
            await asyncio.wait_for_ms(parting, _LEAVE_MS)
        except (PostlampError, OSError, asyncio.TimeoutError) as error:
            pulse.log.log("W", "restart", repr(error))
    pulse.heart.end(_MODES.index(pulse.next_mode))
    pulse.heart.reset()
