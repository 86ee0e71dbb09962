"""A whole board on this computer: the firmware, its flash, its panel, its light and its button."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools import build
from tools.sim import wire
from tools.sim.air import Air
from tools.sim.kept import Kept
from tools.sim.panel import Panel
from tools.sim.process import FirmwareProcess
from tools.sim.strip import Colour, Light
from tools.sim.timeserver import TimeServer
from tools.sim.told import Told
from tools.sim.watchdog import Watchdog

_NO_START = -1  # an exit code no process has
_POWER_ON, _HARD_RESET, _WATCHDOG_RESET = 1, 2, 3  # machine.reset_cause()


class SimBoardError(Exception):
    """What was waited for did not happen, or the firmware ended; the text says what it said."""


class SimBoard:
    """One simulated board.

    config: what config.json holds (None: no such file). ca_pem: goes on the flash as ca.pem.
    heapsize: the firmware's heap (120k), by default the board's own; the shims' share is on top.
    files: go on the flash instead of the firmware. hurry: its watchdog is so much faster; 0: none.
    """

    def __init__(
        self,
        config: Any,
        *,
        ca_pem: bytes = b"",
        board: str = "SIM",
        heapsize: str | None = None,
        files: list[build.BoardFile] | None = None,
        hurry: int = 0,
    ) -> None:
        self.description = build.board_description(board)
        self._config = config
        self._ca_pem = ca_pem
        self._board = board
        self._heap = heapsize or str(self.description["heap"])
        self._files = files
        self._hurry = hurry
        screen = self.description["screen"]
        self.panel = Panel(int(screen["width"]), int(screen["height"]))
        configured = config.get("light") if isinstance(config, dict) else None
        self._light = Light(self.description["light"], configured)
        self._told = Told()
        self.statuses, self.log = self._told.statuses, self._told.log
        self.pins: dict[int, int] = {}
        self.resets = 0
        self.exit_code: int | None = None
        self.on_change: list[Callable[[str], None]] = []
        self._status_at_ms = 0
        self._started_at = 0.0
        self._jumped_ms = 0
        self._air = Air(config)
        self.time_server = TimeServer(lambda: time.time() + self._jumped_ms / 1000)
        self._kept: Kept | None = None
        self._process: FirmwareProcess | None = None
        self._watchdog = Watchdog(lambda: self._reset(_WATCHDOG_RESET))
        self._restart: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def __aenter__(self) -> SimBoard:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Writes the flash and powers the board up."""
        self._kept = Kept()
        try:
            files = self._files or build.deploy_set(self._board)
            self._kept.write(files, self._config, self._ca_pem)
            await self.time_server.start()
            self._started_at = time.monotonic()
            await self._power_up(_POWER_ON)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Takes the power away and leaves neither a process nor a file."""
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        self._watchdog.stop()
        self.time_server.stop()
        process, self._process = self._process, None
        kept, self._kept = self._kept, None
        try:
            if process is not None:
                await process.stop()
        finally:
            if kept is not None:
                kept.remove()

    @property
    def status(self) -> dict[str, Any]:
        """What the board told last of what it knows."""
        return self._told.status

    @property
    def light(self) -> list[Colour]:
        """What the light shows now: the colour of each pixel; empty before it is first driven."""
        return self._light.colours

    @property
    def light_log(self) -> deque[tuple[int, list[Colour]]]:
        """What the light showed since when (t_ms), the newest last."""
        return self._light.log

    @property
    def flash(self) -> Path:
        """The folder that is the board's flash, while it runs."""
        if self._kept is None:
            raise SimBoardError("the board is not running")
        return self._kept.flash

    @property
    def t_ms(self) -> int:
        """Milliseconds since the start by the board's clock: jumps count."""
        return int((time.monotonic() - self._started_at) * 1000) + self._jumped_ms

    @property
    def proven_age_s(self) -> int | None:
        """Age of the last proof that the board told of; there may have been a newer one."""
        age = self.status.get("proven_age_s")
        since_s = (self.t_ms - self._status_at_ms) // 1000
        return age + since_s if isinstance(age, int) else None

    async def wait_for(
        self, predicate: Callable[[SimBoard], object], timeout_s: float, what: str
    ) -> None:
        """Returns as soon as predicate(board) is true; it is asked again after every change.

        Raises SimBoardError with `what`, the last status and the end of the log otherwise.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            changed = self._changed
            if predicate(self):
                return
            left = deadline - time.monotonic()
            if left <= 0 or self.exit_code is not None:
                raise SimBoardError(self._told.report(what, timeout_s, self.exit_code, self.light))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), left)

    def press(self, held_ms: int = 100) -> None:
        """Presses the button and lets go after held_ms."""
        pin, pressed = self.description["button"]["pin"], self.description["button"]["pressed"]
        self._send(wire.button(pin, pressed))
        loop = asyncio.get_running_loop()
        loop.call_later(held_ms / 1000, self._send, wire.button(pin, 1 - pressed))

    def wifi(self, up: bool = True, **facts: Any) -> None:
        """Takes the Wi-Fi network away, brings it back, or lets it fail; facts: see Air."""
        self._send(self._air.change(up=up, **facts))

    @property
    def is_wifi_up(self) -> bool:
        """Whether there is a Wi-Fi network at present."""
        return bool(self._air.facts["up"])

    def jump(self, ms: int) -> None:
        """Moves the board's clock forward."""
        self._jumped_ms += ms
        self._send(wire.jump(ms))

    @property
    def pid(self) -> int:
        """The process id of the firmware, while it runs."""
        if self._process is None:
            raise SimBoardError("the board is not running")
        return self._process.pid

    async def reset(self) -> None:
        """Presses the reset button, a power-on to the chip; what it told is forgotten."""
        self._reset(_POWER_ON)
        assert self._restart is not None
        await self._restart
        self._told.status = {}

    def crash(self) -> None:
        """Stops the chip at an instruction, as a fault in its C code does: it restarts."""
        self._reset(_HARD_RESET)

    def interrupt(self) -> None:
        """Types Ctrl-C. It comes between two steps of the firmware, which no signal waits for."""
        self._send(wire.encode("C"))

    def grow_heap(self, size: int) -> None:
        """Until the restart Python's heap has grown by so many bytes, not by what it was to."""
        self._send(wire.grown(size))

    def cut(self) -> None:
        """Closes the pipe to the board, as the end of the host would."""
        if self._process is not None:
            self._process.cut()

    def _send(self, frame: bytes) -> None:
        if self._process is not None:
            self._process.send(frame)

    async def _power_up(self, cause: int) -> None:
        screen = self.description["screen"]
        assert self._kept is not None
        if cause == _POWER_ON:
            self._kept.clock_memory = b""
        environment = {
            **self._kept.environment(),
            "POSTLAMP_SIM_HURRY": str(self._hurry),
            "POSTLAMP_SIM_I2C": f"{screen['scl']} {screen['sda']} {screen['address']}",
            "POSTLAMP_SIM_RESET": str(cause),
            "POSTLAMP_SIM_AIR": json.dumps(self._air.facts),
            "POSTLAMP_SIM_NTP": " ".join((str(self.time_server.port), *self.time_server.names)),
        }
        self._process = self._new_process(environment)
        await self._process.start()

    def _new_process(self, environment: dict[str, str]) -> FirmwareProcess:
        return FirmwareProcess(
            self.flash, environment, self._heap, self._take_frame, self._take_line, self._take_end
        )

    def _take_frame(self, frame: wire.Frame) -> None:
        kind = frame.kind
        if kind == "I" and frame.arg == self.description["screen"]["address"]:
            self.panel.receive(frame.payload)
            self._tell("panel")
        elif kind in "NP":
            if self._light.take(frame, self.t_ms):
                self._tell("light")
        elif kind == "O":
            self.pins[frame.arg] = frame.payload[0]
            self._tell("pin")
        elif kind == "W":
            self._watchdog.feed(int.from_bytes(frame.payload, "little"))
        elif kind == "M" and self._kept is not None:
            self._kept.clock_memory = frame.payload
        elif kind == "R":
            self._reset(_HARD_RESET)

    def _take_line(self, line: str) -> None:
        is_status = self._told.take(line)
        if is_status:
            self._status_at_ms = self.t_ms
        self._tell("status" if is_status else "log")

    def _take_end(self, code: int) -> None:
        self.exit_code = code
        self._tell("end")

    def _tell(self, what: str) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        for listener in self.on_change:
            listener(what)

    def _reset(self, cause: int) -> None:
        if self._restart is not None and not self._restart.done():
            return  # a second reset, asked for while the first one is under way
        self._watchdog.stop()
        self.resets += 1
        self._told.note(f"(reset {self.resets})")
        self._restart = asyncio.create_task(self._power_cycle(cause))
        self._restart.add_done_callback(self._restarted)

    async def _power_cycle(self, cause: int) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.stop()
        self._watchdog.stop()  # what was still on its way may have fed it
        self.exit_code = None
        await self._power_up(cause)

    def _restarted(self, restart: asyncio.Task[None]) -> None:
        """A board that cannot start again has ended, and must not seem to think."""
        error = None if restart.cancelled() else restart.exception()
        if error is not None:
            self._told.note(f"(it did not start again: {error})")
            self._take_end(_NO_START)
