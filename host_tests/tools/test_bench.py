"""The bench: its clients take what its server sends, its search for a limit ends at it."""

import pytest

from tools.bench import answers, device, peers
from tools.bench.contenders import CONTENDERS, check
from tools.bench.figure import Figure
from tools.bench.flat import bisect

AMOUNTS = [("search", 100), ("headers", 1000), ("literal", 70_000)]


@pytest.mark.parametrize("name", CONTENDERS)
@pytest.mark.parametrize(("kind", "amount"), AMOUNTS)
def test_each_client_takes_each_answer(name, kind, amount):
    with answers.serving() as server:
        assert len(peers.run(name, server.port, kind, amount, 2)) == 2


@pytest.mark.parametrize("name", CONTENDERS)
def test_memory_of_each_client_is_its_buffers_at_least(name):
    with answers.serving() as server:
        assert peers.run(name, server.port, "search", 10, 0) > 1024


@pytest.mark.parametrize("kind", ["search", "headers", "literal"])
def test_wrong_answer_is_not_measured(kind):
    with pytest.raises(RuntimeError, match="wrong answer"):
        check(kind, 3, (3, 2))


@pytest.mark.parametrize(("kind", "amount"), AMOUNTS)
def test_device_takes_and_drops_each_answer(kind, amount):
    with device.firmware_folder() as folder, answers.serving() as server:
        is_good, said = device.take(folder, server.port, kind, amount, 3, 0)
        assert is_good, said
        assert len(said.split()) == 2


def test_heap_too_small_is_told_as_such():
    with device.firmware_folder() as folder, answers.serving() as server:
        is_good, said = device.take(folder, server.port, "search", 1, 1, 0, heap_bytes=20_000)
        assert not is_good
        assert "memory" in said.lower()


@pytest.mark.parametrize("least", [1, 255, 256, 257, 999, 1024, 1025, 5000, 65536])
def test_bisection_ends_at_the_smallest_size_that_works(least):
    found = bisect(lambda size: size >= least, 1024, 16)
    assert least <= found < least + 16


def test_bisection_gives_up_when_nothing_works():
    with pytest.raises(RuntimeError):
        bisect(lambda size: False, 1024, 16)


def test_figure_over_its_budget_says_so():
    assert [Figure("n", value, "x", 2).verdict for value in (2, 2.01)] == ["within", "OVER"]
    assert "OVER" in Figure("n", 3, "x", 2).line()
    assert Figure("n", 3, "x").verdict == "-"
