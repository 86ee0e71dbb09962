"""When to try again: within a second at first, five minutes at most, hourly after refusals."""

from postlamp.mail.backoff import Backoff


def delays(policy, count, below=lambda n: 0):
    backoff = Backoff(below)
    return [backoff.failed_ms(policy) for _ in range(count)]


def test_first_retry_within_a_second_then_doubling_to_five_minutes():
    assert delays("backoff", 4) == [500, 1000, 2000, 4000]
    assert max(delays("backoff", 30)) == 300000


def test_slow_begins_at_half_a_minute():
    assert delays("slow", 6) == [30000, 60000, 120000, 240000, 300000, 300000]


def test_third_refused_login_waits_an_hour():
    assert delays("hourly", 4) == [30000, 60000, 3600000, 3600000]


def test_jitter_takes_at_most_a_quarter_away():
    assert delays("backoff", 3, lambda n: n - 1) == [375, 750, 1500]


def test_no_try_comes_sooner_than_the_server_asked():
    backoff = Backoff(lambda n: n - 1)
    assert backoff.failed_ms("slow", 93) == 93000
    assert backoff.failed_ms("backoff", 93) == 93000
    assert backoff.failed_ms("slow", 60) == 90000  # our own wait is longer by now
    assert Backoff(lambda n: 0).failed_ms("backoff", 3600) == 3600000


def test_a_wait_that_was_asked_for_does_not_double():
    backoff = Backoff(lambda n: 0)
    assert [backoff.failed_ms("backoff", least_s) for least_s in (93, 0)] == [93000, 1000]


def test_success_starts_anew():
    backoff = Backoff(lambda n: 0)
    for _ in range(5):
        backoff.failed_ms("hourly")
    backoff.succeeded()
    assert backoff.failed_ms("hourly") == 30000
    assert backoff.failed_ms("backoff") == 60000
    backoff.succeeded()
    assert backoff.failed_ms("backoff") == 500
