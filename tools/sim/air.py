"""What is in the air around the simulated board: Wi-Fi networks, and how they fail."""

from __future__ import annotations

from typing import Any

from tools.sim import wire

FAULTS = (
    *(None, "password", "not_found", "dhcp", "drop", "black_hole", "weak", "dns"),
    "slow_dns",
)


class Air:
    """The facts that shims/network.py takes.

    up, ssid, rssi; reason: the code of a failed try; points: all access points there are, each a
    dict of ssid and perhaps password, rssi, hidden (without points every name is there);
    fault: password (refused), not_found, dhcp (nobody gives an address), drop (once), black_hole
    (nothing gets through until the board joins anew, and nothing tells it), weak (but it works),
    dns (no name is found, all else goes on), slow_dns (nor does anything go on while one is looked
    for: nobody answers, which takes lwIP 14 s; as many times less as the watchdog hurries).
    A configuration without networks means that the board knows one by itself.
    """

    def __init__(self, config: Any) -> None:
        self.facts: dict[str, Any] = {"up": True, "ssid": "home", "rssi": -58, "fault": None}
        self.facts["joined"] = not (isinstance(config, dict) and config.get("wifi"))

    def change(self, **facts: Any) -> bytes:
        """These facts are so from now on; the frame that tells the board."""
        changed = {**self.facts, **facts}
        if changed["fault"] not in FAULTS:
            raise ValueError(f"Wi-Fi can fail like one of {FAULTS}, not like {changed['fault']!r}")
        is_dropped = changed["fault"] == "drop"
        self.facts = {**changed, "fault": None} if is_dropped else changed
        return wire.network(**changed)
