"""`make fuzz` says "No finding." only of what came to its end."""

from pathlib import Path

import pytest

from host_tests.fuzz import __main__ as fuzz

WHOLE = "cov: 12\nDONE\nnumber_of_executed_units: 1000\n"


def _lane(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> fuzz.Lane:
    log = tmp_path / "log"
    log.write_text(text)
    monkeypatch.setattr(fuzz, "_fuzz", lambda name, seconds: log)
    return fuzz.Lane(["engine", "header"], 2)


def test_targets_that_came_to_their_end_are_clean(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lane = _lane(monkeypatch, tmp_path, WHOLE)
    lane.run()
    assert lane.is_clean


@pytest.mark.parametrize("text", ["cov: 12\n", WHOLE + "Test unit written to x\n"])
def test_what_broke_off_or_found_something_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    lane = _lane(monkeypatch, tmp_path, text)
    lane.run()
    assert not lane.is_clean


def test_a_lane_that_died_is_not_clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lane = _lane(monkeypatch, tmp_path, WHOLE)
    (tmp_path / "log").unlink()
    with pytest.raises(FileNotFoundError):
        lane.run()
    assert not lane.is_clean
