"""A link that is lost in the middle of anything leaves no module loaded: the next try needs it."""

from pathlib import Path

import pytest

from host_tests.support import micropython

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())
_DRIVER = Path(__file__).parent / "leftover_driver.py"
WAYS_TO_SIGN_IN = 3


def test_nothing_stays_loaded_wherever_the_link_is_lost() -> None:
    with micropython.started(_DRIVER) as process:
        said = process.communicate()[0]
    ends = [line.split() for line in said.splitlines()]
    assert [end[2] for end in ends].count("counted") == WAYS_TO_SIGN_IN, said
    assert [end for end in ends if end[3:] not in ([], ["postlamp.mime"])] == []
