"""The flow of `postlamp deploy`: what has changed goes on a board, and takes effect all at once.

tools/deploy_device.py tells how the switch works. Configuration, passwords and state stay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tools import boardport, build
from tools.board_progress import Bar
from tools.boardport import HALFWAY, BoardError
from tools.build import BoardFile
from tools.deploylink import Link, linked

_STAGE, _SWITCHED = "new.part", "new"
_INSTALLER = Path(__file__).with_name("deploy_device.py")
_BLOCK_BYTES = 4096  # a file takes whole ones, a folder two
_ROOM_BYTES = 32 * 1024  # to be left free
_CLEAR = """
import os
def clear(folder):
 for entry in os.ilistdir(folder):
  path = folder + "/" + entry[0]
  clear(path) if entry[1] == 0x4000 else os.remove(path)
 os.rmdir(folder)
for folder in ("new.part", "new.done"):
 if folder in os.listdir():
  clear(folder)
"""
_MAKE = """
import os
for folder in %r:
 try:
  os.mkdir(folder)
 except OSError as error:
  if error.errno != 17:
   raise
"""


@dataclass(frozen=True)
class Change:
    """What a deploy does, or would do."""

    board: str
    port: str
    written: list[BoardFile]
    removed: list[str]

    @property
    def size(self) -> int:
        """Bytes to be written."""
        return sum(len(file.content) for file in self.written)


def deploy(board: str | None, port: str | None, is_dry: bool, bar: Bar) -> Change:
    """Brings the firmware of a board up to this tree's. Raises BoardError, BuildError."""
    if board is not None:
        build.board_description(board)
    path = boardport.chosen(port)
    bar.step("Interrupting the board")
    with linked(path) as link:
        bar.step("Comparing")
        there = link.files()
        name = board or _named(link, there, path)
        free, version = link.facts()
        _check_version(name, version)
        bar.step("Compiling the firmware")
        change = _compare(name, path, build.deploy_set(name), there)
        if is_dry or not (change.written or change.removed):
            if not is_dry:
                link.run(_CLEAR)  # of an earlier try, for a version that is not wanted any more
            link.start("import machine\nmachine.reset()", "")
            return change
        _check_room(change, free)
        _stage(link, change, there, bar)
        _switch(link, path, bar)
    return change


def _named(link: Link, there: dict[str, str], port: str) -> str:
    """The board's own name."""
    if "board.json" not in there:
        raise BoardError(
            f"The board at {port} has MicroPython and no Postlamp. Flash it first (postlamp "
            "flash), or say which board it is: --board NAME."
        )
    return link.run('import json\nprint(json.load(open("board.json"))["board"])').strip()


def _check_version(board: str, version: tuple[int, ...]) -> None:
    image = build.board_description(board)["image"]
    minimum = image["minimum"] if image else "1.24.0"
    if version < tuple(int(number) for number in minimum.split(".")):
        words = ".".join(map(str, version))
        raise BoardError(
            f"The board has MicroPython {words} and Postlamp needs {minimum}: postlamp flash."
        )


def _compare(board: str, port: str, files: list[BoardFile], there: dict[str, str]) -> Change:
    wanted = {file.path for file in files}
    written = [file for file in files if there.get(file.path) != _sha256(file.content)]
    removed = sorted(path for path in there if _is_ours(path) and path not in wanted)
    return Change(board, port, written, removed)


def _is_ours(path: str) -> bool:
    """Whether a deploy may remove it: code and assets, nothing that the owner wrote."""
    is_staged = path.startswith((_STAGE, _SWITCHED + "/", "new.done"))
    return not is_staged and (path.endswith(".mpy") or path.startswith("assets/"))


def _check_room(change: Change, free: int) -> None:
    blocks = sum(-(-len(file.content) // _BLOCK_BYTES) for file in change.written)
    blocks += 2 * len(_folders(change.written))
    if free < blocks * _BLOCK_BYTES + _ROOM_BYTES:
        raise BoardError(
            f"There is no room beside the old version: {change.size // 1024} KiB have changed and "
            f"{free // 1024} KiB are free. postlamp flash replaces everything, settings too.",
        )


def _stage(link: Link, change: Change, there: dict[str, str], bar: Bar) -> None:
    """Lays the changed files out beside the old version; what an earlier try left is used."""
    files = [*change.written, *_own_files(change)]
    left = {path: there.get(f"{_STAGE}/{path}") for path in (file.path for file in files)}
    missing = [file for file in files if left[file.path] != _sha256(file.content)]
    if any(path.startswith(_STAGE) for path in there) and len(missing) == len(files):
        link.run(_CLEAR)  # of another version
    bar.step("Writing")
    try:
        link.run(_MAKE % (_folders(files),))
        _write(link, missing, bar)
        _check(link, files, bar)
    except BoardError as error:
        raise BoardError(
            f"{error} The old version is still whole and starts as before. Run the same command "
            "again: it goes on where it ended.",
            HALFWAY,
        ) from error


def _write(link: Link, files: list[BoardFile], bar: Bar) -> None:
    total, done = sum(len(file.content) for file in files), 0
    for file in files:
        before = done
        path = f"{_STAGE}/{file.path}"
        link.put(path, file.content, lambda at, _: bar.at(before + at, total))  # noqa: B023
        done += len(file.content)


def _check(link: Link, files: list[BoardFile], bar: Bar) -> None:
    """The board itself reads what was written; nothing else may be there."""
    bar.step("Checking")
    staged = link.files(_STAGE)
    wanted = {f"{_STAGE}/{file.path}": _sha256(file.content) for file in files}
    for path in sorted(set(staged) - set(wanted)):
        link.run(f"import os\nos.remove({path!r})")
    wrong = [path for path, digest in wanted.items() if staged.get(path) != digest]
    if wrong:
        link.run(_CLEAR)
        raise BoardError(f"{wrong[0]} was not written as it should be.")


def _switch(link: Link, port: str, bar: Bar) -> None:
    bar.step("Installing")
    code = f'import os\nos.rename("{_STAGE}", "{_SWITCHED}")\nimport new.install'
    try:
        is_done = link.start(code, "installed")
    except BoardError as error:
        raise BoardError(f"{error} {_UNSEEN.format(port=port)}", HALFWAY) from error
    if not is_done:
        raise BoardError(_UNSEEN.format(port=port), HALFWAY)


_UNSEEN = (
    "The new version is on the board at {port}, and it has not told that it is in place. Its next "
    "start does the rest: unplug it, plug it in again, and run the same command to be sure."
)


def _own_files(change: Change) -> list[BoardFile]:
    """What an update brings for itself."""
    gone = "".join(f"{path}\n" for path in change.removed).encode()
    return [
        BoardFile("install.mpy", build.compile_file(_INSTALLER, "install"), _INSTALLER),
        BoardFile("gone", gone, _INSTALLER),
    ]


def _folders(files: list[BoardFile]) -> list[str]:
    """All that these files need, each after the one that it is in."""
    found = {_STAGE}
    for file in files:
        path = f"{_STAGE}/{file.path}"
        found |= {path[:at] for at, letter in enumerate(path) if letter == "/"}
    return sorted(found)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
