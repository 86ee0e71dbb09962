"""`postlamp gallery`: a picture of every page and light, from what goes over the board's buses.

The simulated board runs gallery_device.py instead of its main.py; the panel's and the strip's
bytes are decoded as ever. What it shows comes from tools/scenes.py.
"""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from tools import build, scenes
from tools.sim.board import SimBoard
from tools.sim.panel import Panel
from tools.sim.strip import Colour

LANGUAGES = ("en", "ru")
STEPS = 80
STEP_MS = 50
_STEP_PIN, _SCENE_PIN = 2, 4  # nothing is wired to them
_DEVICE = Path(__file__).with_name("gallery_device.py")
_HEAP = "400k"  # it holds all scenes
_SHOWN_S = 60

_INK, _PAPER, _GROUND, _CAPTION = (150, 205, 255), (8, 10, 14), (28, 30, 36), (170, 174, 184)
_SCALE = 2  # dots to a pixel of the panel
_GAP = 8
_CAPTION_HEIGHT = 14
_RING, _DOT = 128, 9  # dots: the picture of the ring, and a pixel's radius
_TIME_WIDTH, _TIME_ROW = 2, 5  # dots of the band that shows the light over time
_DIM = 63  # what a wire carries at the default brightness of 25 %
_EYE = 2.2


@dataclass
class Picture:
    """What was seen of one scene."""

    name: str
    panel: bytes
    lights: list[list[Colour]]
    size: tuple[int, int]


@dataclass
class Gallery:
    """All pictures, language/scene by language/scene, and the scenes whose lines were cut.

    `problems` is what the panel's controller did not understand.
    """

    pictures: dict[str, Picture] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def take(**screen: Any) -> Gallery:
    """Let the board play every scene, and keep what is seen; `screen` is what is fitted else."""
    return asyncio.run(_take(screen))


async def _take(screen: dict[str, Any]) -> Gallery:
    names = [f"{language}/{name}" for language in LANGUAGES for name, _ in scenes.ALL]
    gallery = Gallery()
    lights: list[list[Colour]] = []
    description = build.board_description("SIM")
    fitted = description["screen"] = {**description["screen"], **screen}
    board = SimBoard(None, files=_files(description), heapsize=_HEAP)
    board.panel = Panel(fitted["width"], fitted["height"], fitted["driver"])

    def see(what: str) -> None:
        if what != "pin":
            return
        if board.pins.pop(_STEP_PIN, 0):
            lights.append(list(board.light))
        if board.pins.pop(_SCENE_PIN, 0):
            name = names[len(gallery.pictures)]
            size = board.panel.width, board.panel.height
            gallery.pictures[name] = Picture(name, board.panel.pixels(), lights.copy(), size)
            lights.clear()

    board.on_change.append(see)
    async with board:
        await board.wait_for(
            lambda b: len(gallery.pictures) == len(names) and "@end" in b.log,
            _SHOWN_S,
            "every scene is shown",
        )
    gallery.problems = board.panel.problems
    gallery.cut = [line.split()[1] for line in board.log if line.startswith("@cut ")]
    return gallery


def _files(description: dict[str, Any]) -> list[build.BoardFile]:
    """The board's own files, with another main.py and what is fitted else."""
    order: dict[str, Any] = {
        "languages": LANGUAGES,
        "scenes": scenes.ALL,
        "steps": STEPS,
        "step_ms": STEP_MS,
        "step_pin": _STEP_PIN,
        "scene_pin": _SCENE_PIN,
    }
    ours = {
        "main.py": _DEVICE.read_bytes(),
        "scenes.json": json.dumps(order).encode(),
        "board.json": json.dumps(description).encode(),
    }
    theirs = [file for file in build.deploy_set("SIM", is_short=False) if file.path not in ours]
    return theirs + [build.BoardFile(path, text, _DEVICE) for path, text in ours.items()]


def write(gallery: Gallery, folder: Path) -> list[Path]:
    """Write each picture, and for each language one sheet of the states and one of the causes."""
    for name, picture in gallery.pictures.items():
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        tile(picture).save(path)
    sheets = []
    for language in LANGUAGES:
        for title, chosen, is_lit in (
            ("states", scenes.STATES, True),
            ("causes", scenes.CAUSES, False),
        ):
            path = folder / f"{title}-{language}.png"
            shown = [gallery.pictures[f"{language}/{name}"] for name, _ in chosen]
            _save_sheet(shown, path, is_lit)
            sheets.append(path)
    return sheets


