"""What no single row of the schema can say of a Wi-Fi network. Layer store.

Loaded with the configuration, then dropped. Never puts a secret into a message.
"""

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_LEAST_PASSWORD = const(8)
_KEY_DIGITS = const(64)
_LEAST_PREFIX = const(8)
_MOST_PREFIX = const(30)


def finish(where: str, network: "dict[str, Any]") -> None:
    """Check and complete a network that is right row by row; `where` is for the messages.

    Afterwards `ifconfig` is (address, mask, gateway, DNS) or None, and `pm` a number.
    """
    where += ".%s"
    password = network["password"]
    if isinstance(password, dict):
        password = ""  # the name of one that was checked before
    if 0 < len(password) < _LEAST_PASSWORD:
        problem = 'is too short: 8 to 63 characters, or "" for an open network'
        raise ConfigError(where % "password", problem)
    if len(password) == _KEY_DIGITS and password.lower().strip("0123456789abcdef"):
        problem = "is too long: 63 characters, or a key of 64 hexadecimal digits"
        raise ConfigError(where % "password", problem)
    # The numbers that the chip gives them
    network["pm"] = ("none", "performance", "powersave").index(network.pop("power_save"))
    address, gateway = network.pop("address"), network.pop("gateway")
    network["ifconfig"] = _fixed(where, address, gateway, network.pop("dns"))


def _fixed(where: str, address: str, gateway: str, dns: str) -> "tuple[str, ...] | None":
    """What WLAN.ifconfig takes."""
    if not address:
        if gateway or dns:
            raise ConfigError(where % "address", "is missing; without it the router gives all")
        return None
    host, slash, bits = address.partition("/")
    if not slash or not bits.isdigit() or not _LEAST_PREFIX <= int(bits) <= _MOST_PREFIX:
        raise ConfigError(where % "address", "must be like 192.168.1.50/24")
    mask = 0xFFFFFFFF << (32 - int(bits)) & 0xFFFFFFFF
    ours = _number(where % "address", host)
    router = _number(where % "gateway", gateway)
    if ours == router or ours & mask != router & mask:
        problem = "must be another address of the same network as " + address
        raise ConfigError(where % "gateway", problem)
    if dns:
        _number(where % "dns", dns)
    text = ".".join([str(mask >> shift & 255) for shift in (24, 16, 8, 0)])
    return host, text, gateway, dns or gateway


def _number(where: str, text: str) -> int:
    """The 32 bits of an IPv4 address."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        raise ConfigError(where, "must be like 192.168.1.1")
    number = 0
    for part in parts:
        number = number << 8 | int(part)
    return number
