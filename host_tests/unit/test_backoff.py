"""When to try again: within a second at first, five minutes at most, hourly after refusals."""

from postlamp.errors import LinkError, ServerError
from postlamp.mail.backoff import delay_ms, judge
from postlamp.mail.watcher import Tries

NEEDS = "micropython"


def no_jitter(limit):
    return 0


def delays(policy, count, below=no_jitter):
    tries = Tries(below)
    return [delay_ms(tries, policy) for _ in range(count)]


def test_first_retry_within_a_second_then_doubling_to_five_minutes():
    assert delays("backoff", 4) == [500, 1000, 2000, 4000]
    assert max(delays("backoff", 30)) == 300000


def test_slow_begins_at_half_a_minute():
    assert delays("slow", 6) == [30000, 60000, 120000, 240000, 300000, 300000]


def test_third_refused_login_waits_an_hour():
    assert delays("hourly", 4) == [30000, 60000, 3600000, 3600000]


def test_refusals_are_counted_on_over_a_reboot_and_no_further_than_matters():
    tries = Tries(no_jitter)
    for refusals in (1, 2, 3, 3):
        delay_ms(tries, "hourly")
        assert tries.refusals == refusals
    for kept, expected_ms in ((1, 30000), (2, 3600000), (3, 3600000)):
        tries = Tries(no_jitter)
        tries.refusals = kept
        assert delay_ms(tries, "hourly") == expected_ms


def test_jitter_takes_at_most_a_quarter_away():
    assert delays("backoff", 3, lambda n: n - 1) == [375, 750, 1500]


def test_no_try_comes_sooner_than_the_server_asked():
    tries = Tries(lambda n: n - 1)
    assert delay_ms(tries, "slow", 93) == 93000
    assert delay_ms(tries, "backoff", 93) == 93000
    assert delay_ms(tries, "slow", 60) == 90000  # our own wait is longer by now
    assert delay_ms(Tries(no_jitter), "backoff", 3600) == 3600000
    for _ in range(3):
        delay_ms(tries, "hourly")
    assert delay_ms(tries, "hourly", 3601) == 3601000


def test_a_wait_that_was_asked_for_does_not_double():
    tries = Tries(no_jitter)
    assert [delay_ms(tries, "backoff", least_s) for least_s in (93, 0)] == [93000, 1000]


def ended(tries, lasted_s, cause="closed"):
    """A connection that counted, and ended so many seconds later: whether it is told, the wait."""
    tries.counts_since = 1000
    is_told = judge(tries, LinkError(cause), "backoff", 1000 + lasted_s)
    return is_told, tries.wait_ms, tries.retry_at - lasted_s - 1000


def test_success_starts_anew():
    tries = Tries(no_jitter)
    for _ in range(9):
        delay_ms(tries, "backoff")
    assert ended(tries, 0) == (True, 500, 1)
    assert tries.counts_since is None


def test_success_that_never_lasts_is_tried_for_less_and_less_often():
    tries = Tries(no_jitter)
    waits_ms = [ended(tries, 29)[1] for _ in range(12)]
    assert waits_ms[:4] == [500, 1000, 2000, 4000]
    assert max(waits_ms) == waits_ms[-1] == 300000
    assert ended(tries, 30)[1] == 500
    assert ended(tries, 29)[1] == 500


def test_only_the_end_of_what_was_good_for_long_is_not_worth_telling():
    for cause, is_quiet in (("closed", True), ("bye", True), ("silent", False), ("dns", False)):
        assert ended(Tries(no_jitter), 30, cause)[0] is not is_quiet
        assert ended(Tries(no_jitter), 29, cause)[0]
        assert judge(Tries(no_jitter), LinkError(cause), "backoff", 1030)


def test_what_asks_for_patience_is_remembered_and_nothing_else():
    tries = Tries(no_jitter)
    judge(tries, LinkError("dns"), "backoff", 1000)
    assert tries.refusal is None
    error = ServerError("throttled", "", "", 93)
    judge(tries, error, "slow", 1000)
    assert (tries.refusal, tries.asked_until, tries.retry_at) == (error, 1093, 1093)
    error = ServerError("password")
    judge(tries, error, "hourly", 1000)
    assert (tries.refusal, tries.asked_until) == (error, 1000)
