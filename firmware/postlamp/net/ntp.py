"""Asks time servers. Layer net; loaded to set the clock, then dropped."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

# The first is everybody's; the others answer where a network blocks it.
_NTP_HOSTS = ("pool.ntp.org", "time.google.com", "time.cloudflare.com")


async def ask(ntp: "Any", now_s: int, sleep: "Callable[[int], Awaitable[None]]") -> bool:
    """Whether a server has set the clock; `ntp` is the frozen ntptime, or None for it."""
    if ntp is None:
        import ntptime as ntp
    for host in _NTP_HOSTS:
        ntp.host = host
        try:
            ntp.settime()
        except (OSError, ValueError, IndexError) as err:
            # what a lost or a cut-off answer raises; the next one may do better
            print("W (%d) clock: %s: %r" % (now_s, host, err))
        else:
            return True
        await sleep(0)
    return False
