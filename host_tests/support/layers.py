"""The layers of the design as one table, and a reader of imports that holds firmware/ to it.

`make lint` runs it; host_tests/test_layers.py proves that it fails when it should.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
LINES_LIMIT = 300

_PURE = {"binascii", "struct", "hashlib", "micropython"}
_PLAIN = {"array", "asyncio", "errno", "gc", "io", "json", "os", "random", "sys", "time"} | _PURE
_ANYTHING = {"*"}

# package or module of postlamp -> (parts of postlamp, modules of MicroPython) it may import,
# beside itself. `_ROOT` modules put everything together.
_ROOT = (_ANYTHING, _ANYTHING)
LAYERS: dict[str, tuple[set[str], set[str]]] = {
    "": (set(), set()),  # postlamp/__init__.py
    "errors": (set(), set()),
    "modules": (set(), {"gc", "sys"}),
    "imap": ({"errors"}, _PURE),
    "mime": ({"errors"}, _PURE),
    "net": ({"errors", "modules", "imap", "mime"}, _PLAIN | {"network"}),
    "net.joining": ({"errors"}, _PLAIN | {"_thread"}),
    "net.ntp": ({"errors", "net"}, _PLAIN | {"machine", "network", "socket"}),
    "net.transport": ({"errors", "modules"}, _PLAIN | {"tls"}),
    "net.contexts": (set(), {"tls"}),
    "net.dial": ({"errors"}, _PLAIN | {"socket"}),
    "mail": ({"errors", "modules", "imap", "mime", "net"}, _PLAIN),
    "app": ({"errors", "modules", "imap", "mime", "net", "mail"}, _PLAIN),
    "ui": ({"errors"}, _PLAIN | {"machine", "framebuf", "neopixel"}),
    "store": ({"errors", "modules"}, _PLAIN | {"esp32"}),
    "service": ({"errors", "modules", "imap", "mime", "net", "mail", "app", "store"}, _ANYTHING),
    "heap": ({"errors"}, _ANYTHING),
    "heart": ({"modules", "memory"}, _ANYTHING),
    "memory": (set(), _ANYTHING),
    "starting": ({"modules", "heart", "app"}, _ANYTHING),
    "accounts": _ROOT,
    "gadget": _ROOT,
    "settings": _ROOT,
}
_BOARD_FILES = {"boot.py", "main.py", "manifest.py"}
# Type checkers read these; on the board `if TYPE_CHECKING:` is compiled away.
_TYPING = {"typing", "typing_extensions", "collections", "_typeshed"}
_SIMULATOR = re.compile(r"simulat|\bshims?\b|postlamp_sim|tools[./]sim|boards/sim\b", re.I)


def imports(tree: ast.Module, module: str) -> Iterator[tuple[int, str]]:
    """Yield (line, full name) of everything a module imports, however it says so."""
    package = module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "__import__":
            is_constant = bool(node.args) and isinstance(node.args[0], ast.Constant)
            yield node.lineno, ast.literal_eval(node.args[0]) if is_constant else "__import__"


def violations(firmware: Path = FIRMWARE) -> list[str]:
    """Return one sentence for every import and every mention that the design forbids."""
    found = []
    for path in sorted(firmware.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(firmware).as_posix()
        for number, line in enumerate(text.splitlines(), 1):
            if _SIMULATOR.search(line):
                found.append(f"firmware/{where}:{number}: nothing here knows of the simulator")
        if where not in _BOARD_FILES:
            found += _forbidden(ast.parse(text), where)
    return found


def _forbidden(tree: ast.Module, where: str) -> Iterator[str]:
    module = where.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    # A package's own name stands for its __init__, from where relative imports start.
    is_package = where.endswith("/__init__.py")
    inside = module.removeprefix("postlamp").removeprefix(".")
    row = inside if inside in LAYERS else inside.split(".")[0]
    if row not in LAYERS or not module.startswith("postlamp"):
        yield f"firmware/{where}: no layer of this name in {Path(__file__).name}"
        return
    ours, theirs = LAYERS[row]
    for line, name in imports(tree, module + ".__init__" if is_package else module):
        top, _, rest = name.partition(".")
        part = rest.split(".")[0]
        if top == "postlamp":
            allowed = ours | {row.split(".")[0]}
            is_allowed = part in allowed or "*" in ours or part.startswith("__")
        else:
            is_allowed = top in theirs | _TYPING or "*" in theirs
        if not is_allowed:
            yield f"firmware/{where}:{line}: {row or 'postlamp'} must not import {name}"


def long_files(root: Path = ROOT) -> list[str]:
    """Return one sentence for every Python file that is too long to be one thing."""
    found = []
    for folder in ("firmware", "tools", "host_tests"):
        for path in sorted((root / folder).rglob("*.py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LINES_LIMIT:
                name = path.relative_to(root).as_posix()
                found.append(f"{name}: {lines} lines; {LINES_LIMIT} is the limit, split it")
    return found


if __name__ == "__main__":
    faults = violations() + long_files()
    print("\n".join(faults) or "layers: every import is allowed")
    sys.exit(bool(faults))
