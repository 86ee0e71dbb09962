"""Our engine beside imaplib, IMAPClient and aioimaplib on CPython: time and peak memory.

Over plain TCP on loopback from one server, each client in a process of its own, in turn. Memory is
tracemalloc's peak: what the answer makes Python hold, to the byte; the resident set would add
what the allocator keeps and, on Linux, the peak of the process that started it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.bench import answers
from tools.bench.contenders import CONTENDERS
from tools.bench.figure import Figure
from tools.build import ROOT

_TIMEOUT_S = 120
_ROUNDS = 5


class _Case(NamedTuple):
    name: str
    kind: str
    amount: int
    time_budget: float | None
    memory_budget: float | None


_CASES = (
    _Case("SEARCH of 100,000", "search", 100_000, 1, 0.1),
    _Case("SEARCH of 1,000,000", "search", 1_000_000, 1, 0.1),
    _Case("FETCH of 1,000 headers", "headers", 1_000, None, None),
    _Case("10 MB literal", "literal", 10 * 1024 * 1024, None, 0.1),
)


def measure() -> Iterator[Figure]:
    """Our share of what each of the others takes."""
    with answers.serving() as server:
        for case in _CASES:
            of_case = (server.port, case.kind, case.amount)
            ms = {
                name: statistics.median(run(name, *of_case, _ROUNDS)) * 1000 for name in CONTENDERS
            }
            kib = {name: run(name, *of_case, 0) / 1024 for name in CONTENDERS}
            yield from _figures(f"{case.name}, time: ours", "ms", ms, case.time_budget)
            yield from _figures(f"{case.name}, peak memory: ours", "KiB", kib, case.memory_budget)


def _figures(
    what: str, unit: str, values: dict[str, float], budget: float | None
) -> Iterator[Figure]:
    ours = values["ours"]
    for name, value in values.items():
        if name != "ours":
            note = f"{ours:,.1f} and {value:,.1f} {unit}"
            yield Figure(f"{what} / {name}", ours / value, "x", budget, note)


def run(name: str, port: int, kind: str, amount: int, rounds: int) -> Any:
    """What contenders.py prints: seconds of each round, or the peak of bytes for no round."""
    words = [str(word) for word in (port, kind, amount, rounds)]
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.contenders", name, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:])
    return json.loads(done.stdout)
