"""The board's serial port as other programs see it: a pseudo-terminal that a path names."""

from __future__ import annotations

import asyncio
import os
import re
import select
import tty
from collections.abc import Callable

_LOOK_S = 0.02  # how often it is looked whether somebody has opened the port
_LONE_LF = re.compile(rb"(?<!\r)\n")


class SerialPort:
    """Calls back for what is typed into it. What is said while nobody has it open is lost."""

    def __init__(self, on_bytes: Callable[[bytes], None]) -> None:
        self._on_bytes = on_bytes
        self._master = -1
        self._is_listening = False
        self._timer: asyncio.TimerHandle | None = None
        self._said_cr = False
        self.path = ""

    def open(self) -> None:
        """Makes the port; `path` is what to connect to from now on."""
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        self._look()

    def close(self) -> None:
        """Takes the port away."""
        if self._master >= 0:
            self._listen(False)
            if self._timer is not None:
                self._timer.cancel()
            os.close(self._master)
            self._master = -1

    def put(self, data: bytes) -> None:
        """Says something, with CR before each LF as the chip's own terminal does."""
        before = b"\r" if self._said_cr else b"x"
        cooked = _LONE_LF.sub(b"\r\n", before + data)[1:]
        self._said_cr = data.endswith(b"\r")
        if self._master >= 0 and self._is_open():
            try:
                os.write(self._master, cooked)
            except BlockingIOError:
                return  # who has it open reads nothing, and a chip does not wait for them

    def _is_open(self) -> bool:
        poller = select.poll()
        poller.register(self._master, select.POLLIN)
        return not any(event & select.POLLHUP for _, event in poller.poll(0))

    def _look(self) -> None:
        self._listen(self._is_open())
        self._timer = asyncio.get_running_loop().call_later(_LOOK_S, self._look)

    def _listen(self, is_open: bool) -> None:
        if is_open != self._is_listening:
            self._is_listening = is_open
            loop = asyncio.get_running_loop()
            if is_open:
                loop.add_reader(self._master, self._take)
            else:
                loop.remove_reader(self._master)

    def _take(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:  # it was closed
            self._listen(False)
            return
        self._on_bytes(data)
