"""What the console answers to everything but `status`, which is overview.py's.

Service layer; loaded for one answer, then dropped.
"""

import asyncio
import json

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Any

_HELP = (
    "help     these lines",
    "status   what the light shows and why, each account, Wi-Fi, clock, memory",
    "log      what happened, the last at the end",
    "reboot   start anew",
    "service  start anew without watching mail",
)
_GREETINGS = {
    "watching": "Postlamp watches mail. help lists the commands.",
    "service": "Postlamp does not watch mail in service mode; reboot ends it.",
    "safe": "Postlamp crashed too often and does not watch mail; status and log say more.",
}


async def give(
    asked: "tuple[bool, str, str]",
    mode: str,
    log: "Any",
    restart: "Callable[[str], Awaitable[None]]",
) -> None:
    """Do and answer what was `asked`, as typed.read has it."""
    is_tool, name, problem = asked
    if problem:
        _end(is_tool, False, problem)
    elif name in ("help", "log"):
        await _list(is_tool, name, _HELP if name == "help" else log.lines())
    elif name:
        _end(is_tool, True, "it starts anew")
        await restart("watching" if name == "reboot" else name)
    else:
        _end(is_tool, True, _GREETINGS[mode])


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
        print("@json", json.dumps({"ok": is_done, "said" if is_done else "error": words}))
    else:
        print(words)
