"""One connection to a server: TCP, verified TLS, reads and writes that end in time. Layer net.

The only module that imports socket and tls; what they raise leaves as LinkError or TrustError.
Never speaks IMAP, never reads a clock but the ticks, never goes on without a verified certificate.
"""

import asyncio
import socket
from asyncio import core
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const
from tls import CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext

from postlamp.errors import LinkError, MisuseError, TrustError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from postlamp.errors import PostlampError

_EINPROGRESS = (115, 119)  # Linux, lwIP
_EISCONN = (106, 127)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)
_SLICE_MS = const(8)  # how long data that is already here may keep the light waiting
# MicroPython's readinto reads on until the buffer is full or nothing comes; a reset in the middle
# makes it raise and tell no count, though bytes have come. So the first bytes are blanked before,
# and looked at after an error: a server's last words (BYE, then a reset) are worth it.
_BLANK = bytes(256)


class Transport:
    """A connection that can be opened again and again; one task at a time uses it.

    After a LinkError or TrustError it is closed. A cancelled or timed out `readinto` loses no
    byte; a `write` that did not end closes the connection, for TLS cannot take half a record back.
    """

    def __init__(self) -> None:
        self._raw: socket.socket | None = None  # the TCP socket
        self._stream: Any = None  # what is read and written: it, or the TLS socket around it
        self._context: SSLContext | None = None
        self._ca: list[bytes] | None = None  # the CA list that _context was made of
        self._has_verified = False
        self._early = bytearray(1)  # the handshake is driven by reads; a byte that came is kept
        self._early_count = 0
        self._ending: PostlampError | None = (
            None  # the error that ended the stream, told after its last bytes
        )
        self._yielded_at = 0

    async def connect(
        self,
        host: str,
        port: int,
        tls: str,
        ca: "list[bytes]",
        server_hostname: "str | None" = None,
        connect_ms: int = 15000,
        tls_ms: int = 20000,
    ) -> None:
        """Opens a connection; `tls` is "implicit" or "none", `ca` DER certificates.

        The name in the certificate must be `server_hostname`, by default `host`. Raises LinkError
        (dns, refused, unreachable, silent, closed, memory) or TrustError.
        """
        self.close()
        if tls not in ("implicit", "none"):
            raise MisuseError("tls " + tls)  # never plain text by mistake
        if tls == "implicit" and not ca:
            # mbedTLS finds this out (-0x7680) only after the server has answered
            raise TrustError("unknown_issuer", "no CA")
        self._yielded_at = ticks_ms()
        is_up = False
        try:
            await self._connect_tcp(host, port, ticks_add(self._yielded_at, connect_ms))
            if tls == "implicit":
                await self._shake_hands(ca, server_hostname or host, tls_ms)
            is_up = True
        finally:
            # on a cancellation too: a forgotten raw socket is never given back
            if not is_up:
                self.close()

    async def readinto(self, buffer: bytearray, deadline_ms: int) -> int:
        """Reads what there is, waiting up to `deadline_ms` from now; 0 is the end of the stream.

        Raises LinkError: silent when nothing came (the connection stays usable), or closed.
        """
        if self._early_count:
            self._early_count = 0
            buffer[0] = self._early[0]
            return 1
        if ticks_diff(ticks_ms(), self._yielded_at) >= _SLICE_MS:
            await asyncio.sleep_ms(0)
            self._yielded_at = ticks_ms()
        count = self._try_read(buffer)
        if count is not None:
            return count
        deadline = ticks_add(ticks_ms(), deadline_ms)
        while count is None:
            await self._wait(_readable(self._stream), deadline)
            count = self._try_read(buffer)
        return count

    async def write(self, data: bytes, deadline_ms: int = 20000) -> None:
        """Writes all of `data` within `deadline_ms`, or closes the connection and raises."""
        deadline = ticks_add(ticks_ms(), deadline_ms)
        rest = memoryview(data)
        is_written = False
        try:
            while True:
                count = self._try_write(rest)
                if count is None:
                    await self._wait(_writable(self._stream), deadline)
                elif count == len(rest):
                    break
                else:
                    rest = rest[count:]
            is_written = True
        finally:
            if not is_written:
                self.close()

    def close(self) -> None:
        """Closes the connection, if there is one; may be called at any time."""
        stream, raw = self._stream, self._raw
        self._stream = self._raw = None
        self._early_count = 0
        self._ending = None
        if stream is not None:
            stream.close()
        if raw is not None:
            # A TLS socket whose handshake failed no longer knows its TCP socket
            raw.close()

    async def _connect_tcp(self, host: str, port: int, deadline: int) -> None:
        """Tries each address of `host` until one answers; all share one deadline."""
        failure: LinkError | None = None
        for address in _resolve(host, port):
            try:
                await self._connect_address(address, deadline)
            except LinkError as err:
                self.close()
                failure = failure or err
                if err.cause == "silent":
                    break
            else:
                return
        raise failure or LinkError("dns", host)

    async def _connect_address(self, address: "tuple[Any, ...]", deadline: int) -> None:
        try:
            raw = socket.socket(address[0], address[1], address[2])
            self._raw = self._stream = raw
            raw.setblocking(False)
            # the client's three last messages of a handshake would wait for delayed ACKs (80 ms)
            raw.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
            raw.connect(address[-1])
        except OSError as err:
            if err.errno not in _EINPROGRESS:
                raise _blame("connect", err)
        await self._wait(_writable(raw), deadline)
        try:
            # There is no getsockopt: a second connect tells how the first one ended
            raw.connect(address[-1])
        except OSError as err:
            if err.errno not in _EISCONN:
                raise _blame("connect", err)

    async def _shake_hands(self, ca: "list[bytes]", server_hostname: str, tls_ms: int) -> None:
        """Drives the handshake until the certificate is verified or the first byte came.

        Nobody sends a ClientHello before the first read or write, and an IMAP server speaks first:
        so we read. Once the certificate is accepted, the two messages left belong to the greeting.
        """
        deadline = ticks_add(ticks_ms(), tls_ms)
        self._has_verified = False
        try:
            context = self._context_for(ca)
            stream = context.wrap_socket(
                self._raw, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._stream = stream
            while True:
                count = stream.readinto(self._early)
                if count is not None:
                    break
                if self._has_verified:
                    return
                await self._wait(_readable(stream), deadline)
        except (OSError, ValueError) as err:
            raise _blame("handshake", err)
        if not count:
            raise LinkError("closed", "TLS")
        self._early_count = count

    def _context_for(self, ca: "list[bytes]") -> SSLContext:
        """The context for this CA list: made once, for each costs 3 kB."""
        if self._context is not None and self._ca is ca:
            return self._context
        self._context = None  # the old one's memory first
        context = SSLContext(PROTOCOL_TLS_CLIENT)
        context.verify_mode = CERT_REQUIRED
        for certificate in ca:
            context.load_verify_locations(certificate)
        context.verify_callback = self._see_certificate
        self._context, self._ca = context, ca
        return context

    def _see_certificate(self, certificate: memoryview, depth: int) -> int:
        """Called by mbedTLS for each certificate, the server's own last; the verdict stays its.

        A verdict against it is raised by the very read that called us.
        """
        if depth == 0:
            self._has_verified = True
        return 0

    def _try_read(self, buffer: bytearray) -> "int | None":
        if self._stream is None:
            raise self._ending or LinkError("closed")
        is_blanked = len(buffer) >= len(_BLANK)
        if is_blanked:
            buffer[: len(_BLANK)] = _BLANK
        try:
            count: int | None = self._stream.readinto(buffer)
            return count
        except OSError as err:
            self.close()
            self._ending = _blame("stream", err)
            # what came before a NUL (which no server may send) or the end of the blanked part
            end = buffer.find(b"\0") if is_blanked else 0
            if end:
                return end if 0 < end < len(_BLANK) else len(_BLANK)
            raise self._ending

    def _try_write(self, data: memoryview) -> "int | None":
        if self._stream is None:
            raise LinkError("closed")
        try:
            count: int | None = self._stream.write(data)
            return count
        except OSError as err:
            raise _blame("stream", err)

    async def _wait(self, ready: "Generator[None, None, None]", deadline: int) -> None:
        """Waits until the poller says `ready`; reads nothing, so a cancellation loses nothing."""
        left_ms = ticks_diff(deadline, ticks_ms())
        try:
            # At least one look, for a deadline that passed while another task ran
            await asyncio.wait_for_ms(ready, max(left_ms, 1))
        except asyncio.TimeoutError:
            raise LinkError("silent")
        self._yielded_at = ticks_ms()


def _blame(stage: str, err: Exception) -> "PostlampError":
    """Our error for what was raised while in a stage; loaded only then, for it takes 1.5 kB."""
    from postlamp.net import blame

    try:
        return blame.judged(stage, err)
    finally:
        drop("postlamp.net.blame")


def _readable(stream: object) -> "Generator[None, None, None]":
    yield core._io_queue.queue_read(stream)


def _writable(stream: object) -> "Generator[None, None, None]":
    yield core._io_queue.queue_write(stream)


def _resolve(host: str, port: int) -> "list[tuple[Any, ...]]":
    """The addresses of `host`. Blocks: lwIP has no other way (about 14 s at the worst)."""
    try:
        return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except OSError as err:
        raise LinkError("dns", str(err))
