"""A simulated week of a fixed seed ends well, and so do real reconnects over TLS."""

import pytest

from host_tests.soak import reconnects, run
from host_tests.soak.faults import FAULTS
from host_tests.support import dovecot, micropython

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())

_SEED = 5  # with servers that count truly for some days, and then lie
_DAYS = 7
_PEAK_BYTES = 16 * 1024


def test_a_week_with_every_fault_ends_as_its_first_day():
    """In one test: a week takes a dozen seconds."""
    week = run.soak(_SEED, _DAYS)
    assert not week.violation, run.told(week, _SEED)
    assert week.now_ms == _DAYS * 86_400_000
    assert week.report.names() == set(FAULTS)
    # The server's own counts: tried, believed for days, and no more once it was caught lying
    assert week.report.extended["believed"] > week.report.extended["tried"] > 2
    assert week.report.false_counts == {"tried": 2, "believed": 0}
    first, last = week.report.measured[0], week.report.measured[-1]
    assert len(week.report.measured) == _DAYS
    assert last.heap_bytes - first.heap_bytes <= run.HEAP_TOLERANCE
    assert last.tasks == first.tasks
    assert last.largest_free >= first.largest_free // 2
    # What the world does not take of its share the firmware would have, more than on a board
    assert run.WORLD_BYTES - _PEAK_BYTES <= week.report.own_bytes <= run.WORLD_BYTES


@pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing())
def test_thirty_reconnects_over_tls_lose_nothing():
    costs = reconnects.reconnect(30, 10)
    assert [cost.number for cost in costs] == [0, 10, 20, 30]
    assert costs[-1].failures > 30
    heap_bytes, files = reconnects.lost(costs)
    assert heap_bytes <= reconnects.HEAP_TOLERANCE
    assert files == 0
