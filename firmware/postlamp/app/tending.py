"""What is done about an account whose state changed, and about memory. Application layer.

Loaded for it, then dropped.
"""

import gc

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.app.pulse import Pulse
    from postlamp.mail.account import Account

# In the chip's bytes, from figures that were measured: with one TLS session 40 kB of the system's
# memory are free, before it 66 kB. A handshake takes 30 kB; with 35 kB left all of them failed, as
# time-outs.
_LOW_BYTES = const(4096)
_SYSTEM_LOW_BYTES = const(12 * 1024)
_HANDSHAKE_BYTES = const(38 * 1024)
_LEAST_UPTIME_S = const(300)  # or it would do nothing but restart


def heed(account: "Account", heart: "Any", log: "Any") -> "str | None":
    """Log what became of an account; its cause, which without memory is not what it seems."""
    if account.cause is None:
        log.log("I", account.name, "well")
        return None
    if account.cause == "silent" and 0 < heart.memory()[1] < _HANDSHAKE_BYTES:
        account.cause = "memory"
    log.log("W", account.name, account.cause + " " + account.detail)
    return account.cause


def weigh(pulse: "Pulse", now_s: int) -> None:
    """Once a minute: what can be spared is given back first; then only a restart helps."""
    gc.collect()
    free, system_free, _ = pulse.heart.memory()
    if free >= _LOW_BYTES and not 0 < system_free < _SYSTEM_LOW_BYTES:
        if "memory" not in pulse.causes:
            pulse.is_low = False
            return
    pulse.log.log("W", "memory", "low: %d free, of the system's %d" % (free, system_free))
    if not pulse.is_low:
        pulse.is_low = True
        pulse.log.forget()
        pulse.status.troubled = (None, None)
    elif now_s >= _LEAST_UPTIME_S:
        pulse.next_mode = "watching"
