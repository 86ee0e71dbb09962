"""Tells what the simulated board does: as JSON lines for programs, in words for people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tools.sim.board import SimBoard
from tools.sim.frames import FrameFolder

Print = Callable[[str], None]

_LIGHT_S = 0.2  # a swelling light changes 25 times a second; five lines a second tell enough
_PICTURE_S = 0.05  # the display is drawn in eight pieces; a picture is whole when they stop coming
_CHANGES = ("state", "cause", "account", "detail", "unseen", "screen", "reconnects")


class _Gathered:
    """Calls once for any number of changes that come within a while."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._timer: asyncio.TimerHandle | None = None

    def change(self) -> None:
        """Notes a change; the call follows."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self.flush)

    def flush(self) -> None:
        """Calls now, if a change is waiting to be told."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._act()


class JSONReport:
    """One JSON line for every change of the state, the count, the screen's words or the light."""

    def __init__(self, board: SimBoard, write: Print) -> None:
        self._board = board
        self._write = write
        self._last: tuple[Any, ...] = ()
        self._light = _Gathered(_LIGHT_S, self._tell)
        board.on_change.append(self._changed)

    def close(self) -> None:
        """Tells the last change of the light, which may still be waiting."""
        self._light.flush()

    def _changed(self, what: str) -> None:
        if what == "light" and self._board.status:
            self._light.change()
        elif what == "status":
            now = tuple(self._board.status.get(key) for key in _CHANGES)
            if now != self._last:
                self._last = now
                self._tell()

    def _tell(self) -> None:
        board, status = self._board, self._board.status
        line = {
            "t_ms": board.t_ms,
            "state": status.get("state"),
            "cause": status.get("cause"),
            "account": status.get("account", ""),
            "detail": status.get("detail", ""),
            "unseen": status.get("unseen"),
            "proven_age_s": board.proven_age_s,
            "light": [list(colour) for colour in board.light],
            "screen": status.get("screen", []),
            "reconnects": status.get("reconnects", 0),
            "heap_free": status.get("heap_free"),
        }
        self._write(json.dumps(line, ensure_ascii=False))


class WordsReport:
    """A line for a person whenever the state, its cause or the count changes."""

    def __init__(self, board: SimBoard, write: Print) -> None:
        self._board = board
        self._write = write
        self._last = ""
        board.on_change.append(self._changed)

    def close(self) -> None:
        """Nothing is left to be told."""

    def _changed(self, what: str) -> None:
        if what != "status":
            return
        status = self._board.status
        words = str(status.get("state", "")).replace("_", " ")
        if status.get("cause"):
            words += f" ({status['cause']})"
        if status.get("unseen") is not None:
            words += f", {status['unseen']} unread"
        if status.get("detail"):  # whole, where the display has had to cut it
            words += f": {status['detail']}"
        if words != self._last:
            self._last = words
            self._write(f"{self._board.t_ms / 1000:8.1f} s  {words}")


class FrameReport:
    """Keeps the pictures of the display in a folder."""

    def __init__(self, board: SimBoard, folder: FrameFolder, say: Print) -> None:
        self._board = board
        self._folder = folder
        self._say = say
        self._picture = _Gathered(_PICTURE_S, self._keep)
        board.on_change.append(self._changed)

    def close(self) -> None:
        """Keeps the last picture, which may still be waiting."""
        self._picture.flush()

    def _changed(self, what: str) -> None:
        if what == "panel":
            self._picture.change()

    def _keep(self) -> None:
        panel = self._board.panel
        try:
            self._folder.keep(self._board.t_ms, panel.pixels(), panel.width, panel.height)
        except OSError as error:  # the disk is full, or the folder was taken away
            self._board.on_change.remove(self._changed)
            self._say(f"No more pictures are kept: {error}.")
