"""What a simulated board has told on its console: its states, and the lines beside them."""

from __future__ import annotations

import json
from typing import Any

from tools import build

_STATUS = "@status "
_KEPT = 2000  # lines and states; a simulator that runs for days must not grow


class Told:
    """`status` is the last state, `statuses` are all, `log` is everything else."""

    def __init__(self) -> None:
        self.status: dict[str, Any] = {}
        self.statuses: list[dict[str, Any]] = []
        self.log: list[str] = []

    def take(self, line: str) -> bool:
        """Takes a line; whether it was a state."""
        _, _, told = line.partition(_STATUS)  # the console's prompt may stand before it
        try:
            self.status = json.loads(told)
        except ValueError:  # another line; or one cut by a reset, or mixed with a traceback
            self.note(build.readable(line))
            return False
        _keep(self.statuses, self.status)
        return True

    def note(self, line: str) -> None:
        """Keeps a line for the log."""
        _keep(self.log, line)

    def report(self, what: str, timeout_s: float, code: int | None, light: object) -> str:
        """What was waited for in vain, and the last that was told meanwhile."""
        why = f"not within {timeout_s:g} s"
        if code is not None:
            why = f"the firmware ended with code {code}"
        log = "\n  ".join(["log:", *self.log[-12:]])
        return f"{what}: {why}\nlast status: {self.status}\nlight: {light}\n{log}"


def _keep(items: list[Any], item: Any) -> None:
    items.append(item)
    if len(items) > _KEPT:
        del items[: len(items) - _KEPT]
