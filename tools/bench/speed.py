"""Taking a long answer against reading and dropping the same bytes.

Both on MicroPython, through asyncio and verified TLS, in turn over one connection. The time is the
processor's: other load on the computer does not count, but waiting does, a little. So reading and
dropping 10 MB, which outruns the server and waits often, may take longer than looking at them.
"""

from __future__ import annotations

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
    _Case("SEARCH of 100,000 numbers", "search", 100_000, 60, 2),
    _Case("SEARCH of 1,000,000 numbers", "search", 1_000_000, 6, 2),
    _Case("FETCH of 1,000 headers", "headers", 1_000, 30, None),
    _Case("10 MB literal skipped", "literal", 10 * 1024 * 1024, 6, 2),
)


def measure() -> Iterator[Figure]:
    """The ratios of the sums of many rounds, for the clock ticks once a millisecond."""
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
            taken_ms, dropped_ms = (float(word) / case.rounds for word in said.split())
            note = f"{case.rounds} rounds of {taken_ms:.1f} and {dropped_ms:.1f} ms"
            name = f"{case.name} / read and drop, MicroPython"
            yield Figure(name, taken_ms / dropped_ms, "x", case.budget, note)
