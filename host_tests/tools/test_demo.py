"""`postlamp demo`: plays to its end on a real board, and ends in order when it is told to."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from host_tests.support.command import leftovers, start

pytestmark = pytest.mark.xdist_group("demo")  # each of its steps has six seconds


def test_it_shows_every_step_and_ends_well(tmp_path: Path) -> None:
    with start(tmp_path, "demo") as process:
        out, words = process.communicate(timeout=60)
    assert process.returncode == 0, words + out[-2000:]
    steps = [line[:2] for line in out.splitlines() if line[:1].isdigit()]
    assert steps == [f"{number}." for number in range(1, 9)]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_told_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path, "demo") as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("1."):
            assert process.poll() is None
        process.send_signal(number)
        process.send_signal(number)
        _, words = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "Traceback" not in words
    assert leftovers(tmp_path) == []
