"""One connection that several accounts use in turn. Layer mail; loaded only where they must."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.mail.watcher import Watcher

_BUFFER_BYTES = const(1024)


class Place:
    """Lends its buffers to the sessions of its watchers, of which one at a time is connected."""

    def __init__(self) -> None:
        self.buffers = bytearray(_BUFFER_BYTES), bytearray(_BUFFER_BYTES)
        self._lock = asyncio.Lock()

    async def turn(self, watcher: "Watcher") -> None:
        """Connect, count, and leave: the next one must not meet a connection that lingers.

        Others wait for as long as it takes, but not while this one waits for its next try.
        """
        async with self._lock:
            try:
                session = await watcher.look()
                await session.part()
            finally:
                watcher.close()  # here, for the next one may use the same transport
