"""What is kept of a linked firmware: used again while nothing changed, and made anew if it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.link import LinkError
from tools.linked import linked

ONE = "def measured():\n    return 1\n"
USES = "from postlamp.one import measured\n\nmeasured()\n"


def _made(folder: Path, one: str = ONE, program: str = USES, chip: str = "") -> str:
    made = linked({"postlamp.one": one}, {"main.py": program}, {"chip": chip}, folder)
    return f"{made.short} {made.programs}"


def test_what_is_kept_is_what_was_made(tmp_path: Path) -> None:
    first = _made(tmp_path)
    (kept,) = tmp_path.iterdir()
    since = kept.stat().st_mtime_ns
    assert _made(tmp_path) == first
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [since]


def test_a_change_of_a_module_a_program_or_the_chip_is_seen(tmp_path: Path) -> None:
    first = _made(tmp_path)
    assert "return 2" in _made(tmp_path, one=ONE.replace("1", "2"))
    assert "changed" in _made(tmp_path, program=USES + "changed = 1\n")
    _made(tmp_path, chip="measured = 1")
    assert len(list(tmp_path.iterdir())) == 4
    assert _made(tmp_path) == first


def test_a_fault_is_told_each_time_and_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(SyntaxError):
            _made(tmp_path, one="def (")
        with pytest.raises(LinkError):
            linked(
                {
                    "postlamp.one": "_private = 1\n",
                    "postlamp.two": USES.replace("measured", "_private"),
                },
                {},
                {},
                tmp_path,
            )
    assert not list(tmp_path.iterdir())
