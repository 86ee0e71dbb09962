"""Taking a long answer against reading and dropping the same bytes.

Both on MicroPython, through asyncio and verified TLS, in turn over one connection.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import NamedTuple

from tools.bench import answers, device
from tools.bench.figure import Figure
from tools.sim import certs


class _Case(NamedTuple):
    name: str
    kind: str
    amount: int
    rounds: int
    budget: float | None


_CASES = (
    _Case("SEARCH of 100,000 numbers", "search", 100_000, 15, 2),
    _Case("SEARCH of 1,000,000 numbers", "search", 1_000_000, 5, 2),
    _Case("FETCH of 1,000 headers", "headers", 1_000, 10, None),
    _Case("10 MB literal skipped", "literal", 10 * 1024 * 1024, 5, 2),
)


def measure() -> Iterator[Figure]:
    """The ratios of the medians."""
    authority = certs.Authority()
    context = certs.server_context(authority.issue("localhost"))
    with device.firmware_folder() as folder, answers.serving(context) as server:
        (folder / "ca.pem").write_bytes(authority.pem)
        for case in _CASES:
            rounds = case.rounds + 1  # the first one warms up
            is_good, said = device.take(
                folder, server.port, case.kind, case.amount, rounds, 0, "ca.pem"
            )
            if not is_good:
                raise RuntimeError(said)
            taken, dropped = (_median_ms(line) for line in said.splitlines())
            note = f"medians of {case.rounds}: {taken:.0f} and {dropped:.0f} ms"
            name = f"{case.name} / read and drop, MicroPython"
            yield Figure(name, taken / dropped, "x", case.budget, note)


def _median_ms(line: str) -> float:
    return statistics.median(map(int, line.split())) / 1000
