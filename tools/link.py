"""Links the modules of the firmware into the fewer and flatter files of a board.

Each loaded module costs a plain ESP32 about 200 bytes of tables beside its code, once more each
name that it imports, and its own two names (postlamp.mail.opening, postlamp/mail/opening.mpy) for
ever. So modules that are always loaded together become one file, and no module stands in a
package. Sources, tests and host tools know nothing of it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from tools.scopes import Module, bound_by, bound_in, foreign_imports, module_of, source

# Each in an order in which they can be loaded. What is not fitted, or not always loaded, is apart.
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "base": (
        "postlamp",
        "postlamp.errors",
        "postlamp.net.clock",
        "postlamp.net.wifi",
        "postlamp.store.state",
        "postlamp.service.console",
        "postlamp.ui.button",
    ),
    "show": (
        "postlamp.app.log",
        "postlamp.app.words",
        "postlamp.app.status",
        "postlamp.app.pages",
        "postlamp.app.patterns",
        "postlamp.app.tasks",
        "postlamp.app.pulse",
        "postlamp.app.supervisor",
    ),
    "imap": (
        "postlamp.imap.flight",
        "postlamp.imap.state",
        "postlamp.imap.framer",
        "postlamp.imap.response",
        "postlamp.imap.engine",
    ),
    "mail": (
        "postlamp.net.transport",
        "postlamp.mail.account",
        "postlamp.mail.session",
        "postlamp.mail.watcher",
    ),
    "display": ("postlamp.ui.font", "postlamp.ui.ssd1306", "postlamp.ui.screens"),
}
# What a stock image finds before a file of the same name.
_BUILT_IN = frozenset(
    """
    aioespnow apa106 array asyncio binascii bluetooth boot btree builtins cmath collections
    cryptolib deflate dht ds18x20 errno esp esp32 espnow flashbdev framebuf gc hashlib heapq
    inisetup io json lwip machine main math micropython mip neopixel network ntptime onewire os
    platform random re requests select socket ssl struct sys time tls uasyncio uctypes umqtt
    upysh urequests utime vfs webrepl webrepl_setup websocket zlib
    """.split()
)


class LinkError(Exception):
    """The modules cannot be linked; the text says which one and why."""


class Linker:
    """Knows where each module, and each name of it, goes."""

    def __init__(
        self, sources: Mapping[str, str], bundles: Mapping[str, tuple[str, ...]] = BUNDLES
    ) -> None:
        """`sources` is the text of each module by full name. LinkError, SyntaxError."""
        self._modules = {name: module_of(name, text) for name, text in sources.items()}
        self._bundles = {
            bundle: [name for name in names if name in sources]
            for bundle, names in bundles.items()
        }
        self._bundles = {bundle: names for bundle, names in self._bundles.items() if names}
        self.files = self._files()
        for bundle, names in self._bundles.items():
            self._part(bundle, names)

    def link(self) -> dict[str, str]:
        """The text of each file by its name, without a suffix."""
        bundled = {name for names in self._bundles.values() for name in names}
        made = {
            bundle: source([part for name in names for part in self._body(name)])
            for bundle, names in self._bundles.items()
        }
        for name in self._modules:
            body = self._body(name) if name not in bundled else []
            if body:  # a package that is only a name is none any more
                made[self.files[name]] = source(body)
        return made

    def relink(self, text: str) -> str:
        """A program that imports modules of ours (boot.py, main.py), as it finds them now."""
        return source(_Rewriter(self, module_of("", text), None).body())

    def renamed(self, module: str, name: str) -> str:
        """The name that something of a module has in its file."""
        return self._modules[module].renamed.get(name, name)

    def ismodule_of(self, name: str) -> bool:
        """Whether that is the full name of one of ours."""
        return name in self._modules

    def bundle_of(self, module: str) -> str | None:
        """The file that a module shares with others."""
        found = [bundle for bundle, names in self._bundles.items() if module in names]
        return found[0] if found else None

    def _files(self) -> dict[str, str]:
        """The file of each module: its last name, or more of it where two have the same."""
        files = {name: bundle for bundle, names in self._bundles.items() for name in names}
        alone = [name for name in self._modules if name not in files]
        shorts = [name.rpartition(".")[2] for name in alone]
        for name, short in zip(alone, shorts, strict=True):
            taken = shorts.count(short) > 1 or short in self._bundles
            files[name] = "_".join(name.split(".")[1:]) if taken else short
        packages = {name for name in alone if not self._modules[name].tree.body}
        for name, file in files.items():
            if file in _BUILT_IN and name not in packages:
                raise LinkError(f"{name}: {file}.mpy would hide behind a module of MicroPython")
        return files

    def _part(self, bundle: str, names: list[str]) -> None:
        """Gives a name that two modules of a bundle have the module's name too in the second."""
        owners: dict[str, str] = {}
        theirs = {name for module in names for name in foreign_imports(self._modules[module].tree)}
        for module in names:
            for name in sorted(self._modules[module].bound):
                if hasattr(builtins, name):
                    raise LinkError(f"{module}: {name} would hide Python's own in {bundle}.mpy")
                if name in owners or name in theirs:
                    last = module.rpartition(".")[2]
                    self._modules[module].renamed[name] = f"{name}_{last}"
                owners.setdefault(name, module)

    def _body(self, module: str) -> list[ast.stmt]:
        return _Rewriter(self, self._modules[module], self.bundle_of(module)).body()


