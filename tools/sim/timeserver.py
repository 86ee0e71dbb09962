"""The time server that the simulated board asks (NTP, RFC 5905)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_1970 = 2_208_988_800  # in seconds since 1900
_PACKET_BYTES = 48
_FROM_CLIENT, _MODE = 3, 7
_NO_WARNING, _NOT_SURE = 0x24, 0xE4  # version 4, from a server
_2020 = 1_577_836_800


class TimeServer(asyncio.DatagramProtocol):
    """Answers on a port of loopback; `fault` says how it fails.

    silent: no answer. cut: half of one. stranger: an answer to another question. not_sure: its own
    clock is not set. kiss: it asks to be left alone. past: it lives in 2020. `ahead_s`: its clock
    is so far ahead, or behind, and it does not know. `names`: those it is found under, set before
    the board starts; without any it is whatever is asked.
    """

    def __init__(self, now_s: Callable[[], float] = time.time) -> None:
        self.fault: str | None = None
        self.ahead_s = 0
        self.asked = 0
        self.port = 0
        self.names: tuple[str, ...] = ()
        self._now_s = now_s
        self._transport: asyncio.DatagramTransport | None = None

    async def start(self) -> None:
        """Listens from now on."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def stop(self) -> None:
        """Closes its port."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Somebody asks; what is no question of a client is dropped, as by the real ones."""
        if len(data) != _PACKET_BYTES or data[0] & _MODE != _FROM_CLIENT:
            return
        self.asked += 1
        if self.fault != "silent" and self._transport is not None:
            self._transport.sendto(self._answer(data), addr)

    def _answer(self, question: bytes) -> bytes:
        now = self._now_s() + self.ahead_s
        seconds = _2020 if self.fault == "past" else int(now)
        stamp = (seconds + _1970).to_bytes(4, "big") + int(now % 1 * 2**32).to_bytes(4, "big")
        first, stratum = _NO_WARNING, 2
        if self.fault == "not_sure":
            first, stratum = _NOT_SURE, 16
        if self.fault == "kiss":
            first, stratum, stamp = _NOT_SURE, 0, bytes(8)
        echo = bytes(8) if self.fault == "stranger" else question[40:48]
        answer = bytes([first, stratum, 6, 0xEC]) + bytes(20) + echo + stamp + stamp
        return answer[: _PACKET_BYTES // 2] if self.fault == "cut" else answer
