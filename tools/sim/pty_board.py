"""A simulated board with a serial port: mpremote, or any terminal, can be connected to it.

Its console is a terminal with MicroPython's prompt behind it, as on the chip: Ctrl-C ends main.py,
Ctrl-D starts anew. One thing is not as there: what mpremote runs cannot be ended by Ctrl-C.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import termios
from collections.abc import AsyncIterator, Callable
from typing import Any

from tools.sim.board import SimBoard
from tools.sim.process import FirmwareProcess
from tools.sim.serialport import SerialPort

_CTRL_A = b"\x01"
_FRIENDLY, _RAW = b">>> ", b"raw REPL; CTRL-B to exit\r\n>"
# After what the terminal changes its mode: in a program, and at each of the prompts.
_STOPS = re.compile(rb"\x03")
_ENDS = {_FRIENDLY: re.compile(rb"[\r\x01]"), _RAW: re.compile(rb"\r\x02"), b"": _STOPS}
_TAIL = max(len(_FRIENDLY), len(_RAW))
_HELD_S = 5.0  # a program that comes to no prompt for so long gets the rest
_STEP_S = 0.005
_SOFT_RESET = 5  # machine.reset_cause()
_LFLAG, _CC = 3, 6  # what termios.tcgetattr has where


class TerminalProcess(FirmwareProcess):
    """A run of the firmware whose console is a terminal; main.py is left out when it `is_raw`."""

    def __init__(self, is_raw: bool, on_output: Callable[[bytes], None], *how: Any) -> None:
        super().__init__(*how)
        self.prompt = b""  # MicroPython's own, once main.py has ended
        self._is_raw = is_raw
        self._on_output = on_output
        self._master = -1
        self._slave = -1
        self._typed = b""
        self._held_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def type(self, data: bytes) -> None:
        """Types on the console.

        What follows a Ctrl-C or a line waits for the next prompt: the chip keeps it until then,
        a terminal that changes its mode loses it.
        """
        self._typed += data
        if self._timer is None:
            self._hand_on()

    async def start(self) -> None:
        """Powers the board up."""
        try:
            await super().start()
        finally:
            os.close(self._slave)

    def _options(self) -> list[str]:
        return ["-i"]

    def _console(self) -> dict[str, Any]:
        self._master, self._slave = os.openpty()
        mode = termios.tcgetattr(self._slave)
        mode[:_LFLAG] = [0, 0, mode[2]]
        mode[_LFLAG] = termios.ISIG  # Ctrl-C, until MicroPython's prompt takes that over
        mode[_CC][termios.VMIN], mode[_CC][termios.VTIME] = 1, 0
        termios.tcsetattr(self._slave, termios.TCSANOW, mode)
        console = dict.fromkeys(("stdin", "stdout", "stderr"), self._slave)
        return {**console, "preexec_fn": _own_the_terminal}

    async def _output(self) -> AsyncIterator[bytes]:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(self._master, "rb", 0)
        )
        said = b""
        try:
            while data := await self._read(reader):
                said = said[-_TAIL:] + data
                self._look_for_prompt(said)
                self._on_output(data)
                yield data
        finally:
            self._master = -1
            if self._timer is not None:
                self._timer.cancel()
            transport.close()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.read(4096)
        except OSError:  # a terminal whose program has ended
            return b""

    def _look_for_prompt(self, said: bytes) -> None:
        if not said.endswith((_RAW, _FRIENDLY)):
            return
        self.prompt = _RAW if said.endswith(_RAW) else _FRIENDLY
        self._held_until = 0.0
        if self._is_raw and self.prompt == _FRIENDLY:
            self._is_raw = False
            self.type(_CTRL_A)

    def _hand_on(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        while self._typed and self._master >= 0:
            if loop.time() < self._held_until:
                self._timer = loop.call_later(_STEP_S, self._hand_on)
                return
            takes_signals = termios.tcgetattr(self._master)[_LFLAG] & termios.ISIG
            ends = _STOPS if takes_signals else _ENDS[self.prompt]
            found = ends.search(self._typed)
            size = found.end() if found else len(self._typed)
            if found:
                self._held_until = loop.time() + _HELD_S
            os.write(self._master, self._typed[:size])
            self._typed = self._typed[size:]


class PtyBoard(SimBoard):
    """A SimBoard whose console is at `port`, the path of a serial port."""

    def __init__(self, config: Any, **more: Any) -> None:
        super().__init__(config, **more)
        self._port = SerialPort(self.type)
        self._terminal: TerminalProcess | None = None
        self._is_raw = False

    @property
    def port(self) -> str:
        """What to connect to, while the board runs."""
        return self._port.path

    async def start(self) -> None:
        """Makes the port, writes the flash and powers the board up."""
        self._port.open()
        await super().start()

    async def stop(self) -> None:
        """Takes the power away and leaves neither a process nor a file."""
        await super().stop()
        self._port.close()

    def type(self, data: bytes) -> None:
        """Types on the console; lost while the board restarts."""
        if self._terminal is not None:
            self._terminal.type(data)

    def _new_process(self, environment: dict[str, str]) -> FirmwareProcess:
        is_raw, self._is_raw = self._is_raw, False
        if is_raw:
            environment["POSTLAMP_SIM_MAIN"] = "no"
        self._terminal = TerminalProcess(
            is_raw,
            self._port.put,
            self.flash,
            environment,
            self._heap,
            self._take_frame,
            self._take_line,
            self._take_end,
        )
        return self._terminal

    def _take_end(self, code: int) -> None:
        """At its prompt, Ctrl-D starts the board anew: without main.py if the prompt was raw."""
        prompt = self._terminal.prompt if self._terminal is not None else b""
        if not prompt or code < 0:
            super()._take_end(code)
            return
        self._is_raw = prompt == _RAW
        self._port.put(b"MPY: soft reboot\r\n")
        self._reset(_SOFT_RESET)


def _own_the_terminal() -> None:
    """In the new process: Ctrl-C is for whose terminal it is."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
