"""Reads a typed line: which command it is, or what is wrong with it.

Service layer; loaded for each line, then dropped.
"""

from micropython import const

_LIMIT = const(200)
_TOOL = b"@json"
_NAMES = ("help", "status", "log", "reboot", "service")


def read(line: bytes) -> "tuple[bool, str, str]":
    """(whether a tool asks, the command or "", what is wrong with the line or "")."""
    is_tool = line[: len(_TOOL)] == _TOOL
    name, problem = _understood(line, len(_TOOL) if is_tool else 0)
    return is_tool, name, problem


def _understood(line: bytes, start: int) -> "tuple[str, str]":
    """(the command or "", what is wrong with the line or "") of what begins at `start`."""
    if len(line) > _LIMIT:
        return "", "a line has at most " + str(_LIMIT) + " bytes; nothing was done"
    try:
        words = str(line[start:], "utf-8").split()
    except UnicodeError:
        return "", "not text in UTF-8; nothing was done"
    if not words:
        return "", ""
    name = words[0].lower()
    if name not in _NAMES:
        return "", words[0] + ": no such command; " + _nearest(name) + "? help lists them"
    if words[1:]:
        return "", name + " takes nothing after it; nothing was done"
    return name, ""


def _nearest(word: str) -> str:
    """The command that is fewest letters away."""
    best, least = "", _LIMIT + 1
    for name in _NAMES:
        distance = _distance(word, name)
        if distance < least:
            best, least = name, distance
    return best


def _distance(one: str, other: str) -> int:
    """How many letters to change, add or leave out (Levenshtein's distance)."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one):
        left = [row + 1]
        for column, wanted in enumerate(other):
            changed = above[column] + (letter != wanted)
            left.append(min(changed, above[column + 1] + 1, left[column] + 1))
        above = left
    return above[-1]
