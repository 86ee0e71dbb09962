"""Gives the names of device modules short ones before they are compiled.

MicroPython keeps every name it ever met for ever, in tables that double: 1,160 names, of which 530
were private, took 13 kB of a plain ESP32's 83. Each module draws on the same few short private
names, so those of the next module cost nothing; names.py shortens those that modules share.
`readable()` gives a traceback its names back.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count, product
from string import ascii_letters
from types import MappingProxyType

_FRAME = re.compile(r'^(\s*File "(?P<module>[\w.]+)".*, in )(?P<name>\w+)$')


def shorten(source: str, shared: Mapping[str, str] = MappingProxyType({})) -> str:
    """The same program with short names for those that it alone uses, and for those `shared`.

    Private is what begins with one underscore and is bound in this very module, as the house rules
    have it: strings, and private names of others (`core._io_queue`), stay as they are.
    """
    names = {**shared, **short_names(source)}
    lines = source.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token in reversed(tokens):  # from the end, so that the columns before stay right
        if token.type == tokenize.NAME and token.string in names:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + names[token.string] + line[token.end[1] :]
    return "".join(lines)


def short_names(source: str) -> dict[str, str]:
    """The name that each private one of a module gets.

    Constants come last: mpy-cross compiles them away, and a short name is only worth having when
    many modules share it.
    """
    tree = ast.parse(source)
    constants = set(_constants(tree))
    private = {name for name in _bound(tree) if is_private(name)}
    taken = {token for token in re.findall(r"\w+", source) if is_private(token)} - private
    ordered = sorted(private, key=lambda name: (name in constants, name))
    fresh = (name for name in _candidates() if name not in taken)
    return dict(zip(ordered, fresh, strict=False))


def is_private(name: str) -> bool:
    """One underscore in front, and more than that; or what only type checkers ask for."""
    if name == "TYPE_CHECKING":  # as a public constant it would stay in every module
        return True
    return name.startswith("_") and not name.startswith("__") and name != "_"


def trespasses(sources: Mapping[str, str]) -> list[str]:
    """What would break: uses of another module's private names, and heirs of another's class.

    `sources` is module -> text; one sentence for each mistake. Raises SyntaxError.
    """
    trees = {module: ast.parse(text, module) for module, text in sources.items()}
    bound = {module: set(filter(is_private, _bound(tree))) for module, tree in trees.items()}
    everywhere = set().union(*bound.values()) if bound else set()
    found = []
    for module, tree in trees.items():
        for line, name in _private_uses(tree):
            if name in everywhere and name not in bound[module]:
                found.append(f"{module}:{line}: {name} is private to another module")
        found += [f"{module}:{line}: {heir}" for line, heir in _heirs(tree, trees, bound)]
    return found


def readable(line: str, sources: Mapping[str, str]) -> str:
    """A line of a board's log; the frame of a traceback with the name that the source has.

    `sources` is the text of each file by the name that a frame gives it.
    """
    frame = _FRAME.match(line)
    if not frame or frame["module"] not in sources:
        return line
    return frame[1] + _originals(sources[frame["module"]]).get(frame["name"], frame["name"])


@cache
def _originals(source: str) -> dict[str, str]:
    return {short: name for name, short in short_names(source).items()}


def _candidates() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            yield "_" + "".join(letters)


def _constants(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and called.id == "const":
                yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _bound(tree: ast.Module) -> Iterator[str]:
    """Every name that a module gives: definitions, assignments, parameters, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname


def _private_uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if is_private(alias.name):
                    yield node.lineno, alias.name


def _heirs(
    tree: ast.Module, trees: Mapping[str, ast.Module], bound: Mapping[str, set[str]]
) -> Iterator[tuple[int, str]]:
    """Classes whose base stands in another module with private names: both would share `_a`."""
    origin = {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in trees
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                module = origin.get(ast.unparse(base).split(".")[0])
                if module and bound[module]:
                    yield node.lineno, f"{node.name} inherits private names of {module}"
