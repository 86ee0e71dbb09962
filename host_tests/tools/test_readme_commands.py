"""Every command that a newcomer reads of exists, with these options and make targets."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tools import build
from tools.cli import main

PAGES = [
    build.ROOT / "README.md",
    build.BOARDS / "README.md",
    *sorted(build.BOARDS.glob("*/board.md")),
]
# A command ends where the code, the line or the table's cell does.
_POSTLAMP = re.compile(r"(?:\.venv/bin/)?postlamp ([a-z]+)((?: [^`|\n]*)?)")
_MAKE = re.compile(r"\bmake ([a-z]+)(?: ARGS=\"([^\"]*)\")?(?=[`\s,;.])")
_CODE = re.compile(r"`([^`]+)`|^ {4,}(.+)$", re.MULTILINE)


def pieces(page: Path) -> list[str]:
    """All that stands as code on a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [one or other for one, other in _CODE.findall(text)]


def problems(words: str) -> list[str]:
    """What of a piece of code is not so."""
    targets = re.findall(r"^([a-z]+):", (build.ROOT / "Makefile").read_text(), re.MULTILINE)
    found = []
    commands = _POSTLAMP.findall(words)
    for target, arguments in _MAKE.findall(words + " "):
        if target not in targets:
            found.append(f"make {target}")
        elif target in main.commands:
            commands.append((target, f" {arguments}"))
    for name, rest in commands:
        command = main.commands.get(name)
        options = options_of(command) if command else set()
        found += [f"{name} {o}" for o in re.findall(r"--[a-z-]+", rest) if o not in options]
        found += [] if command else [name]
    return found


def options_of(command: click.Command) -> set[str]:
    """All its options, by every name."""
    return {"--help", *(name for parameter in command.params for name in parameter.opts)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_every_command_of_a_page_exists(page: Path):
    assert [problem for words in pieces(page) for problem in problems(words)] == []


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("postlamp flash --port x", []),
        ("postlamp flash --prot x", ["flash --prot"]),
        (".venv/bin/postlamp lit", ["lit"]),
        ('make flash ARGS="--erase --nothing"', ["flash --nothing"]),
        ("make nothing", ["make nothing"]),
    ],
)
def test_a_command_that_is_not_there_is_found(words: str, wrong: list[str]):
    assert problems(words) == wrong


def test_the_readme_has_the_commands_of_a_newcomer():
    code = " ".join(pieces(PAGES[0]))
    for words in ("make sim", "make flash", "make deploy", "postlamp boards", "postlamp image"):
        assert words in code
