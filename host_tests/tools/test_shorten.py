"""Short private names: the program stays the same, and tracebacks can still be read."""

from __future__ import annotations

import ast
import subprocess

from tools import build, shorten
from tools.sim.runtime import find_micropython

_CLOCK = '''
"""A _docstring is left alone, and so is "_rest" in a text."""
from asyncio import core
from micropython import const
import time as _time
_LIMIT = const(3)
_table = {"_rest": 1}
class _Part:
    def __init__(self, rest):
        self._rest = rest
    def _double(self):
        return 2 * self._rest
def total(_seed=1):
    global _table
    part = _Part(_seed)
    part._rest += _LIMIT
    _table = part._double() + _table["_rest"]
    return _table
queue = core._io_queue
'''


def _modules() -> dict[str, str]:
    package = build.FIRMWARE / "postlamp"
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}


def test_private_names_become_short_and_nothing_else_changes() -> None:
    text = shorten.shorten(_CLOCK)
    names = shorten.short_names(_CLOCK)
    assert sorted(names) == ["_LIMIT", "_Part", "_double", "_rest", "_seed", "_table", "_time"]
    back = {short: name for name, short in names.items()}
    assert len(back) == len(names) and all(len(short) == 2 for short in back)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for field in ("id", "attr", "name", "arg", "asname"):
            if getattr(node, field, None) in back:
                setattr(node, field, back[getattr(node, field)])
        if isinstance(node, ast.Global):
            node.names = [back.get(name, name) for name in node.names]
    assert ast.dump(tree) == ast.dump(ast.parse(_CLOCK))


def test_the_short_program_does_the_same_on_micropython() -> None:
    for text in (_CLOCK, shorten.shorten(_CLOCK)):
        done = subprocess.run(
            [find_micropython(), "-c", text + "print(total(), total(_seed=2) if 0 else queue)"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert done.stdout.startswith("9 ")


def test_texts_and_names_of_others_stay() -> None:
    text = shorten.shorten(_CLOCK)
    assert "core._io_queue" in text and '"_rest" in a text' in text and '{"_rest": 1}' in text


def test_a_short_name_that_is_taken_is_not_given_again() -> None:
    names = shorten.short_names("import other\n_long = other._a\n")
    assert names == {"_long": "_b"}


def test_constants_leave_the_first_names_to_what_stays() -> None:
    assert shorten.short_names("_A = const(1)\n_z = 2\n") == {"_z": "_a", "_A": "_b"}


def test_what_type_checkers_ask_for_is_compiled_away() -> None:
    text = "TYPE_CHECKING = const(0)\nif TYPE_CHECKING:\n    from typing import Any\n"
    assert shorten.shorten(text).splitlines()[:2] == ["_a = const(0)", "if _a:"]


def test_the_modules_of_the_firmware_share_their_names() -> None:
    per_module = [set(shorten.short_names(text).values()) for text in _modules().values()]
    assert sum(map(len, per_module)) > 500
    assert len(set().union(*per_module)) <= 60


def test_the_firmware_trespasses_nowhere() -> None:
    assert shorten.trespasses(_modules()) == []


def test_a_private_name_of_another_module_is_a_fault() -> None:
    sources = {"one": "class A:\n    def __init__(self):\n        self._x = 1\n"}
    sources["two"] = "from one import A\nprint(A()._x)\n"
    assert shorten.trespasses(sources) == ["two:2: _x is private to another module"]
    sources["two"] = "from one import _x\n"
    assert shorten.trespasses(sources) == ["two:1: _x is private to another module"]


def test_an_heir_of_a_class_with_private_names_is_a_fault() -> None:
    sources = {"one": "class A:\n    def __init__(self):\n        self._x = 1\n"}
    sources["two"] = "from one import A\nclass B(A):\n    pass\n"
    assert shorten.trespasses(sources) == ["two:2: B inherits private names of one"]
    sources["one"] = "class A:\n    pass\n"
    assert shorten.trespasses(sources) == []


def test_a_frame_of_a_traceback_gets_its_name_back() -> None:
    sources = {"clock": "def _set():\n    pass\n", "postlamp": "def _begin():\n    pass\n"}

    def readable(line: str) -> str:
        return shorten.readable(line, sources)

    assert readable('  File "clock", line 1, in _a') == '  File "clock", line 1, in _set'
    assert readable('  File "postlamp", line 1, in _a').endswith("in _begin")
    assert readable('  File "clock", line 1, in now').endswith("in now")
    assert readable('  File "asyncio/core.py", line 1, in _a').endswith("in _a")
    assert readable("W (3) link: wifi") == "W (3) link: wifi"
