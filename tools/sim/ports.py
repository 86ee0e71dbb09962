"""A port of loopback for a server that comes and goes: nobody else is given it meanwhile."""

from __future__ import annotations

import socket
import sys

LOOPBACK = "127.0.0.1"


class HeldPort:
    """A port that refuses everybody until a server listens on its `number`, and again later.

    Linux lets a server that may take an address again (SO_REUSEADDR) share it with one that does
    not listen, and gives it to nobody who asks for any port. Elsewhere it is only free now.
    """

    def __init__(self) -> None:
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind((LOOPBACK, 0))
        self.number: int = self._holder.getsockname()[1]
        if sys.platform != "linux":
            self.release()

    def release(self) -> None:
        """Anybody may be given it from now on; harmless when called twice."""
        self._holder.close()
