"""What a module's syntax tree binds and where, and what of it no board needs. For link.py."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Module:
    """One module: its tree without what no board needs, and what its top level binds."""

    name: str
    tree: ast.Module
    bound: set[str]
    renamed: dict[str, str] = field(default_factory=dict)


def module_of(name: str, text: str) -> Module:
    """A module's text, understood. SyntaxError."""
    tree = stripped(ast.parse(text, name))
    ours = {each for statement in tree.body for each in bound_by(statement)}
    theirs = {each for statement in tree.body for each in imported(statement)}
    return Module(name, tree, ours - theirs)


def foreign_imports(tree: ast.Module) -> Iterator[str]:
    """Names that a module imports from somebody else than us."""
    for statement in tree.body:
        is_ours = isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(
            "postlamp"
        )
        if not is_ours:
            yield from imported(statement)


def imported(statement: ast.stmt) -> Iterator[str]:
    """Names that an import gives."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield (alias.asname or alias.name).split(".")[0]


def bound_by(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement binds in the scope where it stands."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    yield from imported(statement)
    for node in ast.iter_child_nodes(statement):
        yield from _names(node)


def bound_in(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[str]:
    """Names that are a function's own: parameters, and what its body binds."""
    arguments = function.args
    for each in (*arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if each is not None:
            yield each.arg
    if not isinstance(function, ast.Lambda):
        for statement in function.body:
            yield from bound_by(statement)


def _names(node: ast.AST) -> Iterator[str]:
    """Names that are bound in a part of a statement, but in no scope of its own."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.stmt):
        yield from bound_by(node)
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def stripped(tree: ast.Module) -> ast.Module:
    """The tree without what only people and type checkers read."""
    made: ast.Module = _Stripper().visit(tree)
    return made


def source(body: list[ast.stmt]) -> str:
    """Source, without an import that the file already has."""
    seen: set[str] = set()
    lines = []
    for statement in body:
        text = ast.unparse(ast.fix_missing_locations(statement))
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if text in seen:
                continue
            seen.add(text)
        lines.append(text)
    return "\n".join(lines) + "\n"


class _Stripper(ast.NodeTransformer):
    """Takes away what only people and type checkers read."""

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        target = node.targets[0]
        return None if isinstance(target, ast.Name) and target.id == "TYPE_CHECKING" else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        return None if node.value is None else ast.Assign([node.target], node.value)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        node.returns = None
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | None:
        """Texts that stand alone are docstrings."""
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node
