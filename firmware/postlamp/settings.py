"""Reads what the owner has set, once at boot; then dropped. Composition layer."""

import os

from micropython import const

from postlamp.errors import ConfigError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_CONFIG = "config.json"


def read() -> "tuple[dict[str, Any], ConfigError | None]":
    """The configuration, or {} and what is wrong with it; {} alone when there is none."""
    try:
        os.stat(_CONFIG)
    except OSError:
        return {}, None
    from postlamp.store.config import load

    try:
        return load(_CONFIG), None
    except ConfigError as error:
        return {}, error
    finally:
        for name in ("config", "schema", "account", "wifi", "syntax", "zone"):
            drop("postlamp.store." + name)
