"""What every rung shares: REQUIRE_ALL, and unit tests on every interpreter."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

from host_tests.support.unit_items import ElsewhereOnly, InterpretedFile, UnitSource

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
HERE = Path(__file__).parent
UNIT = HERE / "unit"
# What takes long begins early, so that no worker is left alone with it at the end.
FIRST = ("gadget", "soak", "tools", "wire", "servers", "fuzz")


def _is_unit_file(path: Path) -> bool:
    return path.parent == UNIT and path.match("test_*.py")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Add the other interpreters' runs beside CPython's."""
    if _is_unit_file(file_path):
        return InterpretedFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Keep CPython away from files that need MicroPython."""
    if _is_unit_file(module_path) and UnitSource(module_path).needs:
        return ElsewhereOnly.from_parent(parent, path=module_path)
    return None


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str
) -> list[pytest.Item] | None:
    """Keep CPython away from single tests that need MicroPython."""
    if _is_unit_file(collector.path) and name in UnitSource(collector.path).needs_of:
        return []
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the rungs of long tests first; xdist hands groups out in this order."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    rung = path.relative_to(HERE).parts[0]
    return FIRST.index(rung) if rung in FIRST else len(FIRST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hold a test to REQUIRE_ALL."""
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Hold a whole file to REQUIRE_ALL: it may skip itself when it is imported."""
    return _required((yield))


def _required(report: Report) -> Report:
    """Under REQUIRE_ALL=1 a skip is a failure: nothing may be missing silently."""
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped, but REQUIRE_ALL=1 asks for everything: {report.longrepr}"
    return report
