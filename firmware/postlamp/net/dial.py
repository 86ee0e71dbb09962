"""Opens TCP connections: addresses, and a socket. Layer net; loaded to connect, then dropped.

The only module that opens TCP. Never waits longer than it is told, but for a name.
"""

import socket
from time import ticks_add, ticks_ms

from micropython import const

from postlamp.errors import LinkError
from postlamp.net.transport import blamed, until_ready

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.errors import PostlampError

_EINPROGRESS = (115, 119)  # Linux, lwIP
_EISCONN = (106, 127)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)


async def dial(host: str, port: int, connect_ms: int) -> socket.socket:
    """Tries each address of `host` until one answers; all share the time."""
    deadline = ticks_add(ticks_ms(), connect_ms)
    failure: PostlampError | None = None
    for address in _resolve(host, port):
        raw = None
        try:
            raw = socket.socket(address[0], address[1], address[2])
            await _connect(raw, address[-1], deadline)
            connected, raw = raw, None
            return connected
        except OSError as err:
            failure = failure or blamed("connect", err, host + ":" + str(port))
        except LinkError:  # silent: no time is left for another one
            break
        finally:
            # on a cancellation too: a forgotten raw socket is never given back
            if raw is not None:
                raw.close()
    raise failure or LinkError("silent")


def _resolve(host: str, port: int) -> "list[tuple[Any, ...]]":
    """The addresses of `host`. Blocks: lwIP has no other way (about 14 s at the worst)."""
    try:
        return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except OSError:
        raise LinkError("dns", host)


async def _connect(raw: socket.socket, address: "tuple[Any, ...]", deadline: int) -> None:
    raw.setblocking(False)
    # the client's three last messages of a handshake would wait for delayed ACKs (80 ms)
    raw.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
    try:
        raw.connect(address)
    except OSError as err:
        if err.errno not in _EINPROGRESS:
            raise
    await until_ready(raw, deadline, True)
    try:
        # There is no getsockopt: a second connect tells how the first one ended
        raw.connect(address)
    except OSError as err:
        if err.errno not in _EISCONN:
            raise
