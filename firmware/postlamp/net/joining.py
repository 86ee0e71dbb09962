"""Joins one of the owner's Wi-Fi networks. Layer net; loaded while there is none, then dropped."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.net.wifi import WiFi

_POLL_MS = const(100)
_LEAST_TRY_MS = const(1000)
# The chip retries by itself and its status may still tell of the try before: a reason counts only
# when it lasts. A scan takes 3 s; a wrong password is told at times for a right one.
_PATIENCE_MS = {201: 4000, 210: 4000, 211: 4000, 212: 4000, 202: 9000, 204: 9000, 15: 9000}


async def join(wifi: "WiFi", deadline_ms: int) -> bool:
    """Tries each network for its share of the time; whether one is up."""
    time = wifi.time
    deadline = time.ticks_add(time.ticks_ms(), deadline_ms)
    wifi.station.active(True)
    count = len(wifi.networks)
    if not count:
        return await _is_up_by(wifi, deadline)
    for left in range(count, 0, -1):
        now = time.ticks_ms()
        share_ms = max(time.ticks_diff(deadline, now) // left, _LEAST_TRY_MS)
        network = wifi.networks[wifi.current]
        if await _try(wifi, network, time.ticks_add(now, share_ms)):
            return True
        wifi.current = (wifi.current + 1) % count
    return False


async def _try(wifi: "WiFi", network: "dict[str, Any]", deadline: int) -> bool:
    try:
        wifi.station.disconnect()
        wifi.station.connect(network["ssid"], network["password"] or None)
    except OSError as err:
        print("W wifi: %r" % err)
        return False
    return await _is_up_by(wifi, deadline)


async def _is_up_by(wifi: "WiFi", deadline: int) -> bool:
    """Waits until the station is up, the deadline passed or a refusal has lasted."""
    time = wifi.time
    reason, since = 0, time.ticks_ms()
    while not wifi.is_up():
        now = time.ticks_ms()
        status = wifi.station.status()
        if status != reason:
            reason, since = status, now
        if time.ticks_diff(deadline, now) <= 0:
            return False
        if wifi.networks and reason in _PATIENCE_MS:
            if time.ticks_diff(now, since) > _PATIENCE_MS[reason]:
                return False
        await wifi.sleep_ms(_POLL_MS)
    return True
