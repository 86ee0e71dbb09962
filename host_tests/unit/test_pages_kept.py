"""Pages made once: what they follow and tell of the past; their modules are given back."""

import sys

from postlamp.app import pages
from snapshots import Snapshot


class _Keys:
    """Says the key, and what goes into it."""

    def say(self, key, **values):
        return key + "".join([" " + str(values[name]) for name in sorted(values)])


def test_a_page_of_trouble_is_not_kept_in_memory_while_connecting():
    for state in ("connecting", "not_sure", "needs_you"):
        status = Snapshot(state, cause="password", retry_in_s=None)
        first = pages.compose(status, _Keys())
        assert "postlamp.app.trouble" not in sys.modules
        assert pages.compose(status, _Keys()) is first
    pages.compose(Snapshot("not_sure", cause="dns", retry_in_s=20), _Keys())
    assert "postlamp.app.trouble" in sys.modules  # it changes every second
    pages.compose(Snapshot("nothing"), _Keys())
    assert "postlamp.app.trouble" not in sys.modules


def test_the_page_of_new_mail_follows_what_came_and_is_not_kept_in_memory():
    status = Snapshot("new", newest_age_s=0, sender="Ann", subject="One", new_count=1)
    first = pages.compose(status, _Keys())
    assert pages.compose(status, _Keys()) is first
    for name, fact in (
        ("sender", "Bob"),
        ("subject", "Two"),
        ("new_count", 2),
        ("newest_account", "home"),
        ("clock", "12:01"),
    ):
        setattr(status, name, fact)
        second = pages.compose(status, _Keys())
        assert second != first, name
        first = second
    assert "postlamp.app.fresh" not in sys.modules
    assert "postlamp.app.lines" not in sys.modules


def test_a_page_of_trouble_follows_what_is_wrong_and_the_clock():
    status = Snapshot("needs_you", cause="password")
    password = pages.compose(status, _Keys())
    status.cause = "mailbox"
    assert pages.compose(status, _Keys()) != password
    status = Snapshot("connecting")
    assert pages.compose(status, _Keys())[8] == "14:07"
    status.clock = "14:08"
    assert pages.compose(status, _Keys())[8] == "14:08"
    status = Snapshot("not_sure", cause="dns", retry_in_s=2)
    for retry_in_s, words in (
        (2, "retry age.s 2"),
        (1, "retry age.s 1"),
        (0, "retry.now"),
    ):
        status.retry_in_s = retry_in_s
        assert words in pages.compose(status, _Keys())


def test_a_time_of_day_is_not_told_of_another_day_nor_without_a_clock():
    for clock, age_s, told in (
        ("14:01", 90, "was.at 14:00 3"),
        ("00:10", 900, "was.at 23:55 3"),
        ("14:01", 86399, "was.at 14:02 3"),
        ("14:01", 86400, "was 3"),
        ("", 90, "was 3"),
        ("14:01", None, "was 3"),
    ):
        status = Snapshot("not_sure", cause="dns", last_unseen=3, clock=clock, age_s=age_s)
        assert pages.compose(status, _Keys())[2] == told
