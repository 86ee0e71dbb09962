"""Reads config.json against the schema: a dict full of defaults, or one error that says all.

Layer store. Never writes, never puts a secret into a message. Dropped from memory once loaded.
"""

import json

from micropython import const

from postlamp.errors import ConfigError
from postlamp.store.schema import ROWS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Row = tuple[Any, ...]

_SHOWN_CHARACTERS = const(40)
_NAMED = (("nvs", "str", ..., (1, 15), "the key under which it is kept"),)
_KINDS = {
    "str": (str, 'a text in "quotes"'),
    "secret": (str, 'a text in "quotes"'),
    "choice": (str, 'a text in "quotes"'),
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "list": (list, "a list in [brackets]"),
    "object": (dict, "an object in {braces}"),
}


def parse(data: bytes, path: str = "config.json") -> "dict[str, Any]":
    """Checks the bytes of a file; every key of the schema with a default is in the answer.

    A secret may be the name of one in NVS (store/secrets.py); the time zone comes as numbers
    (store/zone.py) or None. `path` is only for the messages.
    Raises ConfigError whose `where` is the file or a path such as accounts[0].host.
    """
    try:
        text = str(data[3:] if data[:3] == b"\xef\xbb\xbf" else data, "utf-8")
    except ValueError:
        raise ConfigError(path, "is not UTF-8; save it as UTF-8")
    from postlamp.store.scan import secrets_in

    try:
        given = json.loads(text)
        secrets_in(data)  # for what it raises
    except ValueError:
        from postlamp.store.syntax import first_problem  # needed only now

        raise ConfigError(path, first_problem(text))
    if not isinstance(given, dict):
        raise ConfigError(path, "must be an object in {braces}")
    config = _check_object("", given, ROWS)
    _check_together(config)
    return config


def _check_object(where: str, given: "dict[str, Any]", rows: "Row") -> "dict[str, Any]":
    """The object with every default filled in; what another one decides is left out."""
    for key in given:
        if not any(row[0] == key for row in rows):
            raise ConfigError(_path(where, key), _unknown_key(key, rows))
    checked = {}
    for row in rows:
        key = row[0]
        place = _path(where, key)
        if key in given and (given[key] is not None or row[2] is not None):
            checked[key] = _check_value(place, row, given[key])
        elif row[2] is not None:
            checked[key] = _default(place, row)
    return checked


def _default(where: str, row: "Row") -> "Any":
    kind, default, limits = row[1], row[2], row[3]
    if kind == "object":
        return _check_object(where, {}, limits)
    if default is ...:
        raise ConfigError(where, "is missing; it is " + row[4])
    # a copy: the schema's own is a tuple, and nobody may change what another one got
    return list(default) if kind == "list" else default


def _check_value(where: str, row: "Row", value: "Any") -> "Any":
    kind, limits = row[1], row[3]
    if kind == "secret" and isinstance(value, dict):
        return _check_object(where, value, _NAMED)
    _check_type(where, kind, value)
    if kind == "object":
        if value and not limits:
            raise ConfigError(where, "is not built yet; leave it out, or empty: {}")
        return _check_object(where, value, limits)
    if kind == "list":
        return _check_list(where, value, limits)
    if kind == "str" or kind == "secret":
        return _check_text(where, kind, value, limits)
    if kind == "choice":
        _check_choice(where, value, limits)
    elif kind == "int" and not limits[0] <= value <= limits[1]:
        raise ConfigError(where, "must be %d to %d, not %d" % (limits[0], limits[1], value))
    return value


def _check_type(where: str, kind: str, value: object) -> None:
    wanted, words = _KINDS[kind]
    # True is an int in Python, not in a configuration
    if isinstance(value, wanted) and isinstance(value, bool) == (kind == "bool"):
        return
    problem = "must be " + words
    if isinstance(value, str) and kind in ("list", "object"):
        problem += ", not a text"  # which may be imaps://me:secret@host
    elif kind != "secret":
        problem += ", not " + _shown(value)
    if isinstance(value, str) and kind in ("int", "bool"):
        problem += "; remove the quotes"
    raise ConfigError(where, problem)


