"""What an ESP32's station refuses (ports/esp32/network_wlan.c); who plays it is held to it."""

if False:  # for type checkers: MicroPython has neither module
    from collections.abc import Callable
    from typing import Any

BY_THE_CHIP = [
    "off: connect OSError Wifi Not Started",
    "off: disconnect OSError Wifi Not Started",
    "off: scan OSError STA must be active",
    "off: False 1000",
    "on: short bssid ValueError",
    "on: status ValueError unknown status param",
    "on: rssi OSError Wifi Not Connected",
    "on: ask ValueError unknown config param",
    "on: tell ValueError unknown config param",
    "on: name OSError AP required",
    "on: two TypeError can query only one param",
    "joining: connect OSError Wifi Internal State Error",
    "joining: tell OSError Wifi Internal State Error",
    "joined: True 1010",
    "joined: connect OSError Wifi Internal Error",
    "off again: False 1000",
    "off again: connect OSError Wifi Not Started",
    "on again: False 1000",
    "by itself: True 1010",
    "left: False 1000",
]


def walk(station: "Any", wait: "Callable[[], None]") -> "list[str]":
    """Says what a station that is off does, in an air where "home" takes "secret word".

    wait: lets as much time pass as a try takes.
    """
    lines: list[str] = []

    def refused(words: str, call: "Callable[..., object]", *args: object, **named: object) -> None:
        try:
            call(*args, **named)
            lines.append(words + " done")
        except (OSError, TypeError, ValueError) as error:
            lines.append((words + " " + type(error).__name__ + " " + str(error)).strip())

    def state(words: str) -> None:
        lines.append(words + " " + str(station.isconnected()) + " " + str(station.status()))

    refused("off: connect", station.connect, "home", "secret word")
    refused("off: disconnect", station.disconnect)
    refused("off: scan", station.scan)
    state("off:")
    station.active(True)
    refused("on: short bssid", station.connect, "home", "secret word", bssid=b"abc")
    refused("on: status", station.status, "volume")
    refused("on: rssi", station.status, "rssi")
    refused("on: ask", station.config, "volume")
    refused("on: tell", station.config, volume=1)
    refused("on: name", station.config, ssid="home")
    refused("on: two", station.config, "pm", "reconnects")
    station.connect("home", "secret word")
    refused("joining: connect", station.connect, "home", "secret word")
    refused("joining: tell", station.config, pm=0)
    wait()
    state("joined:")
    refused("joined: connect", station.connect, "home", "secret word")
    station.active(False)
    state("off again:")
    refused("off again: connect", station.connect)
    station.active(True)
    wait()
    state("on again:")
    station.connect()
    wait()
    state("by itself:")
    station.disconnect()
    state("left:")
    return lines
