"""The plan: the same for a seed, each fault on the first day, nights in peace."""

from host_tests.soak import plan
from host_tests.soak.faults import BLIPS, FAULTS

_DAYS = 60


def _split(seed: int, days: int = _DAYS) -> list[tuple[int, list[str]]]:
    lines = [line.split() for line in plan.lines(seed, days)]
    return [(int(words[0]), words[1:]) for words in lines]


def test_a_seed_draws_one_plan():
    assert plan.lines(5, 9) == plan.lines(5, 9)
    assert plan.lines(5, 9) != plan.lines(6, 9)


def test_fewer_days_are_the_beginning_of_more():
    assert plan.lines(5, 3)[:-1] == plan.lines(5, 9)[: len(plan.lines(5, 3)) - 1]


def test_the_first_day_has_every_fault_and_every_blip():
    first = [words for at_ms, words in _split(1, 1)]
    assert {words[1] for words in first if words[0] == "fault"} == set(FAULTS)
    assert {words[1] for words in first if words[0] == "blip"} >= set(BLIPS)


def _offers(seed: int) -> list[str]:
    """What servers say of ESEARCH by day, the first of them and what it becomes first."""
    told = [
        words[-1] if words[0] == "esearch" else words[3]
        for at_ms, words in _split(seed)
        if words[0] in ("esearch", "server") and at_ms % plan.DAY_MS < plan.DAY_MS - 10_800_000
    ]
    return [offer for number, offer in enumerate(told) if offer not in told[:number]]


def test_esearch_is_offered_truly_or_not_from_the_start():
    """And where truly, servers lie later: once the gadget was lied to it asks no more."""
    plans = [_offers(seed) for seed in range(40)]
    assert {offers[0] for offers in plans} == {"yes", "lies", "no"}
    assert {offers[1] for offers in plans if offers[0] == "yes"} == {"lies", "no"}


def test_one_fault_at_a_time_each_mended_before_the_next():
    for seed in range(5):
        turns = [words[0] for _, words in _split(seed) if words[0] in ("fault", "mend")]
        assert turns == ["fault", "mend"] * (len(turns) // 2)
        assert len(turns) > 2 * len(FAULTS)


def test_a_fault_has_time_to_be_got_over():
    """Before anything else goes wrong, or the night begins."""
    for seed in range(20):
        wrong = ("fault", "blip", "server", "remake")
        mended_ms = longest_ms = 0
        for at_ms, words in _split(seed):
            if words[0] in wrong and mended_ms:
                assert at_ms - mended_ms > longest_ms, (seed, at_ms, words)
            if words[0] == "fault":
                pauses_by_hand = at_ms < plan.DAY_MS
                longest_ms = 0 if pauses_by_hand else FAULTS[words[1]].retry_s * 1000
            elif words[0] == "mend":
                mended_ms = at_ms


def test_nights_are_the_same():
    for day in range(1, 5):
        night = [
            (at_ms - day * plan.DAY_MS, words)
            for at_ms, words in _split(3)
            if -3 * 3_600_000 <= at_ms - day * plan.DAY_MS < 0
        ]
        assert [words[0] for _, words in night] == ["server", "read", "measure"]
        assert [at_ms for at_ms, _ in night] == [-10_800_000, -10_500_000, -1_800_000]


def test_lines_are_in_order():
    times = [at_ms for at_ms, _ in _split(4)]
    assert times == sorted(times)
    assert times[-1] == _DAYS * plan.DAY_MS
