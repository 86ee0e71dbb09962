"""A gate on loopback between the board and a real server: faults befall what goes through it.

It runs in the test's own loop, so a fault begins between two lines of the test.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import re
import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType

from tools.sim.certs import Leaf, server_context
from tools.sim.ports import LOOPBACK, HeldPort

# What of a server's bytes goes on to the board, and whether more may follow: called with what
# went before, since the hook was set, and what has come now.
Hook = Callable[[bytes, bytes], tuple[bytes, bool]]
_CHUNK_BYTES = 16384
_LOOK_S = 0.005
_ANSWER_S = 2.0  # more than the real server ever takes
# Linux' own names for a filter of packets, and the one that keeps 0 bytes of each.
_ATTACH, _DETACH = 26, 27
_DROP_ALL = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
_FILTER = struct.pack("HP", 1, ctypes.addressof(_DROP_ALL))


def stall_at(count: int) -> Hook:
    """So many bytes go on, and then none."""

    def hook(before: bytes, data: bytes) -> tuple[bytes, bool]:
        left = count - len(before)
        return data[:left], left > len(data)

    return hook


def stall_behind(pattern: bytes) -> Hook:
    """All goes on as far as the pattern, and then nothing."""

    def hook(before: bytes, data: bytes) -> tuple[bytes, bool]:
        found = re.search(pattern, before + data)
        if not found:
            return data, True
        return data[: max(0, found.end() - len(before))], False

    return hook


def insert_behind(pattern: bytes, more: bytes) -> Hook:
    """Somebody on the way adds `more` behind the pattern."""

    def hook(before: bytes, data: bytes) -> tuple[bytes, bool]:
        found = re.search(pattern, before + data)
        end = found.end() - len(before) if found else 0
        return (data[:end] + more + data[end:] if end > 0 else data), True

    return hook


class _Passage:
    """One connection through the gate; `writer` goes to the board."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.hook: Hook | None = None  # the one that `before` was kept for
        self.before = b""
        self.is_stalled = False
        self.is_asked = True  # the server's word is next: its greeting, or an answer

    def is_awaited(self) -> bool:
        """Whether the server's word is on its way, and will get through."""
        return self.is_asked and not self.is_stalled

    def let_through(self, hook: Hook | None, data: bytes) -> bytes:
        """What of the server's bytes the board gets."""
        if self.is_stalled or hook is None:
            return b"" if self.is_stalled else data
        if hook is not self.hook:
            self.hook, self.before = hook, b""
        passed, may_follow = hook(self.before, data)
        self.before += data
        self.is_stalled = not may_follow
        return passed


class Gate:
    """A port through which the board reaches localhost:`to_port`.

    With `leaf` TLS ends here, and faults see what is said; without one bytes pass as they are.
    Set at any time: leaf, greeting (said in the server's place, then nothing), refusal (a pattern
    of what the board says, and the answer it gets, with {tag} for the group of that name), hook,
    is_slow (one byte a second of the board's clock, `now_ms`).
    """

    def __init__(self, to_port: int, leaf: Leaf | None = None) -> None:
        self.leaf = leaf
        self.greeting = b""
        self.refusal: tuple[bytes, bytes] | None = None
        self.hook: Hook | None = None
        self.is_slow = False
        self.now_ms: Callable[[], int] = lambda: 0
        self._port = HeldPort()
        self.port = self._port.number
        self.tries_ms: list[int] = []  # when the board connected
        self.heard_ms = 0  # when the board was told something last
        self.refused_ms: list[int] = []
        self._to_port = to_port
        self._busy_at = 0.0
        self._server: asyncio.Server | None = None
        self._passages: dict[asyncio.Task[None], _Passage] = {}

    async def __aenter__(self) -> Gate:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        for task in self._passages:
            task.cancel()
        await asyncio.gather(*self._passages, return_exceptions=True)
        self._port.release()

    async def open(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)

    def kill(self) -> None:
        """End as a killed server does: the connections end, and nobody listens."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for passage in self._passages.values():
            passage.writer.transport.abort()

    def reset(self) -> None:
        """Break every connection with a TCP reset; new ones are taken."""
        for passage in self._passages.values():
            held = passage.writer.get_extra_info("socket")
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            passage.writer.transport.abort()

    def leave(self, words: bytes) -> None:
        """Say so much to everybody and hang up; new connections are taken."""
        for passage in self._passages.values():
            self._tell(passage, words)
            passage.writer.close()

    def deafen(self, is_deaf: bool, is_port_too: bool = True) -> None:
        """Let the kernel drop each packet that comes: no FIN, no answer. Linux only."""
        held = [passage.writer.get_extra_info("socket") for passage in self._passages.values()]
        if is_port_too and self._server is not None:
            held += self._server.sockets
        for each in held:
            if is_deaf:
                each.setsockopt(socket.SOL_SOCKET, _ATTACH, _FILTER)
            elif each.fileno() >= 0:
                each.setsockopt(socket.SOL_SOCKET, _DETACH, 0)
        for passage in self._passages.values():
            passage.is_stalled = True

    def is_stalled(self) -> bool:
        """Whether a connection is one through which nothing comes any more."""
        return any(each.is_stalled for each in self._passages.values())

    def is_quiet(self, for_s: float) -> bool:
        """Whether nothing has gone through for so long, and nobody's answer is on its way."""
        if not self.is_slow and any(each.is_awaited() for each in self._passages.values()):
            for_s = _ANSWER_S
        return time.monotonic() - self._busy_at >= for_s

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tries_ms.append(self.now_ms())
        self._busy_at = time.monotonic()
        passage = self._passages[task] = _Passage(writer)
        # Hanging up says in the only way the board can hear that there is no server.
        try:
            with contextlib.suppress(OSError):
                if self.leaf:
                    await writer.start_tls(server_context(self.leaf))
                if self.greeting:
                    passage.is_stalled = True
                    self._tell(passage, self.greeting)
                    await reader.read()
                else:
                    await self._join(reader, passage)
        finally:
            del self._passages[task]
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, passage: _Passage) -> None:
        there, back = await asyncio.open_connection("localhost", self._to_port)
        ways = [
            asyncio.create_task(self._carry_there(reader, back, passage)),
            asyncio.create_task(self._carry_back(there, passage)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            back.close()

    async def _carry_there(
        self, reader: asyncio.StreamReader, back: asyncio.StreamWriter, passage: _Passage
    ) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            self._busy_at = time.monotonic()
            found = re.match(self.refusal[0], data) if self.refusal else None
            if found and self.refusal:
                self.refused_ms.append(self.now_ms())
                self._tell(passage, self.refusal[1].replace(b"{tag}", found["tag"]))
            elif not passage.is_stalled:
                passage.is_asked = True
                back.write(data)
                await back.drain()

    async def _carry_back(self, there: asyncio.StreamReader, passage: _Passage) -> None:
        while data := await there.read(_CHUNK_BYTES):
            passage.is_asked = False
            passed = passage.let_through(self.hook, data)
            if self.is_slow:
                for at in range(len(passed)):
                    await self._next_second()
                    self._tell(passage, passed[at : at + 1])
            elif passed:
                self._tell(passage, passed)

    async def _next_second(self) -> None:
        """Until the board's clock is a second on; it jumps, so it is looked at."""
        due_ms = self.now_ms() + 1000
        while self.now_ms() < due_ms:
            await asyncio.sleep(_LOOK_S)

    def _tell(self, passage: _Passage, data: bytes) -> None:
        self._busy_at = time.monotonic()
        self.heard_ms = self.now_ms()
        passage.writer.write(data)
