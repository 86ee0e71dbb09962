"""Opens connections: addresses, TCP, verified TLS. Layer net; loaded to connect, then dropped.

The only module that imports socket and tls. Never goes on without a verified certificate.
"""

import socket
from time import ticks_add, ticks_ms

from micropython import const
from tls import CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext

from postlamp.errors import LinkError, MisuseError, TrustError
from postlamp.net.transport import blamed, until_ready

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.errors import PostlampError

_EINPROGRESS = (115, 119)  # Linux, lwIP
_EISCONN = (106, 127)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)


def context_for(certificates: "list[bytes]") -> SSLContext:
    """A context that trusts these DER certificates and no others."""
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.verify_mode = CERT_REQUIRED
    for certificate in certificates:
        context.load_verify_locations(certificate)
    return context


def check(tls: str, context: "SSLContext | None") -> None:
    """Before anything is sent: never plain text by mistake, never TLS without trust."""
    if tls not in ("implicit", "none"):
        raise MisuseError("tls " + tls)
    if tls != "none" and context is None:
        raise TrustError("unknown_issuer", "no CA")


async def connect_tcp(host: str, port: int, connect_ms: int) -> socket.socket:
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


async def shake_hands(
    raw: socket.socket, context: "Any", server_hostname: str, tls_ms: int
) -> "tuple[Any, bytes]":
    """The TLS socket around `raw`, and the first byte if it came.

    Nobody sends a ClientHello before the first read or write, and an IMAP server speaks first:
    so we read until the certificate is verified. Once it is, the two messages left belong to the
    greeting. The caller closes `raw` on any error.
    """
    deadline = ticks_add(ticks_ms(), tls_ms)
    verified: "list[int]" = []

    def see_certificate(certificate: memoryview, depth: int) -> int:
        """Called for each certificate, the server's own (0) last; the verdict stays mbedTLS'.

        A verdict against it is raised by the very read that called us.
        """
        verified.append(depth)
        return 0

    early = bytearray(1)
    stream = None
    try:
        context.verify_callback = see_certificate
        stream = context.wrap_socket(
            raw, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        while True:
            count = stream.readinto(early)
            if count == 0:
                raise LinkError("closed", "TLS")
            if count or 0 in verified:
                shaken, stream = stream, None
                return shaken, bytes(early) if count else b""
            await until_ready(stream, deadline)
    except (OSError, ValueError) as err:
        raise blamed("handshake", err)
    finally:
        context.verify_callback = None  # it would keep this module in memory
        if stream is not None:
            stream.close()
