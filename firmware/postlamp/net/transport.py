"""One connection to a server: reads and writes that end in time. Layer net.

dial.py opens it, handshake.py begins TLS; what a socket raises leaves as LinkError or TrustError.
Never speaks IMAP, never reads a clock but the ticks, never goes on without a verified certificate.
"""

import asyncio
from asyncio import core
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from postlamp.errors import LinkError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from tls import SSLContext

    from postlamp.errors import PostlampError

_SLICE_MS = const(8)  # how long data that is already here may keep the light waiting


class Transport:
    """A connection that can be opened again and again; one task at a time uses it.

    What is trusted: `context`, by contexts.py, of certificates; or for a pin, with the `pin`; or
    of none, with the file `store` of roots (roots.py), of which the fitting one is found when
    connecting. A context costs 3 kB and is kept. None: only plain text can be spoken.
    After a LinkError or TrustError it is closed. A cancelled or timed out `readinto` loses no
    byte; a `write` that did not end closes the connection, for TLS cannot take half a record back.
    """

    def __init__(
        self, context: "SSLContext | None" = None, pin: bytes = b"", store: str = ""
    ) -> None:
        self.context: Any = context
        self.pin = pin
        self.store = store
        self.roots: "list[Any]" = []  # places in the store of those that `context` trusts
        self.places: "list[Any] | None" = None  # those still to be tried; None: not looked up
        self.raw: Any = None  # the TCP socket
        self.stream: Any = None  # what is read and written: it, or the TLS socket around it
        self.early = b""  # the handshake is driven by reads; a byte that came is kept
        self.stage = "stream"  # a handshake ends only with the first byte: its errors are of trust
        self._yielded_at = 0

    async def connect(
        self,
        host: str,
        port: int,
        tls: str,
        server_hostname: "str | None" = None,
        connect_ms: int = 15000,
        tls_ms: int = 20000,
    ) -> None:
        """Opens a connection; `tls` is "implicit", "starttls" (plain until `start_tls`) or "none".

        The name in the certificate must be `server_hostname`, by default `host`. Raises LinkError
        (dns, refused, unreachable, silent, closed, memory) or TrustError.
        """
        from postlamp.net import connecting

        try:
            name = server_hostname or host
            await connecting.connect(self, host, port, tls, name, connect_ms, tls_ms)
        finally:
            del connecting  # a name still in use would keep the module
            drop("postlamp.net.connecting")

    async def start_tls(self, server_hostname: str, tls_ms: int = 20000) -> bool:
        """Begins TLS on the open connection, once the server has agreed; raises likewise.

        False: connect again, and keep `places` over it; another root of the store is to be tried.
        """
        from postlamp.net import connecting

        try:
            return await connecting.start_tls(self, server_hostname, tls_ms)
        finally:
            del connecting
            drop("postlamp.net.connecting")

    async def readinto(self, buffer: bytearray, deadline_ms: int) -> int:
        """Reads what there is, waiting up to `deadline_ms` from now; 0 is the end of the stream.

        Raises LinkError: silent when nothing came (the connection stays usable), or closed.
        """
        if self.early:
            buffer[0] = self.early[0]
            self.early = b""
            return 1
        if ticks_diff(ticks_ms(), self._yielded_at) >= _SLICE_MS:
            await asyncio.sleep_ms(0)
            self._yielded_at = ticks_ms()
        deadline = ticks_add(ticks_ms(), deadline_ms)
        while True:
            if self.stream is None:
                raise LinkError("closed")
            try:
                count: int | None = self.stream.readinto(buffer)
            except OSError as err:
                self.close()
                raise blamed(self.stage, err)
            if count is not None:
                self.stage = "stream"
                return count
            await until_ready(self.stream, deadline)
            self._yielded_at = ticks_ms()

    async def write(self, data: bytes, deadline_ms: int = 20000) -> None:
        """Writes all of `data` within `deadline_ms`, or closes the connection and raises."""
        deadline = ticks_add(ticks_ms(), deadline_ms)
        rest = memoryview(data)
        try:
            while rest:
                if self.stream is None:
                    raise LinkError("closed")
                count = self.stream.write(rest)
                if count is None:
                    await until_ready(self.stream, deadline, True)
                else:
                    rest = rest[count:]
        except OSError as err:
            raise blamed("stream", err)
        finally:
            if rest:
                self.close()

    def close(self) -> None:
        """Closes the connection, if there is one; may be called at any time."""
        stream, raw = self.stream, self.raw
        self.stream = self.raw = None
        self.early = b""
        if stream is not None:
            stream.close()
        if raw is not None:
            # A TLS socket whose handshake failed no longer knows its TCP socket
            raw.close()


async def until_ready(stream: object, deadline: int, is_to_write: bool = False) -> None:
    """Waits for a stream until a tick; reads nothing, so that a cancellation loses nothing."""
    left_ms = ticks_diff(deadline, ticks_ms())
    try:
        # At least one look, for a deadline that passed while another task ran
        await asyncio.wait_for_ms(_ready(stream, is_to_write), max(left_ms, 1))
    except asyncio.TimeoutError:
        raise LinkError("silent")


def _ready(stream: object, is_to_write: bool) -> "Generator[None, None, None]":
    queue = core._io_queue
    yield queue.queue_write(stream) if is_to_write else queue.queue_read(stream)


def blamed(stage: str, err: Exception, where: str = "") -> "PostlampError":
    """Our error for what was raised while in a stage; loaded only then, for it takes 1.5 kB."""
    from postlamp.net import blame

    try:
        return blame.judged(stage, err, where)
    finally:
        drop("postlamp.net.blame")
