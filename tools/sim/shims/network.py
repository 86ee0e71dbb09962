"""Stands in for the ESP32's `network`: a station whose network the host can take away."""

import json
import time

import _wire

STA_IF = 0
AP_IF = 1
AUTH_OPEN = 0
AUTH_WPA2_PSK = 3

STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_WRONG_PASSWORD = 202
STAT_NO_AP_FOUND = 201

_JOIN_MS = 200  # a real join takes seconds; long enough to be seen, short enough for tests

_air = {"up": True, "ssid": "home", "rssi": -58}
_station = None
_hostname = "mpy-esp32"
_country = "XX"


def _air_changed(_arg, payload):
    _air.update(json.loads(payload))
    if _station is not None:
        _station._air_changed()


_wire.on(70, _air_changed)  # F


def is_down():
    """Simulator only: True while the host has taken the network away."""
    return not _air["up"]


def hostname(name=None):
    global _hostname
    if name is None:
        return _hostname
    _hostname = name


def country(code=None):
    global _country
    if code is None:
        return _country
    _country = code


class WLAN:
    """The station: joined from the start, and again whenever the network comes back."""

    IF_STA = STA_IF
    IF_AP = AP_IF
    PM_NONE = 0

    def __new__(cls, interface=STA_IF):
        global _station
        if _station is None:
            _station = object.__new__(cls)
            _station._active = True
            _station._wanted = True
            _station._joining_since = None
        return _station

    def __init__(self, interface=STA_IF):
        pass

    def active(self, on=None):
        if on is None:
            return self._active
        self._active = bool(on)

    def connect(self, ssid=None, key=None, *, bssid=None):
        self._wanted = True
        self._joining_since = time.ticks_ms()

    def disconnect(self):
        self._wanted = False

    def isconnected(self):
        return self.status() == STAT_GOT_IP

    def status(self, what=None):
        _wire.poll()
        if what == "rssi":
            return _air["rssi"]
        if not self._active or not self._wanted:
            return STAT_IDLE
        if not _air["up"]:
            return _air.get("reason", STAT_NO_AP_FOUND)
        since = self._joining_since
        if since is not None and time.ticks_diff(time.ticks_ms(), since) < _JOIN_MS:
            return STAT_CONNECTING
        self._joining_since = None
        return STAT_GOT_IP

    def scan(self):
        if not _air["up"]:
            return []
        return [(_air["ssid"].encode(), b"\x02\x00\x00\x00\x00\x01", 6, _air["rssi"], 3, False)]

    def ifconfig(self, addresses=None):
        if self.isconnected():
            return ("192.0.2.17", "255.255.255.0", "192.0.2.1", "192.0.2.1")
        return ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0")

    def ipconfig(self, what):
        return {"addr4": self.ifconfig()[:2], "gw4": self.ifconfig()[2]}.get(what)

    def config(self, *names, **values):
        known = {"mac": b"\x24\x6f\x28\x50\x4c\x01", "ssid": _air["ssid"], "essid": _air["ssid"]}
        return known.get(names[0]) if names else None

    def _air_changed(self):
        if _air["up"]:
            self._joining_since = time.ticks_ms()
