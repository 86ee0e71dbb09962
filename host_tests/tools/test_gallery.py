"""The gallery: every state and every cause has a picture, nothing on it is cut, and it is kept."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from postlamp.app import states
from snapshots import CAUSES
from tools import gallery, scenes
from tools.cli import main

SHEETS = Path(__file__).resolve().parents[2] / "boards" / "gallery"
GOLDEN = Path(__file__).with_name("golden")
ON_PURPOSE = "unread-long"  # its subject is too long, to see that this is noticed


@pytest.fixture(scope="module")
def taken() -> gallery.Gallery:
    return gallery.take()


def _names(shown: list[scenes.Scene]) -> set[str]:
    return {name for name, _ in shown}


def test_every_state_has_a_scene_and_every_scene_a_state():
    assert {facts["state"] for _, facts in scenes.STATES} == set(states.STATES)


def test_every_cause_has_a_scene_in_its_state():
    shown = {facts["cause"]: facts["state"] for _, facts in scenes.ALL if "cause" in facts}
    assert shown == {cause: states.state_of(cause) for cause in CAUSES}


def test_every_scene_has_a_picture_in_every_language(taken: gallery.Gallery):
    names = {f"{lang}/{name}" for lang in gallery.LANGUAGES for name in _names(scenes.ALL)}
    assert set(taken.pictures) == names
    for picture in taken.pictures.values():
        assert sum(picture.panel) > 100, picture.name
        assert len(picture.lights) == gallery.STEPS, picture.name
        assert any(any(pixel) for light in picture.lights for pixel in light), picture.name


def test_no_line_is_cut(taken: gallery.Gallery):
    assert taken.cut == [f"{language}/{ON_PURPOSE}" for language in gallery.LANGUAGES]


def test_no_two_scenes_look_alike(taken: gallery.Gallery):
    seen: dict[object, str] = {}
    for name, picture in taken.pictures.items():
        looks = (picture.panel, str(picture.lights))
        assert looks not in seen, f"{name} looks as {seen.get(looks)}"
        seen[looks] = name


def test_trouble_blinks_as_often_as_its_page_says(taken: gallery.Gallery):
    for name, blinks in (("not_sure", 1), ("needs_you", 2), ("refused", 3)):
        last = [any(light[-1]) for light in taken.pictures[f"en/{name}"].lights]
        rises = sum(now and not before for before, now in zip([False, *last], last, strict=False))
        assert rises == blinks, name


def test_the_command_writes_each_picture_and_the_sheets(
    taken: gallery.Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gallery, "take", lambda **screen: taken)
    result = CliRunner().invoke(main, ["gallery", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    for name in taken.pictures:
        assert (tmp_path / "new" / f"{name}.png").read_bytes()[:4] == b"\x89PNG", name
    assert f"{len(taken.pictures)} pictures" in result.output


def _pixels(taken: gallery.Gallery) -> dict[str, bytes]:
    return {name: picture.panel for name, picture in taken.pictures.items()}


def test_an_sh1106_shows_the_same_pictures(taken: gallery.Gallery):
    other = gallery.take(driver="sh1106")
    assert _pixels(other) == _pixels(taken)
    assert other.problems == taken.problems == []


def _text(taken: gallery.Gallery, language: str) -> str:
    """The states of a language in half blocks."""
    lines = []
    for name, _ in scenes.STATES:
        picture = taken.pictures[f"{language}/{name}"]
        width, height = picture.size
        lines.append(name)
        for top in range(0, height, 2):
            pairs = zip(
                picture.panel[top * width :][:width],
                picture.panel[(top + 1) * width :][:width],
                strict=True,
            )
            lines.append("".join(" ▀▄█"[a + 2 * b] for a, b in pairs).rstrip())
    return "\n".join(lines) + "\n"


def test_a_panel_of_32_lines_has_its_own_form():
    """GOLDEN=write writes the files anew: look at each of them before committing."""
    small = gallery.take(height=32)
    for language in gallery.LANGUAGES:
        path = GOLDEN / f"small-{language}.txt"
        if os.environ.get("GOLDEN") == "write":
            path.write_text(_text(small, language), encoding="utf-8")
        assert _text(small, language) == path.read_text(encoding="utf-8")
    assert not small.problems
    # beside 99+ there is room for 17 columns of a subject
    cut = {name.partition("/")[2] for name in small.cut}
    assert cut == {ON_PURPOSE, "unread-many"}


@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize(
    ("title", "shown"), [("states", scenes.STATES), ("causes", scenes.CAUSES)]
)
def test_the_kept_sheets_show_every_scene(title: str, shown: list[scenes.Scene], language: str):
    """`make gallery` draws them anew."""
    names = gallery.names_on(SHEETS / f"{title}-{language}.png")
    assert names == [f"{language}/{name}" for name, _ in shown]
    assert f"gallery/{title}-{language}.png" in (SHEETS.parent / "README.md").read_text("utf-8")
