"""The owner's Wi-Fi networks, and whether one of them is up. Layer net; joining.py joins.

Never judges the link by its own word: `isconnected` stays True in a silent black hole.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from network import WLAN

    from postlamp.errors import LinkError


class WiFi:
    """The station. Without networks it waits for whatever the station itself has joined.

    `station` is network.WLAN's; `networks` are what the configuration has.
    """

    def __init__(self, networks: "list[dict[str, Any]]", station: "WLAN") -> None:
        self.station = station
        self.networks = networks
        self.ssid = ""  # the network that is joined, or was missed last
        self.failures = 0  # since it was up: joining.py waits the longer
        self.joined: "list[str]" = []  # names of those that took the password since the start

    async def join(self, report: "Callable[[LinkError], None]") -> None:
        """Returns when a network is up. Each failure before is reported, with the wait to come.

        Causes: wifi_password, wifi_address (nobody gives us one), or wifi (any other trouble).
        Whoever sets `failures` to 0 ends a wait.
        """
        if not self.is_up():
            from postlamp.net import joining

            try:
                await joining.join(self, report)
            finally:
                del joining  # a name still in use would keep the module
                drop("postlamp.net.joining")

    def is_up(self) -> bool:
        """The station has joined and has an address."""
        return self.station.isconnected()

    def close(self) -> None:
        """Ends what looks like a connection: the next one may be better."""
        self.station.disconnect()
        if not self.networks:  # nobody but the station knows which one it was
            self.station.connect()

    def rssi(self) -> "int | None":
        """How strong the signal is, in dBm: -50 is strong, -90 hardly there; None without one."""
        try:
            return self.station.status("rssi")
        except OSError:
            return None