def _check_list(where: str, value: "list[Any]", limits: "Row") -> "list[Any]":
    item, item_limits, fewest, most = limits
    if value and not most:
        raise ConfigError(where, "is not built yet; leave it out, or empty: []")
    if not fewest <= len(value) <= most:
        wanted = "%d" % most if fewest == most else "%d to %d" % (fewest, most)
        raise ConfigError(where, "must have %s entries, not %d" % (wanted, len(value)))
    row = ("", item, ..., item_limits, "")
    if not isinstance(item, str):
        row = ("", "object", ..., item, "")
    return [
        _check_value("%s[%d]" % (where, index), row, entry) for index, entry in enumerate(value)
    ]


def _check_choice(where: str, value: str, limits: "Row") -> None:
    built, planned = limits
    if value in built:
        return
    choices = " or ".join(built)
    if value.split(":")[0] in planned:
        raise ConfigError(where, "%s is not built yet; use %s" % (_shown(value), choices))
    raise ConfigError(where, "must be %s, not %s" % (choices, _shown(value)))


def _check_text(where: str, kind: str, value: str, limits: "Row") -> str:
    value = _joined(where, value)
    size = len(value.encode())
    if not limits[0] <= size <= limits[1]:
        if not size:
            raise ConfigError(where, "must not be empty")
        raise ConfigError(where, "is too long: %d bytes, at most %d" % (size, limits[1]))
    if any(code < 32 or 127 <= code < 160 for code in _codes(value)):
        raise ConfigError(where, "holds a control character; remove it")
    if kind != "secret" and value != value.strip():
        raise ConfigError(where, "begins or ends with a space; remove it")
    return value


def _codes(text: str) -> "Iterator[int]":
    """The characters' numbers, by slices: what iterating gives is kept in memory for ever."""
    for at in range(len(text)):
        yield ord(text[at : at + 1])


def _joined(where: str, text: str) -> str:
    r"""Joins what JSON wrote as two halves (\ud83d\ude00), as MicroPython's json does not."""
    if not any(0xD800 <= code < 0xE000 for code in _codes(text)):
        return text
    joined = []
    high = 0
    for character in text:
        code = ord(character)
        if high and 0xDC00 <= code < 0xE000:
            joined.append(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
            high = 0
        elif not high and 0xD800 <= code < 0xDC00:
            high = code
        elif high or 0xDC00 <= code < 0xE000:
            break
        else:
            joined.append(character)
    else:
        if not high:
            return "".join(joined)
    raise ConfigError(where, "holds half a character (a lone \\ud800 escape)")


def _check_together(config: "dict[str, Any]") -> None:
    """What no single row can say."""
    _parse_timezone(config)
    from postlamp.store import account as accounts
    from postlamp.store import wifi

    for index, network in enumerate(config["wifi"]):
        wifi.finish("wifi[%d]" % index, network)
    names: list[str] = []
    for index, account in enumerate(config["accounts"]):
        accounts.finish("accounts[%d]" % index, account)
        if account["name"] in names:
            problem = "is used twice; give each account a name of its own"
            raise ConfigError("accounts[%d].name" % index, problem)
        names.append(account["name"])


def _parse_timezone(config: "dict[str, Any]") -> None:
    """The rule becomes the numbers that net/clock.py takes, or None."""
    rule, config["timezone"] = config["timezone"], None
    if rule:
        from postlamp.store.zone import parse_zone

        try:
            config["timezone"] = parse_zone(rule)
        except ValueError as err:
            raise ConfigError("timezone", str(err))


def _unknown_key(key: str, rows: "Row") -> str:
    nearest, least = "", 3
    for row in rows:
        distance = _distance(key.lower().replace("-", "_"), row[0])
        if distance < least and distance < len(row[0]) - 1:
            nearest, least = row[0], distance
    if nearest:
        return 'is not a known key; did you mean "%s"?' % nearest
    return "is not a known key; known here: " + ", ".join([row[0] for row in rows])


def _distance(one: str, other: str) -> int:
    """How many letters to change, add or drop to come from one word to the other (Levenshtein)."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one):
        current = [row + 1]
        for column, wanted in enumerate(other):
            change = previous[column] + (letter != wanted)
            current.append(min(change, previous[column + 1] + 1, current[column] + 1))
        previous = current
    return previous[-1]


def _path(where: str, key: str) -> str:
    return where + "." + key if where else key


def _shown(value: object) -> str:
    """A value for a message; what may hold a secret (an object, a list of them) is only named."""
    for kind, name in ((dict, "an object"), (list, "a list")):
        if isinstance(value, kind):
            return name
    text = json.dumps(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
