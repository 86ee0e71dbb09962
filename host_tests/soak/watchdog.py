"""Ends a process that says nothing any more: what spins would hang the soak for ever."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Generator

_LOOK_S = 1.0


class SilenceError(Exception):
    """It was killed, for saying nothing or because what it needs was gone."""


def lines(
    process: subprocess.Popen[str], silence_s: float, missing: Callable[[], str] = lambda: ""
) -> Generator[str]:
    """What the process prints, until it ends.

    Raises SilenceError when it was killed: after `silence_s` without a line, or as soon as
    `missing` says what of its needs is gone.
    """
    watchdog = _Watchdog(process, silence_s, missing)
    watchdog.start()
    try:
        assert process.stdout
        for line in process.stdout:
            watchdog.heard_at = time.monotonic()
            yield line
    finally:
        watchdog.over.set()
        watchdog.join()
    if watchdog.why:
        raise SilenceError(watchdog.why)


class _Watchdog(threading.Thread):
    """`why` is "" while it has not bitten."""

    def __init__(
        self, process: subprocess.Popen[str], silence_s: float, missing: Callable[[], str]
    ) -> None:
        super().__init__(daemon=True)
        self.heard_at = time.monotonic()
        self.over = threading.Event()
        self.why = ""
        self._process = process
        self._silence_s = silence_s
        self._missing = missing

    def run(self) -> None:
        """Looks every second."""
        while not self.over.wait(_LOOK_S):
            self.why = self._missing()
            if not self.why and time.monotonic() - self.heard_at >= self._silence_s:
                self.why = f"no line came for {self._silence_s:g} s"
            if self.why:
                self._process.kill()
                return
