"""The judge itself: what it lets pass, and each thing it does not, at its limit and one beyond."""

import pytest

from host_tests.soak.judge import Judge, ViolationError

_START = ["0 m 3 3", "50 c", "500 l", "600 p 3 580 3", "700 s unread - 3 0"]


def _judged(*lines: str) -> Judge:
    judge = Judge(heap_tolerance=512)
    for line in [*_START, *lines]:
        judge.feed(line)
    return judge


def _minutes(first: int, last: int, count: int) -> list[str]:
    """A cycle for each of these minutes, all well."""
    return [
        f"{minute * 60000 + number} {line}"
        for minute in range(first, last)
        for number, line in enumerate(("l", f"p {count} {minute * 60000} 3"))
    ]


def _refused(*lines: str) -> str:
    """Why the last of the lines is a violation; the others are none."""
    _judged(*lines[:-1])
    with pytest.raises(ViolationError) as caught:
        _judged(*lines)
    return str(caught.value)


def test_an_hour_without_a_fault_is_well():
    judge = _judged(*_minutes(1, 60, 3), "3600000 x")
    assert judge.life.is_over


def test_a_number_is_shown_no_longer_than_two_counts_prove_it():
    # 120 s, a step of 5 s, and one for rounding
    beats = [f"{at}000 l" for at in range(5, 126, 5)]
    said = _refused(*beats, "126600 e still", "126601 e too late")
    assert "3 is shown, and nothing proved it" in said


def test_a_number_is_shown_no_longer_than_the_server_is_heard():
    lines = ["1000 m 0 3", "1100 l", "1200 p 0 1150 3", "1300 s nothing - 0 0"]
    # 90 s, up to 5 s in which no sign of life was told, a step, and one for rounding
    said = _refused(*lines, "98100 e still", "98101 e too late")
    assert "the server said nothing" in said


def test_at_one_byte_a_second_a_count_is_shown_while_it_is_proved():
    lines = [*_minutes(1, 5, 3), "240010 f drip"]
    beats = [f"{at}000 l" for at in range(245, 366, 5)]
    # 120 s, a step of 5 s, and one for rounding
    said = _refused(*lines, *beats, "366001 e still", "366002 e too late")
    assert "3 is shown, and nothing proved it" in said
    dead = [*_minutes(1, 5, 3), "240010 f halfopen", *beats[:18], "332010 e still"]
    assert "of halfopen it shows unread" in _refused(*dead, "332011 e too late")


def test_a_number_that_was_never_true_is_a_lie():
    assert "9 is shown" in _refused("60000 s unread - 9 0", "60001 l")


def test_trouble_is_none_when_nothing_is_wrong():
    lines = [*_minutes(1, 5, 3), "240100 s not_sure silent None 0"]
    assert "nothing is wrong" in _refused(*lines, "240101 l")


@pytest.mark.parametrize(
    ("fault", "limit_ms"),
    [("kill", 92_000), ("halfopen", 92_000), ("dns", 96_000), ("password", 7_000)],
)
def test_a_fault_is_told_in_time(fault: str, limit_ms: int):
    began_ms = 300_000
    lines = [*_minutes(1, 6, 3), f"{began_ms} f {fault}"]
    at_ms = began_ms + limit_ms
    beats = [f"{at} l" for at in range(began_ms + 1000, at_ms, 5000)] + [f"{at_ms - 1} p 3 0 3"]
    said = _refused(*lines, *beats, f"{at_ms} e still", f"{at_ms + 1} e too late")
    assert f"of {fault} it shows unread" in said


def test_a_fault_is_told_as_what_it_is():
    lines = [*_minutes(1, 6, 3), "300000 f tls", "301000 s needs_you password None 0"]
    assert "of tls it shows needs_you" in _refused(*lines, "307001 l")


def _mended() -> list[str]:
    trouble = "301000 s not_sure refused None 0"
    return [*_minutes(1, 6, 3), "300000 f kill", trouble, "400000 g kill"]


def test_the_right_count_is_back_at_the_next_try():
    lines = [*_mended(), "500000 c", "500500 l", "501000 p 3 500900 3", "501100 s unread - 3 0"]
    judge = _judged(*lines, "501200 l", "507002 l")
    assert judge.report.longest_try == 1100
    assert "101.1 s" in "".join(judge.report.table())


def test_a_try_that_succeeds_late_is_found():
    said = _refused(*_mended(), "500000 c", "507000 e still", "507001 e too late")
    assert "tried anew at 500000 ms, and shows None" in said


