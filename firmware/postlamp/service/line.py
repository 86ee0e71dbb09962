"""Gathers what is typed into a line and shows it. Service layer; loaded while somebody types."""

import asyncio
import sys

from micropython import const

from postlamp.service.console import readable

_LIMIT = const(200)  # bytes of a line: the chip keeps 260 that nobody has read yet
_PATIENCE_MS = const(60000)  # in the middle of a line: its memory is needed elsewhere
_CR = const(13)
_LF = const(10)
_ESCAPE = const(27)
_AT = const(64)
_IN_ESCAPE = b"[O;0123456789"  # what an arrow or function key sends before its last byte


async def take(end: int) -> "tuple[bytes | None, int]":
    """The line that begins with what can be read now, and the byte that ended it.

    `end` is what ended the one before: of CR LF the second byte is no line. Without a line: None,
    with -1 when the port has ended. A longer line than 200 bytes comes as 201.
    """
    line = bytearray(_LIMIT + 1)
    size = 0
    last = end
    while True:
        byte = sys.stdin.buffer.read(1)  # of more the chip would wait until all are there
        if not byte:
            return None, -1
        code = byte[0]
        if last == _ESCAPE and code > 31:
            if code not in _IN_ESCAPE:
                last = 0
        elif code == _LF and last == _CR and not size:
            return None, 0
        elif code in (_CR, _LF):
            return bytes(line[:size]), code
        else:
            last = code
            size = _typed(line, size, byte)
        try:
            await asyncio.wait_for_ms(readable(), _PATIENCE_MS)
        except asyncio.TimeoutError:
            print()
            return None, 0


def _typed(line: bytearray, size: int, byte: bytes) -> int:
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
