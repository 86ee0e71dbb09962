"""One progress bar for a whole command, on standard error; silent where nobody looks at it."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_WIDTH = 28


class Bar:
    """A context manager; each step of the command fills the bar anew.

    is_quiet: nothing is shown. On what is no terminal, each step is a line.
    """

    def __init__(self, is_quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._is_quiet = is_quiet
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<24}"),
            BarColumn(_WIDTH),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=is_quiet or not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, words: str) -> None:
        """Another step begins; how long it takes is not known before `at`."""
        self._progress.reset(self._task, description=words, total=None)
        if not self._is_quiet and not self._console.is_terminal:
            self._console.print(f"{words} …")

    def at(self, done: int, total: int) -> None:
        """So much of the step is done."""
        self._progress.update(self._task, completed=done, total=total or None)