def test_a_fault_that_is_never_got_over_is_found():
    limit_ms = 400_000 + 490_000 + 5_000 + 1_000
    said = _refused(*_mended(), f"{limit_ms} e still", f"{limit_ms + 1} e too late")
    assert "after kill it shows not_sure None" in said


def test_a_try_that_was_announced_has_to_come():
    lines = [*_minutes(1, 5, 3), "240000 b rst", "240000 r 1000 closed", "243000 e still"]
    assert "announced for 241000 ms" in _refused(*lines, "243001 e too late")


def test_a_try_that_was_due_in_a_long_step_is_late_from_the_touch_that_shortens_it():
    lines = [*_minutes(1, 5, 3), "240000 f flaky", "241000 s not_sure silent None 0"]
    # 900 s after a touch the gadget looks at the clock once a minute, soon after one each second
    lines += ["1140000 r 60000 silent", "1250000 e still", "1250000 g flaky", "1252000 e still"]
    assert "announced for 1200000 ms" in _refused(*lines, "1252001 e too late")
    assert "announced for 1200000 ms" in _refused(*lines[:-3], "1261000 e still", "1261001 e late")


def test_the_first_try_comes_within_a_second():
    lines = [*_minutes(1, 5, 3), "240000 b rst"]
    assert _judged(*lines, "240000 r 1000 closed")
    assert _judged(*lines, "240000 r 2000 closed")
    assert "next try is only in 2001 ms" in _refused(*lines, "240000 r 2001 closed")


def test_a_connection_that_ended_is_no_trouble():
    lines = [*_minutes(1, 5, 3), "240000 b bye", "240500 c"]
    assert "an end by bye is shown as bye" in _refused(*lines, "240600 s not_sure bye None 0")


def test_a_dead_connection_is_found_in_90_seconds():
    lines = [*_minutes(1, 6, 3), "300000 b dead"]
    beats = [f"{at} p 3 0 3" for at in (320000, 392000)] + ["392000 l"]
    said = _refused(*lines, *beats, "392001 e too late")
    assert "there is no new connection" in said


def test_three_refused_logins_then_one_an_hour():
    lines = [*_minutes(1, 6, 3), "300000 f password", "301000 s needs_you password None 0"]
    three = ["301000 a", "340000 a", "400000 a"]
    assert "4 refused logins within 0 hours" in _refused(*lines, *three, "500000 a")
    assert _judged(*lines, *three, "3900000 a")
    assert _judged(*lines, *three, "499000 e press", "500000 a")


def test_what_is_called_new_has_come():
    lines = ["60000 l", "60001 p 3 60000 3", "61000 m 4 4", "61101 p 4 61000 4"]
    assert _judged(*lines, "61200 s new - 4 1")
    assert "2 are called new, and 1 came" in _refused(*lines, "61200 s new - 4 2")


def test_what_came_behind_the_list_of_a_search_is_new_at_the_next_one():
    lines = ["60000 l", "61000 m 4 4", "61001 p 3 61000 3", "61002 s unread - 3 0"]
    assert _judged(*lines, "61200 p 4 61100 4", "61201 s new - 4 1")


def test_heap_and_tasks_stay_what_they_were_after_a_day():
    quiet = [*_minutes(1, 5, 3), "240001 h 100000 50000 9000 8 10 10"]
    assert _judged(*quiet, "240002 h 100512 50000 9000 8 10 10")
    assert "bytes are in use" in _refused(*quiet, "240002 h 100513 50000 9000 8 10 10")
    assert "9 tasks live" in _refused(*quiet, "240002 h 100000 50000 9000 9 10 10")
    assert "7 tasks live" in _refused(*quiet, "240002 h 100000 50000 9000 7 10 10")
    assert "a task was lost" in _refused("60000 l", "60001 h 100000 50000 9000 8 10 120001")


def test_an_unexpected_error_is_a_violation_with_its_traceback():
    lines = ["E (1) watcher: ValueError()", "Traceback (most recent call last):", "  planted"]
    assert "E (1) watcher" in _refused(*lines, "1000 l")


def test_what_the_firmware_logs_and_tells_is_no_violation():
    assert _judged("W (1) clock: OSError(116,)", '@status {"state": "unread"}', "1000 l")


def test_the_count_is_right_at_the_end():
    assert "at the end it shows 3, and 4 it is" in _refused("1000 m 4 4", "1001 x")
