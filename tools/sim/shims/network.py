"""Stands in for the ESP32's `network`: a station in the air that the host steers (frame F).

What it tells, and when, follows the port's network_wlan.c; only time is shorter. tools/sim/air.py
has the facts and the faults.
"""

import json
import os
import socket
import time

import _wire
import utime

STA_IF = 0
AP_IF = 1
AUTH_OPEN = 0
AUTH_WPA2_PSK = 3

STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202
STAT_HANDSHAKE_TIMEOUT = 204
STAT_BEACON_TIMEOUT = 200

_ASSOC_LEAVE = 8
_4WAY_HANDSHAKE_TIMEOUT = 15  # what a wrong password looks like at first
_NAMED = (201, 210, 211, 212)  # reasons that show while the chip goes on trying
_JOIN_MS = 200  # a real join takes seconds; long enough to be seen, short enough for tests
_SCAN_MS = 50
_HOSTNAME_LIMIT = 32
_BSSID_BYTES = 6
_WEAK = -89
# What config() of a station takes and tells; the others are of an access point only.
_OF_STATION = ("mac", "protocol", "pm", "channel", "hostname", "reconnects", "txpower")
_OF_ACCESS_POINT = ("ssid", "essid", "hidden", "security", "key", "password", "max_clients")

_air = {"up": True, "ssid": "home", "rssi": -58}
_air.update(json.loads(os.getenv("POSTLAMP_SIM_AIR") or "{}"))
socket.know_names(_air.get("fault"))
_hostname = "mpy-esp32"
_country = "XX"


def hostname(name=None):
    global _hostname
    if name is None:
        return _hostname
    if len(name) > _HOSTNAME_LIMIT:
        raise ValueError
    _hostname = name


def country(code=None):
    global _country
    if code is None:
        return _country
    _country = code


def _points():
    """What is in the air: (ssid, password or None for any, rssi, is hidden, BSSID)."""
    if not _air["up"] or _air.get("fault") == "not_found":
        return []
    points = _air.get("points") or [{"ssid": _air["ssid"], "rssi": _air["rssi"]}]
    is_weak = _air.get("fault") == "weak"
    return [
        (
            point["ssid"],
            point.get("password"),
            _WEAK if is_weak else point.get("rssi", -58),
            point.get("hidden", False),
            b"\x02\x00\x00\x00\x00" + bytes([number]),
        )
        for number, point in enumerate(points)
    ]


