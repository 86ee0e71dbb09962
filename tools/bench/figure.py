"""One measured figure and how it is printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A value in `unit`, and the `budget` it must not exceed; None: printed for information."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Within or over the budget, or "-" where there is none."""
        if self.budget is None:
            return "-"
        return "within" if self.value <= self.budget else "OVER"

    def line(self) -> str:
        """The figure as one line of the table."""
        budget = "-" if self.budget is None else f"{self.budget:g}"
        row = f"{self.name:<58} {self.value:>9.5g} {self.unit:<6} {budget:>7}  {self.verdict:<6}"
        return f"{row} {self.note}".rstrip()

    def record(self) -> dict[str, Any]:
        """The figure for JSON."""
        return {**asdict(self), "verdict": self.verdict}


HEAD = f"{'figure':<58} {'value':>9} {'unit':<6} {'budget':>7}  verdict"
