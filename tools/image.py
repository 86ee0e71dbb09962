"""What a whole board gets: MicroPython and a file system with the firmware, each at its place.

Reads and builds; never touches a board.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import build, imagefile, imagefs, imagestore
from tools.build import BoardFile
from tools.imagefile import Image, ImageError
from tools.sim.runtime import NoRuntimeError, find_micropython

_CHECK = """
import sys
sys.path[:] = [sys.argv[1], ".frozen"]
from postlamp.errors import ConfigError
from postlamp.store.config import parse
with open(sys.argv[2], "rb") as stream:
    try:
        parse(stream.read(), sys.argv[3])
    except ConfigError as error:
        print(error)
"""


@dataclass(frozen=True)
class Part:
    """Bytes and the place in flash where they go."""

    name: str
    offset: int
    content: bytes


@dataclass(frozen=True)
class Source:
    """An image that was found: where, and what is known of it."""

    image: Image
    path: Path
    sha256: str
    is_new: bool


def source(
    description: dict[str, Any], file: Path | None, on_progress: Callable[[int, int], None]
) -> Source:
    """The image to write: `file`, or the one that the board's description names.

    Raises ImageError when it is missing, damaged, or for another chip than the board's.
    """
    if file is None:
        kept = imagestore.kept(description, on_progress)
        file, sha256, is_new = kept.path, kept.sha256, kept.is_new
    else:
        sha256, is_new = "", False
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ImageError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        image = imagefile.read(content)
    except ImageError as error:
        raise ImageError(f"{file}: {error}") from error
    if image.chip != description["chip"]:
        raise ImageError(
            f"{file} is for an {image.chip}, and {description['board']} has an "
            f"{description['chip']}. The right one is called {description['image']['name']}-….bin."
        )
    _check_age(file, image, description["image"]["minimum"])
    return Source(image, file, sha256, is_new)


def parts(image: Image, files: list[BoardFile], flash_bytes: int) -> list[Part]:
    """MicroPython and the file system. Raises ImageError when they do not fit."""
    place = image.file_system(flash_bytes)
    system = imagefs.file_system(files, place.size)
    return [
        Part("MicroPython", image.offset, image.content),
        Part("file system", place.offset, system),
    ]


def joined(parts: list[Part]) -> bytes:
    """All parts as one file, for the place of the first."""
    start = parts[0].offset
    whole = bytearray()
    for part in parts:
        whole += b"\xff" * (part.offset - start - len(whole)) + part.content
    return bytes(whole)


def own_files(config: Path | None, authority: Path | None) -> list[BoardFile]:
    """The owner's configuration and CA as files of a board. Raises ImageError."""
    found = []
    if config is not None:
        found.append(BoardFile("config.json", _read(config), config))
        _check_config(config)
    if authority is not None:
        found.append(BoardFile("ca.pem", _read(authority), authority))
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror}.") from error


def _check_config(path: Path) -> None:
    """Lets the board's own schema read it; without MicroPython here, it must be JSON at least."""
    try:
        program = find_micropython()
    except NoRuntimeError:
        try:
            json.loads(path.read_bytes())
        except ValueError as error:
            raise ImageError(f"{path} is no JSON: {error}") from error
        return
    command = [program, "-c", _CHECK, str(build.FIRMWARE), str(path), path.name]
    done = subprocess.run(command, capture_output=True, check=False)
    said = done.stdout.decode(errors="replace").strip()
    if said or done.returncode:
        raise ImageError(f"The board would not take this configuration: {said}")


def _check_age(file: Path, image: Image, minimum: str) -> None:
    try:
        found = [int(number) for number in image.version.lstrip("v").split("-")[0].split(".")]
    except ValueError:
        return  # a build of somebody's own, with a name of their own
    if found < [int(number) for number in minimum.split(".")]:
        raise ImageError(
            f"{file} is MicroPython {image.version}; Postlamp needs {minimum} or newer."
        )