class WLAN:
    """The station. If the host says so it is joined from the start, and whenever it can be."""

    IF_STA = STA_IF
    IF_AP = AP_IF
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2

    _station = None

    def __new__(cls, interface=STA_IF):
        if WLAN._station is None:
            WLAN._station = station = object.__new__(cls)
            station._active = station._wanted = bool(_air.get("joined"))
            station._target = None  # (ssid, key, BSSID)
            station._since = None  # when the try began that goes on
            station._point = None  # the access point it is associated with
            station._has_address = False
            station._reason = 0
            station._retries_limit = station._retries = 0
            station._static = None
            station._options = {
                "mac": b"\x24\x6f\x28\x50\x4c\x01",
                "protocol": 7,
                "pm": WLAN.PM_PERFORMANCE,
                "channel": 6,
                "txpower": 20.0,
            }
            if station._wanted:
                station._end_try()
        return WLAN._station

    def __init__(self, interface=STA_IF):
        pass

    def active(self, on=None):
        if on is None:
            return self._active
        self._advance()
        self._active = bool(on)
        if not on and (self._point or self._since is not None):
            self._lose(_ASSOC_LEAVE)
        return self._active

    def connect(self, ssid=None, key=None, *, bssid=None):
        self._advance()
        if bssid is not None and len(bssid) != _BSSID_BYTES:
            raise ValueError
        if not self._active:
            raise OSError("Wifi Not Started")
        if self._since is not None:
            raise OSError("Wifi Internal State Error")
        if self._point:
            raise OSError("Wifi Internal Error")
        if ssid is not None:
            self._target = (ssid, key, bssid)
        self._retries = 0
        self._wanted = True
        self._since = time.ticks_ms()

    def disconnect(self):
        self._advance()
        self._wanted = False
        if not self._active:
            raise OSError("Wifi Not Started")
        if self._point or self._since is not None:
            self._lose(_ASSOC_LEAVE)

    def isconnected(self):
        self._advance()
        return self._has_address

    def status(self, what=None):
        self._advance()
        if what == "rssi":
            if not self._point:
                raise OSError("Wifi Not Connected")
            return self._point[2]
        if what is not None:
            raise ValueError("unknown status param")
        if self._has_address:
            return STAT_GOT_IP
        reason = self._reason
        if reason in _NAMED:
            return reason
        if reason in (202, 205):
            return STAT_WRONG_PASSWORD
        if reason == _ASSOC_LEAVE:
            return STAT_IDLE
        if self._wanted and not self._is_given_up():
            return STAT_CONNECTING
        return reason or STAT_IDLE

    def scan(self):
        if not self._active:
            raise OSError("STA must be active")
        utime.sleep_ms(_SCAN_MS)
        if self._since is not None:
            return []  # while it connects
        return [
            (b"" if is_hidden else ssid.encode(), bssid, 6, rssi, AUTH_WPA2_PSK, False)
            for ssid, _, rssi, is_hidden, bssid in _points()
        ]

    def ifconfig(self, addresses=None):
        if addresses == "dhcp":
            if self._static is None:
                raise RuntimeError("Wifi Unknown Error 0x5004")  # it is on already
            self._static = None
        elif addresses is not None:
            self._static = tuple(addresses)
        elif self._static:
            return self._static
        elif self.isconnected():
            return ("192.0.2.17", "255.255.255.0", "192.0.2.1", "192.0.2.1")
        else:
            return ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0")

    def ipconfig(self, what=None, **values):
        if values:
            self._static = None if values["dhcp4"] else self._static
            return None
        known = {"addr4": self.ifconfig()[:2], "gw4": self.ifconfig()[2]}
        known["dhcp4"] = self._static is None
        return known[what]

    def config(self, *names, **values):
        if len(names) + bool(values) != 1:
            raise TypeError("can query only one param")
        for name in values:
            if name in _OF_ACCESS_POINT:
                raise OSError("AP required")
            if name not in _OF_STATION:
                raise ValueError("unknown config param")
        if values:
            self._advance()
            if self._since is not None:
                raise OSError("Wifi Internal State Error")
            if "reconnects" in values:
                self._retries_limit = values["reconnects"] + 1
            self._options.update(values)
            return None
        ssid = self._target[0] if self._target else _air["ssid"]
        known = {"ssid": ssid, "essid": ssid, "hostname": _hostname}
        known["reconnects"] = self._retries_limit - 1
        known.update(self._options)
        if names[0] not in known:
            is_real = names[0] in _OF_ACCESS_POINT
            raise OSError("AP required") if is_real else ValueError("unknown config param")
        return known[names[0]]

    def _is_given_up(self):
        return self._retries_limit and self._retries >= self._retries_limit

    def _advance(self):
        """What has happened since: the end of a try, or of what was joined."""
        _wire.poll()
        if self._since is not None:
            if time.ticks_diff(time.ticks_ms(), self._since) >= _JOIN_MS:
                self._end_try()
        elif self._point and self._point not in _points():
            self._lose(STAT_BEACON_TIMEOUT)

    def _end_try(self):
        point = self._found()
        fault = _air.get("fault")
        if point is None:
            self._lose(_air.get("reason", STAT_NO_AP_FOUND))
        elif fault == "password" or (point[1] is not None and point[1] != self._target[1]):
            self._lose(_air.get("reason", _4WAY_HANDSHAKE_TIMEOUT))
        else:
            self._since = None
            self._point = point
            if fault != "dhcp" or self._static:
                self._has_address = True
                self._reason = 0
                socket.deafen(False)

    def _found(self):
        """The access point that is meant; of several the first one found, not the strongest."""
        points = _points()
        if self._target is None or (points and not _air.get("points")):
            return points[0] if points else None
        ssid, _, bssid = self._target
        for point in points:
            if point[0] == ssid and bssid in (None, point[4]):
                return point
        return None

    def _lose(self, reason):
        """No longer joined, or not joined after all; the chip may try again by itself."""
        self._since = self._point = None
        self._has_address = False
        self._reason = reason
        socket.deafen(True)
        if self._wanted and self._active:
            if self._retries_limit:
                self._retries += 1
                if self._is_given_up():
                    return
            self._since = time.ticks_ms()


def _air_changed(_arg, payload):
    _air.clear()
    _air.update(json.loads(payload))
    station = WLAN()
    fault = _air.get("fault")
    socket.know_names(fault)
    if fault == "drop" and station._point:
        station._lose(STAT_BEACON_TIMEOUT)
    if fault == "black_hole" and station._has_address:
        socket.deafen(True)  # nothing tells the station; only a new try helps
    station._advance()


_wire.on(70, _air_changed)  # F
