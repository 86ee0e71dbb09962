"""Reads what the owner has set, once at boot; then dropped. Composition layer.

Passwords that come as texts go to NVS, and a configuration that was right is kept for the day when
the other one is cut short. After a power cut at any write the old or the new one is whole.
"""

import os

from micropython import const

from postlamp.errors import ConfigError
from postlamp.modules import drop
from postlamp.store.files import clear, is_same, load, replace

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_CONFIG = "config.json"
_KEPT = "config.good.json"
_CA = "ca.pem"
_LINE = "W (0) config: "


def read() -> "tuple[dict[str, Any], ConfigError | None]":
    """The configuration, or {} and what is wrong with it; {} alone when there is none."""
    try:
        return _settle(_open_nvs()), None
    except ConfigError as error:
        return {}, error
    finally:
        _drop("files", "scan", "secrets")


def _settle(nvs: "Any") -> "dict[str, Any]":
    """Reads it, and leaves flash and NVS as they should be."""
    try:
        clear(_CONFIG)  # these two may hold passwords
        clear(_KEPT)
    except OSError as error:
        _tell(error)
    try:
        data, config, is_kept = _usable()
    finally:
        _drop("config", "schema", "account", "wifi", "syntax", "zone")
    from postlamp.store.secrets import fill, forget

    has_texts = fill(config, nvs)
    _check_authority(config)
    if is_kept or not nvs:
        return config
    try:
        if has_texts:
            data = _take(config, data, nvs)
        if config and not is_same(_KEPT, data):
            replace(_KEPT, data)
        forget(data, b"", nvs)
    except OSError as error:
        _tell(error)
    return config


def _tell(error: OSError) -> None:
    print(_LINE + "not stored on flash as it should be (error %s)" % error.args[0])


def _usable() -> "tuple[bytes, dict[str, Any], bool]":
    """The bytes of the file to use, what they say, and whether it is the one that was kept."""
    from postlamp.store.config import parse

    names = os.listdir()
    error = ConfigError(_CONFIG, "is missing")
    if _CONFIG in names:
        data = load(_CONFIG)
        try:
            return data, parse(data, _CONFIG), False
        except ConfigError as found:
            error = found
        from postlamp.store.syntax import is_cut

        if _KEPT not in names or not is_cut(data):
            raise error
    elif _KEPT not in names:
        return b"", {}, False
    data = load(_KEPT)
    config = parse(data, _KEPT)
    print(_LINE + str(error) + "; the last good one is used")
    return data, config, True


def _take(config: "dict[str, Any]", data: bytes, nvs: "Any") -> bytes:
    """Moves the passwords from the file to NVS: committed there before the file names them."""
    from postlamp.store.secrets import forget, take

    kept = load(_KEPT) if _KEPT in os.listdir() else b""
    try:
        named = take(config, data, kept, nvs)
    except OSError:  # NVS is full; the next try needs the room of this one
        forget(data, kept, nvs)
        raise
    replace(_CONFIG, named)
    return named


def _check_authority(config: "dict[str, Any]") -> None:
    for index, account in enumerate(config.get("accounts", ())):
        if account["trust"] == "ca" and _CA not in os.listdir():
            problem = "needs the file ca.pem on the board, with the CA that signs the server"
            raise ConfigError("accounts[%d].trust" % index, problem)


def _open_nvs() -> "Any":
    """None where the port has none, or cannot open it."""
    try:
        from esp32 import NVS

        return NVS("postlamp")
    except (ImportError, OSError):
        return None


def _drop(*modules: str) -> None:
    drop(*["postlamp.store." + name for name in modules])
