"""The gallery: every state and every cause has a picture, nothing on it is cut, and it is kept."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from postlamp.app import states
from snapshots import CAUSES
from tools import gallery, scenes
from tools.cli import main

SHEETS = Path(__file__).resolve().parents[2] / "boards" / "gallery"
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
    monkeypatch.setattr(gallery, "take", lambda: taken)
    result = CliRunner().invoke(main, ["gallery", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    for name in taken.pictures:
        assert (tmp_path / "new" / f"{name}.png").read_bytes()[:4] == b"\x89PNG", name
    assert f"{len(taken.pictures)} pictures" in result.output


@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize(
    ("title", "shown"), [("states", scenes.STATES), ("causes", scenes.CAUSES)]
)
def test_the_kept_sheets_show_every_scene(title: str, shown: list[scenes.Scene], language: str):
    """`make gallery` draws them anew."""
    names = gallery.names_on(SHEETS / f"{title}-{language}.png")
    assert names == [f"{language}/{name}" for name, _ in shown]
    assert f"gallery/{title}-{language}.png" in (SHEETS.parent / "README.md").read_text("utf-8")
