"""Passwords in the chip's NVS, where the configuration only names them. Layer store.

Loaded while the configuration is read, then dropped. Never prints; no secret in any message.

`"password": {"nvs": "secret07"}` stands for the blob of this key: the SHA-256 of what the secret
is bound to, then the secret. The digest lies beside the secret, not in the file, where whoever
turns the host to a server of his own could mend it. NVS cannot tell which keys it has, so they
are numbered: enough for two configurations, and one that is being taken in.
"""

import hashlib

from micropython import const

from postlamp.errors import ConfigError
from postlamp.store.files import LIMIT_BYTES
from postlamp.store.scan import secrets_in

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_KEY = "secret%02d"
_KEYS = const(36)
_DIGEST = const(32)
_USUAL = const(128)
_MOST = const(4128)  # an access token of 4 KiB and the digest


def fill(config: "dict[str, Any]", nvs: "Any") -> bool:
    """Puts the secrets in place of their names; whether others stand in the file as texts.

    nvs: esp32.NVS, or None where there is none. Raises ConfigError for a secret that is not there,
    or was given for something else.
    """
    has_texts = False
    for where, entry in _holders(config):
        name = entry["password"]
        if isinstance(name, str):
            has_texts = has_texts or name != ""
            continue
        blob = _blob(nvs, name["nvs"])
        if not blob:
            raise ConfigError(where, "is not kept on this board; write it here again, as a text")
        if blob[:_DIGEST] != _digest(entry):
            problem = "was given for another %s; write it here again, as a text"
            raise ConfigError(where, problem % ("network" if "ssid" in entry else "server"))
        entry["password"] = str(blob[_DIGEST:], "utf-8")
    return has_texts


def take(config: "dict[str, Any]", data: bytes, kept: bytes, nvs: "Any") -> bytes:
    """Commits the secrets in `data` under new keys; returns `data` with their names instead.

    config: what `data` was read as, filled. kept: the other file, whose keys are left alone. All
    else in `data` stays as its owner wrote it. Raises OSError when NVS is full.
    """
    spans = secrets_in(data)
    secrets = []  # (begin, end, key, blob)
    number = 0
    for where, entry in _holders(config):
        if where in spans and entry["password"]:
            while _is_named(number, data) or _is_named(number, kept):
                number += 1
            blob = _digest(entry) + entry["password"].encode()
            secrets.append(spans[where] + (_KEY % number, blob))
            number += 1
    secrets.sort()
    pieces: "list[bytes]" = []
    at = 0
    for begin, end, key, _ in secrets:
        pieces += (data[at:begin], b'{"nvs": "', key.encode(), b'"}')
        at = end
    pieces.append(data[at:])
    named = b"".join(pieces)
    if len(named) > LIMIT_BYTES:
        raise ConfigError("config.json", "is too long to name its passwords; shorten it a little")
    for _, _, key, blob in secrets:
        nvs.set_blob(key, blob)
    nvs.commit()
    return named


def forget(data: bytes, kept: bytes, nvs: "Any") -> None:
    """Erases every secret that neither of the two files names."""
    is_changed = False
    for number in range(_KEYS):
        if not (_is_named(number, data) or _is_named(number, kept)):
            try:
                nvs.erase_key(_KEY % number)
                is_changed = True
            except OSError:
                continue  # it was not there
    if is_changed:
        nvs.commit()


def _holders(config: "dict[str, Any]") -> "Iterator[tuple[str, dict[str, Any]]]":
    for section in ("wifi", "accounts"):
        for index, entry in enumerate(config.get(section, ())):
            yield "%s[%d].password" % (section, index), entry


def _is_named(number: int, data: bytes) -> bool:
    return b'"' + (_KEY % number).encode() + b'"' in data


def _digest(entry: "dict[str, Any]") -> bytes:
    """Of all that decides who gets to see the secret; no part of it can hold a NUL."""
    if "ssid" in entry:
        bound = "wifi\0" + entry["ssid"]
    else:
        bound = "account\0%s\0%d" % (entry["host"].lower(), entry["port"])
        for key in ("user", "tls", "trust"):
            bound += "\0" + entry[key]
    digest: bytes = hashlib.sha256(bound.encode()).digest()
    return digest


def _blob(nvs: "Any", key: str) -> bytes:
    """What is kept under the key, or nothing."""
    for size in (_USUAL, _MOST) if nvs else ():
        buffer = bytearray(size)
        try:
            size = nvs.get_blob(key, buffer)
            return bytes(buffer[:size])
        except OSError:
            continue  # it is larger, or not there
    return b""