def write_small(gallery: Gallery, folder: Path) -> list[Path]:
    """Write a sheet of the states for each language, as a smaller panel shows them."""
    sheets = []
    for language in LANGUAGES:
        path = folder / f"small-{language}.png"
        shown = [gallery.pictures[f"{language}/{name}"] for name, _ in scenes.STATES]
        _save_sheet(shown, path, is_lit=False)
        sheets.append(path)
    return sheets


def names_on(sheet: Path) -> list[str]:
    """The scenes that a sheet shows."""
    with Image.open(sheet) as image:
        return str(image.info["Description"]).split()


def _save_sheet(pictures: list[Picture], path: Path, is_lit: bool) -> None:
    tiles = [tile(picture, is_lit) for picture in pictures]
    columns = 2 if is_lit else 3
    width, height = tiles[0].size
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (columns * width, rows * height), _GROUND)
    for at, picture in enumerate(tiles):
        sheet.paste(picture, (at % columns * width, at // columns * height))
    info = PngInfo()
    info.add_text("Description", " ".join(picture.name for picture in pictures))
    sheet.quantize(64).save(path, pnginfo=info, optimize=True)


def tile(picture: Picture, is_lit: bool = True) -> Image.Image:
    """One scene: its name, the panel and, if asked for, the ring and four seconds of its light."""
    panel = _panel(picture)
    width, height = panel.width + 2 * _GAP, panel.height
    if is_lit:
        width += _RING + STEPS * _TIME_WIDTH + 2 * _GAP
        height = max(height, _RING)
    image = Image.new("RGB", (width, height + _CAPTION_HEIGHT + 2 * _GAP), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.text((_GAP, _GAP // 2), picture.name, _CAPTION)
    top = _CAPTION_HEIGHT + _GAP
    image.paste(panel, (_GAP, top))
    if is_lit:
        left = panel.width + 2 * _GAP
        _draw_ring(draw, max(picture.lights, key=_brightness), left, top)
        _draw_time(draw, picture.lights, left + _RING + _GAP, top)
    return image


def _panel(picture: Picture) -> Image.Image:
    image = Image.new("RGB", picture.size)
    image.putdata([_INK if pixel else _PAPER for pixel in picture.panel])
    width, height = picture.size
    return image.resize((width * _SCALE, height * _SCALE), Image.Resampling.NEAREST)


def _brightness(light: list[Colour]) -> int:
    return sum(map(sum, light))


def _draw_ring(draw: ImageDraw.ImageDraw, light: list[Colour], left: int, top: int) -> None:
    """The ring at its brightest, the first pixel on top."""
    middle, radius = _RING / 2, _RING / 2 - _DOT - 2
    for number, colour in enumerate(light):
        angle = 2 * math.pi * number / len(light)
        x = left + middle + radius * math.sin(angle)
        y = top + middle - radius * math.cos(angle)
        box = (x - _DOT, y - _DOT, x + _DOT, y + _DOT)
        draw.ellipse(box, fill=_seen(colour), outline=(60, 62, 70))


def _draw_time(draw: ImageDraw.ImageDraw, lights: list[list[Colour]], left: int, top: int) -> None:
    """A row for each pixel, four seconds from left to right."""
    for step, light in enumerate(lights):
        for number, colour in enumerate(light):
            x, y = left + step * _TIME_WIDTH, top + number * _TIME_ROW
            draw.rectangle((x, y, x + _TIME_WIDTH - 1, y + _TIME_ROW - 2), _seen(colour))
    draw.text((left, top + _TIME_ROW * len(lights[0]) + 2), "0 s", _CAPTION)
    draw.text(
        (left + STEPS * _TIME_WIDTH - 18, top + _TIME_ROW * len(lights[0]) + 2), "4 s", _CAPTION
    )


def _seen(colour: Colour) -> Colour:
    """A colour of the wire as the eye has it, brought from 25 % to a picture's whole range."""
    red, green, blue = (round(255 * min(1.0, c / _DIM) ** (1 / _EYE)) for c in colour)
    return red, green, blue
