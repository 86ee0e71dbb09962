"""Listens at the serial port and gathers what is typed into lines; never waits for a byte.

Service layer, resident. What a line means is in commands.py, loaded for each one and dropped.
Ctrl-C never comes here: it is MicroPython's, and ends the gadget.
"""

import asyncio
import sys

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_LIMIT = const(200)  # bytes of a line: the chip keeps 260 that nobody has read yet
_CR = const(13)
_LF = const(10)
_ESCAPE = const(27)
_AT = const(64)
_IN_ESCAPE = b"[O;0123456789"  # what an arrow or function key sends before its last byte


class Console:
    """One line at a time; `known` is what commands.obey takes after the line."""

    def __init__(self, *known: "Any") -> None:
        self._known = known
        self._line = bytearray(_LIMIT + 1)  # one more: how commands.py knows of a longer line

    async def run(self) -> None:
        """Read until the port ends, which one of a board never does."""
        port = asyncio.StreamReader(sys.stdin.buffer)
        line = self._line
        size = last = 0
        while True:
            byte = await port.read(1)
            if not byte:
                return
            code = byte[0]
            if last == _ESCAPE and code > 31:
                if code not in _IN_ESCAPE:
                    last = 0
            elif code in (_CR, _LF):
                if code == _CR or last != _CR:
                    await self._obey(bytes(line[:size]))
                size, last = 0, code
            else:
                last = code
                size = self._typed(line, size, byte)

    def _typed(self, line: bytearray, size: int, byte: bytes) -> int:
        """Put a byte of text into the line, or take one out, and show it; the size it has now."""
        code = byte[0]
        if code in (8, 127):
            if not size or size > _LIMIT:
                return size
            size -= 1
            while size and line[size] & 192 == 128:  # the rest of one character
                size -= 1
            byte = b"\b \b"
        elif code < 32 or size > _LIMIT:
            return size
        else:
            line[size] = code
            size += 1
        if line[0] != _AT:  # a tool does not read what it wrote
            sys.stdout.buffer.write(byte)
        return size

    async def _obey(self, line: bytes) -> None:
        from postlamp.service import commands

        try:
            await commands.obey(line, *self._known)
        except MemoryError:
            print('@json {"ok": false, "error": "memory is short"}')
        finally:
            del commands  # a name still in use would keep the module
            drop("postlamp.service.commands", "postlamp.service.overview")
