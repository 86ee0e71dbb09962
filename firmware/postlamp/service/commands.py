"""The console's commands, for a person and, with `@json` before them, for a tool.

Service layer; loaded for each line, then dropped, and so is each part as soon as it is done: all
of them at once would not fit. The words are English, as the log's are, whatever language the
display speaks. Never prints a secret: none is handed in.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


async def obey(
    line: bytes, mode: str, log: "Any", restart: "Callable[[str], Awaitable[None]]", *facts: "Any"
) -> None:
    """Do what a line says, and answer it: a tool by `@json {"ok": …}`, a person in lines of text
    and with the prompt.

    `mode` is watching, service or safe; `facts` are what overview.tell takes.
    """
    asked = _read(line)
    print()  # ends the line that was typed, or the prompt before a tool's
    if asked[1] == "status":
        from postlamp.service import overview

        await overview.tell(asked[0], mode, *facts)
    else:
        from postlamp.service import answers

        await answers.give(asked, mode, log, restart)
    if not asked[0]:
        print("postlamp" if mode == "service" else mode, end="> ")


def _read(line: bytes) -> "tuple[bool, str, str]":
    from postlamp.service import typed

    try:
        return typed.read(line)
    finally:
        del typed  # a name still in use would keep the module
        drop("postlamp.service.typed")
