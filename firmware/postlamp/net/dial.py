"""Opens connections: addresses, TCP, verified TLS. Layer net; loaded to connect, then dropped.

The only module that speaks TCP or TLS. Never goes on without a verified certificate.
"""

import gc
import socket
from binascii import hexlify
from hashlib import sha256
from time import ticks_add, ticks_ms

from micropython import const
from tls import CERT_OPTIONAL, CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext

from postlamp.errors import LinkError, MisuseError, TrustError
from postlamp.modules import drop
from postlamp.net.transport import blamed, until_ready

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.errors import PostlampError
    from postlamp.net.issuer import Bytes
    from postlamp.net.transport import Transport

_EINPROGRESS = (115, 119)  # Linux, lwIP
_EISCONN = (106, 127)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)
_ROOTS_LIMIT = const(4)  # in one context


def context_for(certificates: "list[bytes]") -> SSLContext:
    """A context that trusts these DER certificates and no others."""
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.verify_mode = CERT_REQUIRED
    for certificate in certificates:
        context.load_verify_locations(certificate)
    return context


def context_for_pin() -> SSLContext:
    """A context that leaves the verdict to `dial`, which must be given a pin.

    CERT_REQUIRED would demand a known issuer and the host's name, which a pin stands for; under
    CERT_NONE the certificate would not be shown to us.
    """
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.verify_mode = CERT_OPTIONAL
    return context


async def dial(
    link: "Transport",
    raw: "Any",
    host: str,
    port: int,
    tls: str,
    server_hostname: str,
    connect_ms: int,
    tls_ms: int,
) -> "tuple[Any, Any, bytes] | None":
    """The TCP socket, what is read and written, and what came early, b"" or one byte.

    With `raw`, an open connection, only TLS is begun. The socket is closed on any error. Plain
    text is never spoken by mistake, TLS never without trust: checked before anything is sent.
    None: nothing is known to be wrong, but another root has to be tried; dial again.
    """
    guard = _Guard(link.pin)
    if link.store:
        from postlamp.net.issuer import issuer_of

        guard.issuer_of = issuer_of
    try:
        if tls not in ("implicit", "starttls", "none"):
            raise MisuseError("tls " + tls)
        if tls != "none" and link.context is None:
            raise TrustError("unknown_issuer", "no certificate to trust was given")
        if raw is None:
            raw = await _connect_tcp(host, port, connect_ms)
        stream, early = raw, b""
        if tls == "implicit":
            stream, early = await _shake_hands(raw, link.context, server_hostname, tls_ms, guard)
        kept, raw = raw, None
        return kept, stream, early
    except TrustError as error:
        if error.cause != "unknown_issuer" or not guard.issuers:
            raise
        if not _try_another(link, guard.issuers):
            raise
        return None
    finally:
        drop("postlamp.net.issuer")
        # on a cancellation too: a forgotten raw socket is never given back
        if raw is not None:
            raw.close()


def _try_another(link: "Transport", issuers: "list[bytes]") -> bool:
    """Trust one more root that the server's chain may lead to; False when there is none.

    All roots are Mozilla's, so the old ones may stay: a new
    context would need 3 kB in one piece. But whoever stands in between could name them all.
    """
    from postlamp.net import roots

    try:
        if link.places is None:
            found = roots.find(link.store, issuers)
            link.places = [place for place in found if place not in link.roots]
        if not link.places:
            return False
        if len(link.roots) == _ROOTS_LIMIT:
            link.roots.clear()
            link.context = None
            gc.collect()
            link.context = context_for([])
        link.roots.append(link.places.pop(0))
        link.context.load_verify_locations(roots.read(link.store, link.roots[-1]))
        return True
    finally:
        del roots  # a name still in use would keep the module
        drop("postlamp.net.roots")


async def _connect_tcp(host: str, port: int, connect_ms: int) -> socket.socket:
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


class _Guard:
    """Sees the certificates of one handshake; with a pin it alone decides."""

    def __init__(self, pin: bytes) -> None:
        self.is_passed = False
        self.strange = b""  # the digest that was not the pin
        self.issuer_of: "Callable[[Bytes], Bytes] | None" = None  # to gather
        self.issuers: "list[bytes]" = []  # digests of their names, the server's own first
        self.failure: "Exception | None" = None
        self._pin = pin

    def see(self, certificate: memoryview, depth: int) -> int:
        """Called for each certificate, the server's own (0) last.

        A verdict against it, mbedTLS' or ours (-1), is raised by the very read that called us.
        Raises nothing: what jumps out through mbedTLS leaves 1.2 kB of it behind each time.
        """
        try:
            return self._judge(certificate, depth)
        except Exception as err:  # noqa: BLE001 (raised again once mbedTLS has ended)
            self.failure = err
            return -1

    def _judge(self, certificate: memoryview, depth: int) -> int:
        if self.issuer_of is not None:
            self.issuers.insert(0, sha256(self.issuer_of(certificate)).digest())
        if depth:
            return 0
        if self._pin:
            digest = sha256(certificate).digest()
            if digest != self._pin:
                self.strange = digest
                return -1
        self.is_passed = True
        return 0


async def _shake_hands(
    raw: socket.socket, context: "Any", server_hostname: str, tls_ms: int, guard: "_Guard"
) -> "tuple[Any, bytes]":
    """The TLS socket around `raw`, and the first byte if it came. The caller closes `raw`.

    Nobody sends a ClientHello before the first read or write, and an IMAP server speaks first:
    so we read until the certificate is verified. Once it is, the two messages left belong to the
    greeting.
    """
    deadline = ticks_add(ticks_ms(), tls_ms)
    early = bytearray(1)
    stream = None
    try:
        context.verify_callback = guard.see
        stream = context.wrap_socket(
            raw, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        while True:
            count = stream.readinto(early)
            if count == 0:
                raise LinkError("closed", "TLS")
            if guard.is_passed:
                shaken, stream = stream, None
                return shaken, bytes(early) if count else b""
            if count:  # the certificate was not shown, so nobody has judged it
                raise TrustError("bad_certificate", "not shown")
            await until_ready(stream, deadline)
    except (OSError, ValueError) as err:
        if guard.failure:
            if isinstance(guard.failure, MemoryError):
                raise LinkError("memory")
            raise TrustError("bad_certificate", repr(guard.failure))
        if guard.strange:
            raise TrustError(
                "pin_changed", "the server has pin:" + hexlify(guard.strange).decode()
            )
        raise blamed("handshake", err)
    finally:
        context.verify_callback = None  # it would keep this module in memory
        if stream is not None:
            stream.close()
