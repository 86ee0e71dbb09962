"""The files of the simulator's page against each other and against the firmware's states."""

from __future__ import annotations

import re
from pathlib import Path

from postlamp.app import states
from tools.sim import web

_PAGE = Path(web.__file__).with_name("page")


def _source(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def test_every_file_of_the_page_is_served() -> None:
    assert {file.name for file in _PAGE.iterdir()} == set(web.FILES)


def test_no_file_asks_for_anything_outside() -> None:
    for name in set(web.FILES) - {"icon.svg"}:  # whose name space is an address, never asked for
        assert not re.search(r"https?://|@import|url\(", _source(name)), name


def test_the_page_has_words_for_every_state() -> None:
    script = _source("page.js")
    table = script.partition("const WORDS = {")[2].partition("};")[0]
    assert set(re.findall(r"^  (\w+):", table, re.MULTILINE)) == set(states.STATES)


def test_the_script_finds_every_part_it_names() -> None:
    ids = set(re.findall(r' id="([\w-]+)"', _source("index.html")))
    named = re.findall(r'(?:at|setText)\("([\w-]+)"', _source("page.js"))
    assert set(named) <= ids
