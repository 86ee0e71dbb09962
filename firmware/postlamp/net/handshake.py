"""Begins TLS on an open connection. Layer net; loaded for it, then dropped.

The only module that begins TLS. Never goes on without a verified certificate.
"""

from binascii import hexlify
from hashlib import sha256
from time import ticks_add, ticks_ms

from micropython import const

from postlamp.errors import LinkError, TrustError
from postlamp.modules import drop
from postlamp.net.transport import blamed, until_ready

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.net.issuer import Bytes
    from postlamp.net.transport import Transport


async def shake_hands(
    link: "Transport", raw: "Any", server_hostname: str, tls_ms: int
) -> "tuple[Any, bytes] | None":
    """What is read and written from now on, and what came early, b"" or one byte.

    The caller closes `raw`.
    None: nothing is known to be wrong, but another root has to be tried on a new connection.
    """
    guard = _Guard(link.pin)
    if link.store:
        from postlamp.net.issuer import issuer_of

        guard.issuer_of = issuer_of
    try:
        return await _shake_hands(raw, link.context, server_hostname, tls_ms, guard)
    except TrustError as error:
        if error.cause != "unknown_issuer" or not guard.issuers:
            raise
        if not _try_another(link, guard.issuers):
            raise
        return None
    finally:
        drop("postlamp.net.issuer")


def _try_another(link: "Transport", issuers: "list[bytes]") -> bool:
    from postlamp.net import roots

    try:
        return roots.trust_another(link, issuers)
    finally:
        del roots  # a name still in use would keep the module
        drop("postlamp.net.roots", "postlamp.net.contexts")


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
    raw: "Any", context: "Any", server_hostname: str, tls_ms: int, guard: "_Guard"
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
