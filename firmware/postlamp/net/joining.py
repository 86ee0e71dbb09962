"""Joins one of the owner's Wi-Fi networks. Layer net; loaded while there is none, then dropped.

The chip would try for ever by itself, and tell a wrong password as "connecting" meanwhile. So it
is told to try once, and every reason that it gives answers a try of ours.
"""

import asyncio
import time

from micropython import const

from postlamp.errors import LinkError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.net.wifi import WiFi

    Network = dict[str, Any]

_NETWORK_MS = const(20000)  # for each of them
_SCAN_MS = const(10000)
_LEAST_TRY_MS = const(1000)
_POLL_MS = const(100)
_SETTLE_MS = const(100)  # the chip tells of the try before from a task of its own
_LONGEST_PAUSE_S = const(60)

_IDLE = const(1000)  # from here on it is no reason: idle, connecting, up
_NO_AP = const(201)
# A reason stays until the next one. One that was there before is believed after a try's time.
_MISSED_MS = const(4000)
_REFUSED_MS = const(9000)
_DOUBTS = const(3)  # rounds in which a network that took the password before refuses it


def host_name(name: str) -> str:
    """What the router calls us: letters, digits and hyphens of the gadget's name."""
    kept = ""
    for at in range(len(name)):
        letter = name[at : at + 1].lower()
        if "a" <= letter <= "z" or "0" <= letter <= "9":
            kept += letter
        elif kept and not kept.endswith("-"):
            kept += "-"
    return kept[:32].rstrip("-") or "postlamp"


async def join(wifi: "WiFi", report: "Callable[[LinkError], None]") -> None:
    """Tries all networks again and again until one is up; `wifi.ssid` is that, or to blame."""
    wifi.failures = 0
    while True:
        try:
            wifi.station.active(True)
            cause = await _join_one(wifi) if wifi.networks else await _wait(wifi)
        except (OSError, RuntimeError) as err:  # "WiFi Out of Memory", or it has not started
            print("W wifi: %r" % err)
            cause = "wifi"
        if not cause:
            return
        error = LinkError(cause, wifi.ssid)
        error.wait_s = min(1 << wifi.failures, _LONGEST_PAUSE_S)
        wifi.failures = min(wifi.failures + 1, 6)
        report(error)
        since = time.ticks_ms()
        while time.ticks_diff(time.ticks_ms(), since) < error.wait_s * 1000 and wifi.failures:
            await asyncio.sleep_ms(_POLL_MS)
            if wifi.is_up():  # late, but it is
                return


async def _wait(wifi: "WiFi") -> str:
    """What is wrong with the network that the station itself knows; "" is nothing."""
    since = time.ticks_ms()
    while not wifi.is_up():
        if time.ticks_diff(time.ticks_ms(), since) >= _NETWORK_MS:
            return "wifi"
        await asyncio.sleep_ms(_POLL_MS)
    wifi.ssid = wifi.station.config("ssid") or ""
    return ""


async def _join_one(wifi: "WiFi") -> str:
    """What is wrong with the owner's networks; "" when one of them is up."""
    wifi.station.disconnect()  # a station that is connecting can neither scan nor be told
    points = await _scan(wifi)
    # In the owner's order; but what is neither seen nor hides is hardly there: it comes last.
    likely = [each for each in wifi.networks if each["hidden"] or each["ssid"] in points]
    missed = [each for each in wifi.networks if each not in likely]
    worst = ""
    for network in likely + missed:
        point = points.get(network["ssid"])
        cause = await _try_twice(wifi, network, point[1] if point else None)
        # By what is asked of the owner: wifi, wifi_address, wifi_password are in this order
        if not cause or cause > worst:
            worst, wifi.ssid = cause, network["ssid"]
        if not cause:
            if wifi.ssid not in wifi.joined:
                wifi.joined.append(wifi.ssid)
            break
    return worst


async def _scan(wifi: "WiFi") -> "dict[str, Any]":
    """By name, the strongest access point of each of our networks: what the chip tells of it."""
    import _thread

    found: "list[Any]" = []
    since = time.ticks_ms()
    try:
        _thread.start_new_thread(_look, (wifi.station, found))
    except OSError:  # no memory for a thread: then light and button wait for two seconds
        _look(wifi.station, found)
    while not found and time.ticks_diff(time.ticks_ms(), since) < _SCAN_MS:
        await asyncio.sleep_ms(_POLL_MS)
    points: "dict[str, Any]" = {}
    for point in found[0] if found else ():
        for network in wifi.networks:
            ssid = network["ssid"]
            is_first = ssid not in points
            if point[0] == ssid.encode() and (is_first or point[3] > points[ssid][3]):
                points[ssid] = point
    return points


def _look(station: "Any", found: "list[Any]") -> None:
    """Scans: two seconds that nobody must wait for. What it finds, always one entry, is a list."""
    points: "list[Any]" = []
    try:
        points = station.scan()
    except (OSError, RuntimeError) as err:
        print("W wifi: scan: %r" % err)
    finally:
        found.append(points)


async def _try_twice(wifi: "WiFi", network: "Network", bssid: "bytes | None") -> str:
    """What is wrong with a network; "" when it is up.

    A right password is refused at times, so one refusal proves nothing. And where the strongest
    access point fails, another one may do.
    """
    since = time.ticks_ms()
    first = await _try(wifi, network, bssid, since)
    if first == "wifi_password" or (bssid and first == "wifi"):
        if time.ticks_diff(time.ticks_ms(), since) < _NETWORK_MS - _LEAST_TRY_MS:
            second = await _try(wifi, network, None, since)
            if second != "wifi_password" or first == second:
                return second
        return "wifi"
    return first


async def _try(wifi: "WiFi", network: "Network", bssid: "bytes | None", since: int) -> str:
    station = wifi.station
    try:
        station.disconnect()
        await asyncio.sleep_ms(_SETTLE_MS)
        if network["ifconfig"]:
            station.ifconfig(network["ifconfig"])
        else:
            station.ipconfig(dhcp4=True)
        station.config(reconnects=0, pm=network["pm"])
        station.connect(network["ssid"], network["password"] or None, bssid=bssid)
    except (OSError, RuntimeError) as err:
        print("W wifi: %s: %r" % (network["ssid"], err))
        return "wifi"
    old, tried = station.status(), time.ticks_ms()
    while not wifi.is_up():
        await asyncio.sleep_ms(_POLL_MS)
        reason = station.status()
        is_late = time.ticks_diff(time.ticks_ms(), since) >= _NETWORK_MS
        is_over = is_late
        if wifi.rssi() is not None:
            if is_late:
                return "wifi_address"
            continue
        if reason < _IDLE:
            patience_ms = _MISSED_MS if reason == _NO_AP else _REFUSED_MS
            waited_ms = time.ticks_diff(time.ticks_ms(), tried)
            is_over = is_late or reason != old or waited_ms > patience_ms
        if is_over:
            print("W wifi: %s: %d" % (network["ssid"], reason))
            # Handshakes that end so; then a password where none is wanted, or none where one is.
            # A weak signal or a busy router ends them so, too.
            if wifi.failures < _DOUBTS and network["ssid"] in wifi.joined:
                return "wifi"
            return "wifi_password" if reason in (14, 15, 202, 204, 210, 211) else "wifi"
    return ""
