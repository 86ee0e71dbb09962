"""Finds where the secrets stand in a JSON text, and keys that stand twice. Layer store; pure.

Loaded on use, then dropped. Takes only what json has read without an error.
"""

import json

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_QUOTE = const(0x22)
_BACKSLASH = const(0x5C)
_BETWEEN = b" \t\r\n,:"
_HEXADECIMAL = b"0123456789abcdefABCDEF"
_OPENING = b"{["
_CLOSING = b"}]"


def secrets_in(data: bytes) -> "dict[str, tuple[int, int]]":
    """Path of each text under "password", such as accounts[0].password → where it begins, ends.

    Both quotes are inside. Raises ConfigError for a key that stands twice in one object: json
    would have taken the last one without a word. Raises ValueError for what is no JSON although
    the board's json takes it: odd keys, brackets that do not match, broken escapes.
    """
    found = {}
    opened: "list[Any]" = []
    keys: "list[str] | None" = None  # of the object around, or None in a list
    key: "Any" = None  # whose value comes next
    path, index = "", -1
    at = 0
    while at < len(data):
        mark = data[at : at + 1]
        if mark in _BETWEEN:
            at += 1
            continue
        if mark in _CLOSING:
            if key is not None or not opened or (mark == b"}") != (keys is not None):
                raise ValueError
            path, keys, key, index = opened.pop()
            at += 1
            continue
        begin, at = at, _end(data, at)
        if keys is not None and key is None:
            key = _key(path, keys, json.loads(str(data[begin:at], "utf-8")))
            keys.append(key)
            continue
        here = path
        if keys is not None:
            here, key = _under(path, key), None
        elif opened:
            index += 1
            here = "%s[%d]" % (path, index)
        if mark in _OPENING:
            opened.append((path, keys, key, index))
            path, keys, key, index = here, [] if mark == b"{" else None, None, -1
        elif data[begin] == _QUOTE and here.endswith(".password"):
            found[here] = (begin, at)
    return found


def _key(path: str, keys: "list[str]", key: "Any") -> str:
    """The next key of an object that has these."""
    if not isinstance(key, str):
        raise ValueError
    if key in keys:
        raise ConfigError(_under(path, key), "stands there twice; remove one of the two")
    return key


def _under(path: str, key: str) -> str:
    return path + "." + key if path else key


def _end(data: bytes, at: int) -> int:
    """Behind the bracket, text, number or word that begins here."""
    if data[at] != _QUOTE:
        if data[at : at + 1] in _OPENING:
            return at + 1
        while at < len(data) and data[at : at + 1] not in b' \t\r\n,:{}[]"':
            at += 1
        return at
    at += 1
    while data[at] != _QUOTE:
        if data[at] == _BACKSLASH:
            at += 1
            if data[at : at + 1] == b"u" and data[at + 1 : at + 5].strip(_HEXADECIMAL):
                raise ValueError
        at += 1
    return at + 1
