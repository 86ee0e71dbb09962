"""The flow of `postlamp flash`: a board, its MicroPython, the firmware; written and read back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools import boardport, build, image
from tools.board_progress import Bar
from tools.boardport import BoardError
from tools.flasher import Esptool, Found


@dataclass(frozen=True)
class Wish:
    """What the user has asked for."""

    board: str | None
    port: str | None
    image: Path | None
    config: Path | None
    authority: Path | None
    erases: bool
    is_dry: bool
    baud: int
    has_stub: bool


@dataclass(frozen=True)
class Plan:
    """What is written, or would be."""

    board: str
    port: str
    found: Found
    source: image.Source
    parts: list[image.Part]


def boards_with(chip: str) -> list[str]:
    """The boards that have this chip."""
    names = sorted(path.parent.name for path in build.BOARDS.glob("*/board.json"))
    return [name for name in names if build.board_description(name)["chip"] == chip]


def flash(wish: Wish, bar: Bar) -> Plan:
    """Writes a board. Raises BoardError, ImageError, BuildError."""
    own = image.own_files(wish.config, wish.authority)
    if wish.board is not None:
        build.board_description(wish.board)  # a wrong name is told before anything else
    bar.step("Looking for the board")
    esptool = Esptool(boardport.chosen(wish.port), wish.baud, wish.has_stub)
    found = esptool.find(stays=not wish.is_dry)
    board = _board(wish.board, found, esptool.port)
    bar.step("Finding MicroPython")
    source = image.source(build.board_description(board), wish.image, bar.at)
    bar.step("Compiling the firmware")
    files = [*build.deploy_set(board), *own]
    plan = Plan(
        board, esptool.port, found, source, image.parts(source.image, files, found.flash_bytes)
    )
    if not wish.is_dry:
        bar.step("Writing and checking")
        esptool.write(found.chip, plan.parts, bar.at, erases=wish.erases)
    return plan


def _board(named: str | None, found: Found, port: str) -> str:
    """Which board it is, by its chip and what the user says."""
    fitting = boards_with(found.chip)
    names = ", ".join(fitting)
    if named is not None:
        if named not in fitting:
            chip = build.board_description(named)["chip"]
            others = f"Boards with that: {names}." if names else "Postlamp knows no board with it."
            raise BoardError(f"{named} has an {chip}, and at {port} is an {found.chip}. {others}")
        return named
    if not fitting:
        raise BoardError(
            f"At {port} is an {found.chip}, and Postlamp knows no board with it. "
            "boards/README.md says how to add one."
        )
    if len(fitting) > 1:
        raise BoardError(
            f"At {port} is an {found.chip}, and several boards have it: {names}. "
            "Name yours: --board NAME."
        )
    return fitting[0]
