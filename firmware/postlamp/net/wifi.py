"""Joins one of the owner's Wi-Fi networks and says whether it is up. Layer net.

Never judges the link by its own word: `isconnected` stays True in a silent black hole.
"""

import asyncio
import time as _time

from micropython import const

from postlamp.errors import LinkError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

_POLL_MS = const(100)
_LEAST_TRY_MS = const(1000)
# The chip retries by itself and its status may still tell of the try before: a reason counts only
# when it lasts. A scan takes 3 s; a wrong password is told at times for a right one.
_PATIENCE_MS = {201: 4000, 210: 4000, 211: 4000, 212: 4000, 202: 9000, 204: 9000, 15: 9000}


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
        self._station = station
        self._time = time
        self._sleep_ms = sleep_ms or asyncio.sleep_ms
        self._networks = networks
        self._current = 0  # the network that is tried or joined: the first one to try again

    async def join(self, deadline_ms: int) -> None:
        """Returns when the network is up; LinkError("wifi", its name) after `deadline_ms`."""
        if self.is_up():
            return
        time = self._time
        deadline = time.ticks_add(time.ticks_ms(), deadline_ms)
        self._station.active(True)
        count = len(self._networks)
        if not count and await self._is_up_by(deadline):
            return
        for left in range(count, 0, -1):
            now = time.ticks_ms()
            share_ms = max(time.ticks_diff(deadline, now) // left, _LEAST_TRY_MS)
            if await self._try(self._networks[self._current], time.ticks_add(now, share_ms)):
                return
            self._current = (self._current + 1) % count
        raise LinkError("wifi", self.name())

    def is_up(self) -> bool:
        """The station has joined and has an address."""
        return bool(self._station.isconnected())

    def name(self) -> str:
        """The network that is joined or tried; "" when nobody knows."""
        if self._networks:
            return str(self._networks[self._current]["ssid"])
        try:
            return str(self._station.config("ssid") or "")
        except (OSError, ValueError):
            return ""

    def rssi(self) -> "int | None":
        """Signal strength in dBm, while up."""
        if not self.is_up():
            return None
        try:
            return int(self._station.status("rssi"))
        except (OSError, ValueError):
            return None

    def address(self) -> str:
        """The IPv4 address, "" while down."""
        return str(self._station.ifconfig()[0]) if self.is_up() else ""

    async def _try(self, network: "dict[str, Any]", deadline: int) -> bool:
        try:
            self._station.disconnect()
            self._station.connect(network["ssid"], network["password"] or None)
        except OSError as err:
            print("W wifi: %r" % err)
            return False
        return await self._is_up_by(deadline)

    async def _is_up_by(self, deadline: int) -> bool:
        """Waits until the station is up, the deadline passed or a refusal has lasted."""
        time = self._time
        reason, since = 0, time.ticks_ms()
        while not self.is_up():
            now = time.ticks_ms()
            status = self._station.status()
            if status != reason:
                reason, since = status, now
            if time.ticks_diff(deadline, now) <= 0:
                return False
            if self._networks and reason in _PATIENCE_MS:
                if time.ticks_diff(now, since) > _PATIENCE_MS[reason]:
                    return False
            await self._sleep_ms(_POLL_MS)
        return True
