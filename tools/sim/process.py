"""One run of the firmware: a micropython process, its console and the two pipes to its shims."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO, Any

from tools import build
from tools.sim.runtime import find_micropython, heap_option
from tools.sim.wire import Frame, FrameReader

_STOP_S = 5.0


class FirmwareProcess:
    """Starts the firmware in a flash folder; calls back for every frame and console line."""

    def __init__(
        self,
        flash: Path,
        environment: dict[str, str],
        heap: str,
        on_frame: Callable[[Frame], None],
        on_line: Callable[[str], None],
        on_end: Callable[[int], None],
    ) -> None:
        self._flash = flash
        self._environment = environment
        self._heap = heap
        self._on_frame = on_frame
        self._on_line = on_line
        self._on_end = on_end
        self._process: asyncio.subprocess.Process | None = None
        self._to_board = -1
        self._from_board: IO[bytes] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._has_power = True

    async def start(self) -> None:
        """Powers the board up."""
        options = [*self._options(), "-X", heap_option(self._heap)]
        command = [find_micropython(), *options, "-m", "_start"]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "TZ": "UTC",  # the chip knows no time zones
            "MICROPYPATH": f"{build.shims()}:lib:.frozen",
            **self._environment,
        }
        from_board, out_end = os.pipe()
        in_end, self._to_board = os.pipe()
        environment |= {"POSTLAMP_SIM_OUT": str(out_end), "POSTLAMP_SIM_IN": str(in_end)}
        self._from_board = os.fdopen(from_board, "rb", 0)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self._flash,
                env=environment,
                pass_fds=(out_end, in_end),
                start_new_session=True,  # Ctrl-C in the terminal is the host's to handle
                **self._console(),
            )
        except BaseException:
            self._close_pipes()
            raise
        finally:
            os.close(out_end)
            os.close(in_end)
        self._tasks = [
            asyncio.create_task(self._read_frames(self._from_board)),
            asyncio.create_task(self._read_console()),
            asyncio.create_task(self._await_end()),
        ]

    def send(self, frame: bytes) -> None:
        """Puts one frame on the pipe to the board; a board that has just ended does not mind."""
        if self._to_board >= 0:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._to_board, frame)

    async def stop(self) -> None:
        """Takes the power away; returns when the process is gone, which is no end to tell of."""
        self._has_power = False
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await asyncio.wait_for(self._process.wait(), _STOP_S)
        mine = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        results = await asyncio.gather(*mine, return_exceptions=True)
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(ConnectionError):
                await self._process.stdin.wait_closed()
        self._close_pipes()
        for result in results:
            if isinstance(result, Exception):  # a fault of ours, which must not go unseen
                raise result

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def cut(self) -> None:
        """Closes the pipe to the board, as the end of the host would."""
        if self._to_board >= 0:
            os.close(self._to_board)
            self._to_board = -1

    def _close_pipes(self) -> None:
        self.cut()
        if self._from_board is not None:
            self._from_board.close()  # a reader that was stopped before it began has not

    async def _read_frames(self, pipe: IO[bytes]) -> None:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        frames = FrameReader()
        try:
            while data := await reader.read(65536):
                for frame in frames.feed(data):
                    self._on_frame(frame)
        finally:
            transport.close()

    def _options(self) -> list[str]:
        """What micropython is started with."""
        return []

    def _console(self) -> dict[str, Any]:
        """Where the firmware reads and prints, as arguments of the subprocess."""
        pipe, same = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
        return {"stdin": pipe, "stdout": pipe, "stderr": same}

    async def _output(self) -> AsyncIterator[bytes]:
        """What the firmware prints, as it comes."""
        assert self._process is not None and self._process.stdout is not None
        while data := await self._process.stdout.read(65536):
            yield data

    async def _read_console(self) -> None:
        pending = b""
        async for data in self._output():
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                self._on_line(line.rstrip(b"\r").decode(errors="replace"))
        if pending:
            self._on_line(pending.decode(errors="replace"))

    async def _await_end(self) -> None:
        assert self._process is not None
        code = await self._process.wait()
        # What it said and sent last is read before its end is told.
        await asyncio.wait(self._tasks[:2], timeout=_STOP_S)
        if self._has_power:
            self._on_end(code)