class _Rewriter(ast.NodeTransformer):
    """One module, with its imports and its names as they are on the board."""

    def __init__(self, linker: Linker, module: Module, bundle: str | None) -> None:
        self._linker = linker
        self._module = module
        self._bundle = bundle
        self._globals = dict(module.renamed)  # a name of the module -> that in its file
        self._aliases: dict[str, str] = {}  # a local name -> the module of ours it stands for
        self._locals: list[set[str]] = []  # of the functions and classes around

    def body(self) -> list[ast.stmt]:
        """The statements; imports of what stands in the same file are gone."""
        statements = (self.visit(statement) for statement in self._module.tree.body)
        flat: list[ast.stmt] = []
        for made in statements:
            flat += made if isinstance(made, list) else [made] if made is not None else []
        return flat

    # --- imports ---

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        for alias in node.names:
            if self._linker.ismodule_of(alias.name):
                raise LinkError(f"{self._module.name}:{node.lineno}: say `from … import …`")
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        origin = node.module or ""
        if not self._linker.ismodule_of(origin):
            return [node]
        made: list[ast.stmt] = []
        taken: list[ast.alias] = []
        for alias in node.names:
            local = alias.asname or alias.name
            full = f"{origin}.{alias.name}"
            if self._linker.ismodule_of(full):
                self._aliases[local] = full
                if not self._is_here(full, node):
                    file = self._linker.files[full]
                    name = ast.alias(file, None if local == file else local)
                    made.append(ast.Import([name]))
                continue
            renamed = self._linker.renamed(origin, alias.name)
            if self._is_here(origin, node):
                self._globals[local] = renamed
            else:
                taken.append(ast.alias(renamed, None if local == renamed else local))
        if taken:
            made.append(ast.ImportFrom(self._linker.files[origin], taken, 0))
        return made

    def _is_here(self, module: str, node: ast.stmt) -> bool:
        """Whether a module is part of the same file."""
        if self._bundle is None or self._linker.bundle_of(module) != self._bundle:
            return False
        if self._locals:
            raise LinkError(f"{self._module.name}:{node.lineno}: {module} is in the same file")
        return True

    # --- names ---

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id in self._aliases:
            module = self._aliases[node.value.id]
            name = self._linker.renamed(module, node.attr)
            if self._bundle is not None and self._linker.bundle_of(module) == self._bundle:
                return ast.Name(name, node.ctx)
            return ast.Attribute(node.value, name, node.ctx)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self._name(node.id), node.ctx)

    def _name(self, name: str) -> str:
        if any(name in scope for scope in self._locals):
            return name
        return self._globals.get(name, name)

    def visit_Global(self, node: ast.Global) -> ast.stmt:
        raise LinkError(f"{self._module.name}:{node.lineno}: global is not known here")

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A module's full name, or what stands before its last one, in a text."""
        value = node.value
        if not isinstance(value, str) or not value.startswith("postlamp."):
            return node
        if value.endswith(".") and self._linker.ismodule_of(value[:-1]):
            return ast.Constant("")
        if not self._linker.ismodule_of(value):
            raise LinkError(f"{self._module.name}:{node.lineno}: {value!r} is no module")
        return ast.Constant(self._linker.files[value])

    # --- scopes ---

    def _enter(self, node: ast.AST, names: set[str]) -> None:
        self._locals.append(names)
        self.generic_visit(node)
        self._locals.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        node.name = self._name(node.name)
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        node.name = self._name(node.name)
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        """Its defaults and decorators stand outside of it."""
        arguments = node.args
        defaults, arguments.defaults = arguments.defaults, []
        keyed, arguments.kw_defaults = arguments.kw_defaults, []
        decorators, node.decorator_list = node.decorator_list, []
        self._enter(node, set(bound_in(node)))
        arguments.defaults = [self.visit(each) for each in defaults]
        arguments.kw_defaults = [each and self.visit(each) for each in keyed]
        node.decorator_list = [self.visit(each) for each in decorators]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self._enter(node, set(bound_in(node)))
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        node.name = self._name(node.name)
        node.bases = [self.visit(base) for base in node.bases]
        own = {name for statement in node.body for name in bound_by(statement)}
        body: list[ast.stmt] = []
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                body.append(self._function(statement))  # sees nothing that the class binds
            else:
                self._locals.append(own)
                body.append(self.visit(statement))
                self._locals.pop()
        node.body = body
        return node
