"""The facts of the gadget that no screen has room for, for the console. Application layer.

Loaded when they are asked for, then dropped.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.app.pulse import Pulse

_MODES = ("watching", "service", "safe")
_CRASH = "crash.txt"


def facts(pulse: "Pulse", wifi: "Any") -> "list[tuple[str, str]]":
    """(name, value) pairs, the most asked for first; what is not known is left out."""
    heart, status = pulse.heart, pulse.status
    free, system_free, system_largest = heart.memory()
    pairs: "list[tuple[str, Any]]" = [
        ("state", status.state),
        ("cause", status.cause),
        ("unseen", status.unseen),
        ("checked_s", status.age_s),
        ("reconnects", status.reconnects),
        ("rssi", wifi.rssi()),
        ("mode", _MODES[heart.start[0]]),
        ("uptime_s", heart.uptime_s),
        ("boots", heart.start[1]),
        ("heap_free", free),
        ("system_free", system_free or None),
        ("system_largest", system_largest or None),
        ("failing", " ".join([task.name for task in pulse.tasks if task.failures]) or None),
        ("last_crash", last_crash() or None),
    ]
    return [(name, str(value)) for name, value in pairs if value is not None]


def last_crash() -> str:
    """What the last crash was, in its first line; "" when there was none."""
    try:
        with open(_CRASH) as file:
            first: str = file.readline()
        return first.strip()
    except OSError:
        return ""
