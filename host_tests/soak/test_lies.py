"""The soak can fail: each lie planted in the gadget is found, for what it is."""

import pytest

from host_tests.soak import run
from host_tests.support import micropython

pytestmark = pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())

_MAIL = ["100000 deliver 1", "300000 read 0"]
_DEAD = ["600000 fault halfopen dead", "1200000 mend"]
_REFUSED = ["600000 fault password bye", "3000000 mend", "3060000 press"]
_ENDS = [f"{900000 + 60000 * number} blip rst" for number in range(12)]
# What a first broken connection loads leaves its names behind: measured is what comes after it
_MEASURED = ["600000 blip rst", "800000 measure", *_ENDS, "3000000 measure"]
_PILE = ["0 esearch lies", "100000 deliver 80", "100000 read 1"]
_END = ["3600000 end"]


@pytest.mark.parametrize(
    ("lie", "plan", "found"),
    [
        ("never_recount", _MAIL, "nothing proved it"),
        ("count_one_more", [], "4 is shown, and nothing proved it"),
        ("never_doubt", _DEAD, "is shown, and"),
        ("give_up", _DEAD, "was announced"),
        ("insist", _REFUSED, "refused logins"),
        ("leak", _MEASURED, "bytes are in use"),
        ("lose_tasks", _MEASURED, "tasks live"),
        ("believe_the_server", _PILE, "83 is shown, and nothing proved it"),
        ("break_down", _MAIL, "planted"),
    ],
)
def test_a_planted_lie_is_found(lie: str, plan: list[str], found: str):
    assert not run.soak(1, 1, lines=plan + _END).violation
    outcome = run.soak(1, 1, lie=lie, lines=plan + _END)
    assert found in outcome.violation


def test_the_same_seed_lives_the_same_life():
    plan = [*_MAIL, *_DEAD, *_ENDS[4:], *_END]
    first, second = (run.soak(7, 1, lines=plan) for _ in range(2))
    assert first.tail == second.tail
    assert first.now_ms == second.now_ms == 3600000
    other = run.soak(8, 1, lines=plan)
    assert other.tail != first.tail


def test_firmware_that_spins_is_ended():
    outcome = run.soak(1, 1, lie="spin", lines=_END, silence_s=3)
    assert outcome.violation == "no line came for 3 s"


def test_a_plan_that_is_cut_off_is_no_good_end():
    assert "ended before" in run.soak(1, 1, lines=["1000 deliver 1"]).violation
