"""The owner's Wi-Fi networks, and whether one of them is up. Layer net; joining.py joins.

Never judges the link by its own word: `isconnected` stays True in a silent black hole.
"""

import asyncio
import time as _time

from micropython import const

from postlamp.errors import LinkError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


class WiFi:
    """The station. Without networks it waits for whatever the station itself has joined.

    `station`, `time` and `sleep_ms` are the board's own; tests hand in theirs.
    """

    def __init__(
        self,
        networks: "list[dict[str, Any]]",
        station: "Any" = None,
        time: "Any" = _time,
        sleep_ms: "Callable[[int], Awaitable[None]] | None" = None,
    ) -> None:
        if station is None:
            import network

            station = network.WLAN(network.STA_IF)
        self.station = station
        self.time = time
        self.sleep_ms = sleep_ms or asyncio.sleep_ms
        self.networks = networks
        self.current = 0  # the network that is tried or joined: the first one to try again

    async def join(self, deadline_ms: int) -> None:
        """Returns when the network is up; LinkError("wifi", its name) after `deadline_ms`."""
        if self.is_up():
            return
        from postlamp.net import joining

        try:
            is_joined = await joining.join(self, deadline_ms)
        finally:
            drop("postlamp.net.joining")
        if not is_joined:
            raise LinkError("wifi", self.name())

    def is_up(self) -> bool:
        """The station has joined and has an address."""
        return bool(self.station.isconnected())

    def name(self) -> str:
        """The network that is joined or tried; "" when nobody knows."""
        if self.networks:
            return str(self.networks[self.current]["ssid"])
        try:
            return str(self.station.config("ssid") or "")
        except (OSError, ValueError):
            return ""
