"""The unit runner itself: what an interpreter prints becomes one result per function."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from host_tests.support import micropython, wasm
from host_tests.support.unit_items import InterpretedRun, UnitSource


def _interpreter(printed: str) -> ModuleType:
    fake = ModuleType("fake")
    fake.runs = 0

    def run_tests(file: Path, names: list[str]) -> str:
        fake.runs += 1
        return printed

    fake.run_tests = run_tests
    return fake


def test_a_file_is_read_without_being_imported(tmp_path: Path):
    path = tmp_path / "test_x.py"
    path.write_text('import no_such\nNEEDS = "micropython"\n\n\ndef test_a():\n    pass\n')
    source = UnitSource(path)
    assert source.tests == {"test_a": 4}
    assert source.needs == "micropython"


@pytest.mark.parametrize("text", ['NEEDS = "luck"\n', '@needs("luck")\ndef test_a():\n    pass\n'])
def test_an_unknown_need_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "test_x.py"
    path.write_text(text)
    with pytest.raises(ValueError, match="luck"):
        UnitSource(path)


def test_a_test_is_only_where_it_can_run(tmp_path: Path):
    path = tmp_path / "test_x.py"
    marks = ("", '@needs("micropython")\n', '@needs("unix")\n')
    tests = [f"{mark}def test_{at}():\n    pass\n" for at, mark in enumerate(marks)]
    path.write_text("\n\n".join(tests))
    source = UnitSource(path)
    counts = [len(source.tests_on(each)) for each in (None, micropython, wasm)]
    assert counts == [1, 3, 2]
    path.write_text('NEEDS = "unix"\n' + tests[0] + tests[1])
    source = UnitSource(path)
    assert [len(source.tests_on(each)) for each in (None, micropython, wasm)] == [0, 2, 0]


def test_what_a_test_needs_keeps_it_from_cpython():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0"]
    file = Path(__file__).parent / "unit" / "test_led.py"
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, timeout=60)
    found = [line.partition("::")[2] for line in done.stdout.splitlines() if "allocates" in line]
    assert found == [
        f"test_showing_allocates_nothing[{each}]" for each in ("micropython", "wasm32")
    ]


def test_one_process_gives_every_result():
    fake = _interpreter(
        'noise\n@test {"name": "test_a", "error": null}\n@test {"name": "test_b", "error": "Oh"}\n'
    )
    run = InterpretedRun(fake, Path("test_x.py"), ["test_a", "test_b"])
    assert run.result("test_a") is None
    assert run.result("test_b") == "Oh"
    assert fake.runs == 1


def test_a_test_that_the_interpreter_never_reached_fails():
    run = InterpretedRun(_interpreter("Segmentation fault"), Path("test_x.py"), ["test_a"])
    assert "ended before this test" in str(run.result("test_a"))
    assert "Segmentation fault" in str(run.result("test_a"))


@pytest.mark.parametrize("interpreter", [micropython, wasm], ids=lambda each: each.NAME)
def test_a_function_that_is_missing_fails_by_name(interpreter: ModuleType):
    if interpreter.missing():
        pytest.skip(interpreter.missing())
    path = Path(__file__).parent / "unit" / "test_errors.py"
    known = next(iter(UnitSource(path).tests))
    run = InterpretedRun(interpreter, path, [known, "test_no_such"])
    assert run.result(known) is None
    assert "AttributeError" in str(run.result("test_no_such"))
