"""Every saved input, so that what was once found stays mended. `make fuzz` starts from these."""

from pathlib import Path

import pytest

from host_tests.fuzz.play import play
from host_tests.fuzz.targets import TARGETS
from host_tests.fuzz.vocabulary import WORDS

CORPUS = Path(__file__).with_name("corpus")
FILES = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


def test_every_target_has_seeds_and_words():
    assert {path.parent.name for path in FILES} == set(TARGETS) == set(WORDS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_saved_input_breaks_no_promise(path: Path):
    data = path.read_bytes()
    TARGETS[path.parent.name](data)
    if path.parent.name == "engine":
        assert play(data, [1]) == play(data)
