"""Opens the connection of a Transport and begins TLS on it. Layer net; loaded on use, dropped.

Never goes on without TLS where that was asked for.
"""

from micropython import const

from postlamp.errors import MisuseError, TrustError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.net.transport import Transport


async def connect(
    link: "Transport", host: str, port: int, tls: str, name: str, connect_ms: int, tls_ms: int
) -> None:
    """As Transport.connect; `name` must be in the certificate."""
    if tls not in ("implicit", "starttls", "none"):
        raise MisuseError("tls " + tls)
    if tls != "none" and link.context is None:
        raise TrustError("unknown_issuer", "no certificate to trust was given")
    link.close()
    link.places = None
    while True:
        from postlamp.net import dial

        try:
            link.raw = link.stream = await dial.dial(host, port, connect_ms)
            link.stage = "stream"
        finally:
            del dial  # a name still in use would keep the module
            drop("postlamp.net.dial")
        if tls != "implicit" or await start_tls(link, name, tls_ms):
            return


async def start_tls(link: "Transport", name: str, tls_ms: int) -> bool:
    """As Transport.start_tls."""
    from postlamp.net import handshake

    shaken = None
    try:
        shaken = await handshake.shake_hands(link, link.raw, name, tls_ms)
    finally:
        del handshake
        drop("postlamp.net.handshake")
        if shaken is None:  # on a cancellation too
            link.close()
    if shaken is None:
        return False
    link.stream, link.early = shaken
    link.stage = "handshake"
    return True
