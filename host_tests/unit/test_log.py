"""The last lines are kept in a ring of bytes, whole or not at all."""

from postlamp.app import log as log_module
from postlamp.app.log import Log


class FakeClock:
    def now_s(self):
        return 7


def _log():
    log_module.print = lambda *words: None
    return Log(FakeClock())


def test_a_line_has_level_time_area_and_words():
    log = _log()
    assert log.lines() == []
    log.log("W", "link", "gone")
    log.log("I", "work", "Пётр is well")
    assert log.lines() == ["W (7) link: gone", "I (7) work: Пётр is well"]


def test_a_line_of_200_letters_is_kept_and_a_longer_one_is_cut():
    log = _log()
    head = "I (7) a: "
    log.log("I", "a", "x" * (200 - len(head)))
    log.log("I", "a", "x" * (201 - len(head)))
    assert [len(line) for line in log.lines()] == [200, 200]


def test_the_oldest_lines_go_and_none_is_cut():
    log = _log()
    for number in range(500):
        log.log("I", "a", str(number) + "я")
        lines = log.lines()
        assert lines[-1] == "I (7) a: " + str(number) + "я"
        assert all(line.startswith("I (7) a: ") and line.endswith("я") for line in lines)
    size = len(("\n".join(lines) + "\n").encode())
    assert 512 - 20 <= size <= 512


def test_what_fills_the_ring_to_its_last_byte():
    for over in (0, 1):
        log = _log()
        for size in (199, 199):
            log.log("I", "a", "x" * (size - len("I (7) a: ")))
        log.log("I", "a", "x" * (111 + over - len("I (7) a: ")))  # 2 * 200 + 112
        assert len(log.lines()) == 2  # a full ring may begin with a cut line, so one is left out


def test_nothing_is_kept_once_the_memory_is_given_back():
    log = _log()
    log.log("I", "a", "b")
    log.forget()
    log.log("I", "a", "c")
    assert log.lines() == []


def test_a_ring_of_its_size_is_all_that_it_takes():
    log = _log()
    before = log._ring
    for _ in range(100):
        log.log("I", "a", "b" * 300)
    assert log._ring is before and len(before) == 512
