"""The console's commands, for a person and, with `@json` before them, for a tool.

Service layer; loaded for each line, then dropped. The words are English, as the log's are,
whatever language the display speaks. Never prints a secret: none is handed in.
"""

import asyncio
import json

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Any

_LIMIT = const(200)
_TOOL = "@json"
_HELP = (
    "help     these lines",
    "status   what the light shows and why, each account, Wi-Fi, clock, memory",
    "log      what happened, the last at the end",
    "reboot   start anew",
    "service  start anew without watching mail",
)
_NAMES = [line.split()[0] for line in _HELP]
_PROMPTS = {"watching": "watching> ", "service": "postlamp> ", "safe": "safe> "}
_GREETINGS = {
    "watching": "Postlamp watches mail. help lists the commands.",
    "service": "Postlamp does not watch mail in service mode; reboot ends it.",
    "safe": "Postlamp crashed too often and does not watch mail; status and log say more.",
}


async def obey(
    line: bytes, mode: str, log: "Any", restart: "Callable[[str], Awaitable[None]]", *facts: "Any"
) -> None:
    """Do what a line says, and answer it: a tool by `@json {"ok": …}`, a person in lines of text
    and with the prompt.

    `mode` is watching, service or safe; `facts` are what overview.tell takes.
    """
    is_tool = line[: len(_TOOL)] == _TOOL.encode()
    print()  # ends the line that was typed, or the prompt before a tool's
    name, problem = _understood(line, len(_TOOL) if is_tool else 0)
    if problem:
        _end(is_tool, False, problem)
    elif name == "status":
        from postlamp.service import overview

        await overview.tell(is_tool, mode, *facts)
    elif name in ("help", "log"):
        await _list(is_tool, name, _HELP if name == "help" else log.lines())
    elif name:
        _end(is_tool, True, "it starts anew")
        await restart("watching" if name == "reboot" else name)
    else:
        _end(is_tool, True, _GREETINGS[mode])
    if not is_tool:
        print(_PROMPTS[mode], end="")


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


async def _list(is_tool: bool, key: str, lines: "Sequence[str]") -> None:
    """Texts: as one line of JSON, or one by one so that the light goes on in between."""
    if is_tool:
        print('@json {"ok": true, "' + key + '": [', end="")
        for number, line in enumerate(lines):
            print(", " if number else "", json.dumps(line), sep="", end="")
        print("]}")
        return
    for line in lines:
        print(line)
        await asyncio.sleep_ms(0)


def _end(is_tool: bool, is_done: bool, words: str) -> None:
    if is_tool:
        print(_TOOL, json.dumps({"ok": is_done, "said" if is_done else "error": words}))
    else:
        print(words)
