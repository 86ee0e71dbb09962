"""pytest's view of one unit file on another interpreter: one process, one result per function."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from host_tests.support import micropython, wasm

INTERPRETERS = (micropython, wasm)
NEEDS = {"micropython": (micropython, wasm), "unix": (micropython,)}  # portable/needs.py
PREFIX = "@test "
SHOWN_CHARACTERS = 4000


class UnitSource:
    """What the text of a unit file says, without importing it."""

    def __init__(self, path: Path) -> None:
        self.tests: dict[str, int] = {}  # name -> line
        self.needs = ""  # of the whole file
        self.needs_of: dict[str, str] = {}  # of single tests
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                self.tests[node.name] = node.lineno - 1
                for mark in node.decorator_list:
                    assert isinstance(mark, ast.Call) and ast.unparse(mark.func) == "needs"
                    self.needs_of[node.name] = str(ast.literal_eval(mark.args[0]))
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NEEDS":
                self.needs = str(ast.literal_eval(node.value))
        for need in (self.needs, *self.needs_of.values()):
            if need and need not in NEEDS:
                raise ValueError(f"{path}: a test can need one of {list(NEEDS)}, not {need!r}")

    def tests_on(self, interpreter: "ModuleType | None" = None) -> dict[str, int]:
        """Those that can run there, with their lines; None is CPython."""

        def is_there(name: str) -> bool:
            needs = [need for need in (self.needs, self.needs_of.get(name)) if need]
            return all(interpreter in NEEDS[need] for need in needs)

        return {name: line for name, line in self.tests.items() if is_there(name)}


class InterpretedFile(pytest.File):
    """A unit file on every interpreter but CPython."""

    def collect(self) -> Iterator["InterpretedTest"]:
        """Name every test once for each interpreter."""
        source = UnitSource(self.path)
        for interpreter in INTERPRETERS:
            tests = source.tests_on(interpreter)
            run = InterpretedRun(interpreter, self.path, list(tests))
            for name, line in tests.items():
                yield InterpretedTest.from_parent(
                    self, name=f"{name}[{interpreter.NAME}]", run=run, test=name, line=line
                )


class InterpretedRun:
    """One process over one file; started by the first test that asks for its result."""

    def __init__(self, interpreter: ModuleType, path: Path, names: list[str]) -> None:
        self.interpreter = interpreter
        self.path = path
        self.names = names
        self._errors: dict[str, str | None] | None = None
        self._output = ""

    def result(self, name: str) -> str | None:
        """Return the traceback of a test, or None when it passed."""
        if self._errors is None:
            self._errors = {}
            self._output = self.interpreter.run_tests(self.path, self.names)
            for line in self._output.splitlines():
                if line.startswith(PREFIX):
                    told = json.loads(line[len(PREFIX) :])
                    self._errors[told["name"]] = told["error"]
        ended = "the interpreter ended before this test:\n" + self._output[-SHOWN_CHARACTERS:]
        return self._errors.get(name, ended)


class InterpretedTest(pytest.Item):
    """One function of a unit file on one interpreter."""

    def __init__(
        self, *, run: InterpretedRun, test: str, line: int, name: str, parent: InterpretedFile
    ) -> None:
        super().__init__(name, parent)
        self.run = run
        self.test = test
        self.line = line
        # One worker has all tests of a run, so that there is one process.
        group = f"{self.path.stem}-{run.interpreter.NAME}"
        self.add_marker(pytest.mark.xdist_group(group))

    def runtest(self) -> None:
        """Fail with the traceback that the interpreter printed."""
        reason = self.run.interpreter.missing()
        if reason:
            pytest.skip(reason)
        error = self.run.result(self.test)
        if error:
            raise InterpretedError(error)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Show MicroPython's traceback, not ours."""
        if isinstance(excinfo.value, InterpretedError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the test stands."""
        return self.path, self.line, self.name


class InterpretedError(Exception):
    """A test failed on another interpreter; the text is its traceback."""


class ElsewhereOnly(pytest.Module):
    """A unit file with NEEDS: CPython does not even import it."""

    def collect(self) -> list[pytest.Item]:
        """Offer nothing."""
        return []
