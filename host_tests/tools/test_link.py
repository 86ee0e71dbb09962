"""Linking: fewer and flatter files, and the program in them is the same."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools import build
from tools.link import BUNDLES, Linker, LinkError
from tools.scopes import module_of

PACKAGES = {
    "postlamp": '__version__ = "1"\n',
    "postlamp.a": "",
    "postlamp.b": '"""Only a text."""\n',
}


def linked(bundles: Mapping[str, tuple[str, ...]], **modules: str) -> dict[str, str]:
    """The files of modules, given as a_one for postlamp.a.one."""
    named = {"postlamp." + name.replace("_", ".", 1): text for name, text in modules.items()}
    return Linker({**PACKAGES, **named}, bundles).link()


def run(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> object:
    """What `answer` is in one of the files, with all of them to be imported."""
    for file, text in files.items():
        (tmp_path / f"{file}.py").write_text(text)
        monkeypatch.delitem(sys.modules, file, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        return __import__(name).answer
    finally:
        for file in files:
            sys.modules.pop(file, None)


def test_a_module_is_a_file_of_its_last_name_and_a_package_is_none() -> None:
    files = linked({}, a_one="x = 1\n", b_two="from postlamp.a.one import x\n")
    assert files == {
        "postlamp": "__version__ = '1'\n",
        "one": "x = 1\n",
        "two": "from one import x\n",
    }


def test_two_modules_of_one_last_name_have_more_of_it() -> None:
    files = linked({}, a_same="x = 1\n", b_same="from postlamp.a import same\n")
    assert files["a_same"] == "x = 1\n"
    assert files["b_same"] == "import a_same as same\n"


def test_what_only_people_read_is_gone() -> None:
    text = '''"""A text."""
from micropython import const
TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any
class A:
    """A text."""
    x: "Any"
    y: int = 2
def f(a: "Any", *, b: int = 1) -> "Any":
    """A text."""
'''
    assert linked({}, a_one=text)["one"] == (
        "from micropython import const\nclass A:\n    y = 2\ndef f(a, *, b=1):\n    pass\n"
    )


def test_texts_that_name_modules_name_their_files() -> None:
    text = 'drop("postlamp.a.one", "postlamp.a." + step, "postlamp", "some postlamp.a.one")\n'
    files = linked({}, a_one="x = 1\n", b_two=text)
    assert files["two"] == "drop('one', '' + step, 'postlamp', 'some postlamp.a.one')\n"
    with pytest.raises(LinkError, match=r"postlamp.b.two:1: 'postlamp.a.none' is no module"):
        linked({}, b_two='drop("postlamp.a.none")\n')


@pytest.mark.parametrize(
    "text", ["import postlamp.a\n", "import postlamp.a as a\n", "import postlamp\n"]
)
def test_an_import_of_a_package_is_refused(text: str) -> None:
    with pytest.raises(LinkError, match=r"postlamp.b.two:1: say `from"):
        linked({}, b_two=text)


@pytest.mark.parametrize("name", ["time", "network", "requests", "main"])
def test_a_file_that_a_built_in_module_would_hide_is_refused(name: str) -> None:
    with pytest.raises(LinkError, match=f"{name}.mpy would hide"):
        linked({}, **{f"a_{name}": "x = 1\n"})


def test_a_bundle_is_one_file_and_its_modules_do_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = """import os
_X = 1
def _add(a):
    return a + _X
def one(_X):
    return _add(_X)
class Base:
    _add = 7
    def get(self):
        return self._add + _add(0)
"""
    two = """import os
from postlamp.a import one
from postlamp.a.one import Base as Root
from postlamp.b import three
_X = 10
class Heir(Root):
    size = _X
    def get(self, more=_X):
        twice = lambda _X: _X * 2
        return super().get() + twice(more) + sum([_X for _ in (1, 2)])
def _add(a):
    _X = 100
    return a + _X
def late():
    from postlamp.b.three import seven
    return seven() + three.seven()
answer = [one.one(5), Heir().get(), Heir.size, _add(1), late(), one._X]
"""
    three = "from postlamp.a.one import Base\ndef seven():\n    return Base._add\n"
    apart = linked({}, a_one=one, a_two=two, b_three=three)
    together = linked(
        {"all": ("postlamp.a.one", "postlamp.a.two")}, a_one=one, a_two=two, b_three=three
    )
    assert sorted(together) == ["all", "postlamp", "three"]
    assert together["all"].count("import os") == 1
    assert "from all import" not in together["all"]
    expected = run(apart, tmp_path, monkeypatch, "two")
    assert expected == [6, 7 + 1 + 20 + 20, 10, 101, 14, 1]
    sys.modules.pop("three", None)
    assert run(together, tmp_path, monkeypatch, "all") == expected


def test_who_stands_outside_finds_a_name_that_was_taken_twice() -> None:
    three = (
        "from postlamp.a.two import State\nfrom postlamp.a import two, one\n"
        "x = State, two.State, one.State\n"
    )
    files = linked(
        {"all": ("postlamp.a.one", "postlamp.a.two")},
        a_one="State = 1\n",
        a_two="State = 2\n",
        b_three=three,
    )
    assert files["all"] == "State = 1\nState_two = 2\n"
    assert files["three"] == (
        "from all import State_two as State\nimport all as two\nimport all as one\n"
        "x = (State, two.State_two, one.State)\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f():\n    from postlamp.a.one import x\n", "postlamp.a.two:2: postlamp.a.one is in"),
        ("def f():\n    global x\n    x = 1\n", "postlamp.a.two:2: global"),
        ("def print():\n    pass\n", "print would hide Python's own in all.mpy"),
    ],
)
def test_what_a_bundle_cannot_have_is_named(text: str, words: str) -> None:
    with pytest.raises(LinkError, match=words):
        linked({"all": ("postlamp.a.one", "postlamp.a.two")}, a_one="x = 1\n", a_two=text)


def test_every_module_of_a_bundle_exists_and_stands_behind_what_it_needs() -> None:
    for names in BUNDLES.values():
        before: set[str] = set()
        for name in names:
            path = build.FIRMWARE.joinpath(*name.split("."))
            file = (
                path.with_suffix(".py")
                if path.with_suffix(".py").is_file()
                else path / "__init__.py"
            )
            tree = module_of(name, file.read_text(encoding="utf-8")).tree
            needed = {getattr(node, "module", None) for node in tree.body} & set(names)
            assert needed <= before, name
            before.add(name)
