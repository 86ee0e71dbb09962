"""What a long answer adds to the heap that MicroPython needs, by bisection of -X heapsize.

Over plain TCP. After the set-up the driver holds some ballast: else the set-up would need more
than the answer and hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.bench import answers, device
from tools.bench.figure import Figure

_STEP_BYTES = 256
_GUESS_BYTES = 128 * 1024
_BALLAST_BYTES = 16 * 1024
_BUDGET_KIB = 8
_ONCE = 1


class _Case(NamedTuple):
    name: str
    kind: str
    least: int
    most: int


_CASES = (
    _Case("from 0 to 100,000 unread", "search", 0, 100_000),
    _Case("from 0 to 1,000,000 unread", "search", 0, 1_000_000),
    _Case("from 1 to 1,000 headers", "headers", 1, 1_000),
    _Case("for a skipped 10 MB literal", "literal", 0, 10 * 1024 * 1024),
)


def measure() -> Iterator[Figure]:
    """The smallest heaps' differences, each against the smallest answer of its kind."""
    smallest: dict[tuple[str, int], int] = {}
    with device.firmware_folder() as folder, answers.serving() as server:
        for case in _CASES:
            for amount in (case.least, case.most):
                if (case.kind, amount) not in smallest:
                    works = _working(folder, server.port, case.kind, amount)
                    smallest[case.kind, amount] = bisect(works, _GUESS_BYTES, _STEP_BYTES)
            least, most = smallest[case.kind, case.least], smallest[case.kind, case.most]
            note = f"{least / 1024:g} and {most / 1024:g} KiB with the ballast"
            name = f"heap that is added {case.name}"
            yield Figure(name, max(0, most - least) / 1024, "KiB", _BUDGET_KIB, note)


def bisect(works: Callable[[int], bool], guess: int, step: int) -> int:
    """The smallest size, to `step`, for which `works` is true; RuntimeError beyond 64 guesses."""
    fails, fits = 0, guess
    while not works(fits):
        fails, fits = fits, fits * 2
        if fits > guess * 64:
            raise RuntimeError(f"it does not work with {fails}")
    while fits - fails > step:
        middle = (fits + fails) // 2
        if works(middle):
            fits = middle
        else:
            fails = middle
    return fits


def _working(folder: Path, port: int, kind: str, amount: int) -> Callable[[int], bool]:
    def works(heap_bytes: int) -> bool:
        is_good, said = device.take(
            folder, port, kind, amount, _ONCE, _BALLAST_BYTES, heap_bytes=heap_bytes
        )
        if not is_good and "memory" not in said.lower():
            raise RuntimeError(said)
        return is_good

    return works
