"""The tables of README.md are true: each row has tests that exist, and the numbers are right."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from host_tests.support.fault_table import COUNT_S, FAULTS

HERE = Path(__file__).parent
README = (HERE / "README.md").read_text(encoding="utf-8")
QUIRKS, SERVERS, NUMBERS = "What servers do", "How servers differ", "How many run where"
BEFALLS = "What befalls the gadget"
ROWS = {QUIRKS: range(1, 34), SERVERS: range(1, 32)}
# The numbers are rounded down to tens, and stale when half as many again are found.
ROUND, STALE = 10, 1.5
# What must not befall it unseen, by the first words of a row.
PROMISED = (
    *(
        "server killed",
        "half-open: one",
        "half-open: the whole",
        "RST",
        "BYE",
        "stall in mid-line",
    ),
    *("stall in mid-literal", "stall in mid-handshake", "one byte a second", "garbage greeting"),
    *("plaintext injected before TLS", "wrong password for an hour", "connection limit"),
    *("throttle", "DNS gone", "Wi-Fi gone", "NTP gone", "clock jump", "out of memory"),
    *("disk full", "power cut at every write", "a task that hangs", "an endless loop"),
    *("a crash loop", "a handshake starved of memory", "DNS silent"),
    *("certificate replaced, of the same CA", "certificate replaced, of another CA"),
)


def _lines(heading: str) -> list[str]:
    """The rows of the table under a heading, without its head."""
    section = re.split(r"^## ", README, flags=re.MULTILINE)
    lines = next(part for part in section if part.startswith(heading)).splitlines()
    return [line for line in lines if line[:1] == "|"][2:]


def _rows(heading: str) -> list[list[str]]:
    """The cells of these rows."""
    rows = [[cell.strip() for cell in line.split(" | ")] for line in _lines(heading)]
    return [[row[0].lstrip("| "), *row[1:-1], row[-1].rstrip("| ")] for row in rows]


def _named(row: list[str]) -> list[str]:
    return re.findall(r"`([^`]+)`", row[-1])


def _traces() -> set[str]:
    return {path.stem for path in (HERE / "traces").glob("*.txt")}


def _tests() -> set[str]:
    """Every test there is, as file::function."""
    found = set()
    for path in HERE.rglob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.stem}::{node.name}")
    return found


@pytest.mark.parametrize("heading", ROWS)
def test_every_row_is_there_and_has_a_test(heading: str):
    rows = _rows(heading)
    assert [row[0] for row in rows] == [str(number) for number in ROWS[heading]]
    assert [row[0] for row in rows if len(row) != 4 or not _named(row)] == []


@pytest.mark.parametrize("heading", ROWS)
def test_every_test_that_a_row_names_exists(heading: str):
    known = _traces() | _tests()
    named = {name for row in _rows(heading) for name in _named(row)}
    assert sorted(named - known) == []


@pytest.mark.parametrize(("heading", "kind"), [(QUIRKS, "quirk"), (SERVERS, "server")])
def test_every_trace_stands_in_the_row_of_its_number(heading: str, kind: str):
    rows = {int(row[0]): _named(row) for row in _rows(heading)}
    traces = [name for name in _traces() if name.startswith(kind + "-")]
    lost = [name for name in traces if name not in rows.get(int(name.split("-")[1]), ())]
    assert lost == []


def test_every_trace_is_of_one_of_the_two_kinds():
    assert [name for name in _traces() if not re.match(r"(quirk|server)-\d\d-[a-z]", name)] == []


def test_the_faults_and_figures_are_those_that_are_tested():
    assert _lines(BEFALLS) == [fault.row() for fault in FAULTS]


def test_every_fault_that_was_promised_is_there():
    names = [fault.name for fault in FAULTS]
    assert [each for each in PROMISED if not any(name.startswith(each) for name in names)] == []
    assert len(set(names)) == len(names)


def test_every_test_of_a_fault_exists():
    assert {test for fault in FAULTS for test in fault.tests} - _tests() == set()


def test_the_figures_of_a_fault_are_asserted_by_its_first_test():
    """It names the fault to Trial, which looks its figures up, or it has them itself."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py")}
    lost = []
    for fault in FAULTS:
        file, _, test = fault.tests[0].partition("::")
        body = sources[file].partition(f"\ndef {test}(")[2].partition("\n\n\n")[0]
        wanted = (fault.light_s, fault.retry_s + COUNT_S)
        has_figures = all(f"< {seconds * 1000:_}\n" in body for seconds in wanted)
        if fault.cause and f'on_trial("{fault.name}"' not in body and not has_figures:
            lost.append(fault.name)
    assert lost == []


def _collected() -> list[str]:
    """The names of all tests, as pytest finds them; nothing is run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", str(HERE)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, timeout=120)
    assert not done.returncode, done.stdout[-4000:] + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]


def _place(name: str) -> tuple[str, str]:
    """Which row of the table counts a test: the folder, and what runs it."""
    file, _, test = name.removeprefix("host_tests/").partition("::")
    folder = file.split("/")[0]
    words = set(re.split(r"[\[\]-]", test)[1:])
    if folder == "unit":
        runners = [runner for runner in ("micropython", "wasm32") if runner in words]
        return "`unit/`", "".join(runners)
    if folder == "servers" and words & {"pymap", "dovecot"}:
        return "`servers/`", "Dovecot" if "dovecot" in words else "pymap"
    is_counted = folder in ("wire", "gadget", "fuzz", "differential")
    return (f"`{folder}/`", "") if is_counted else ("the rest", "")


def test_the_numbers_of_tests_are_right():
    counted = Counter(_place(name) for name in _collected())
    counted["`traces/`", ""] = len(_traces())
    wrong = []
    for of, by, number in _rows(NUMBERS):
        real = counted.pop((of, _runner(of, by)))
        if not int(number) <= real < int(number) * STALE + ROUND:
            wrong.append(f"| {of} | {by} | {real // ROUND * ROUND} |")
    assert wrong == [], "write into README.md:\n" + "\n".join(wrong)
    assert counted == {}, "no row of the table counts these"


def _runner(of: str, by: str) -> str:
    if of == "`unit/`":
        return "wasm32" if "WebAssembly" in by else "micropython" if "MicroPython" in by else ""
    return by.split(" ")[-1] if of == "`servers/`" else ""
