"""Pages of several accounts, of which one is in trouble."""

from postlamp.app import pages
from snapshots import Snapshot


class _Keys:
    def say(self, key, **values):
        return key


def _page(state, **changes):
    return pages.compose(Snapshot(state, **changes), _Keys())


def test_what_is_known_beside_one_in_trouble_is_told():
    accounts = [("work", 2), ("home", None)]
    assert _page("needs_you", cause="password", accounts=accounts)[4] == "work 2  home ?"
    assert _page("not_sure", cause="closed", accounts=accounts)[3] == "work 2  home ?"


def test_where_nothing_is_known_no_account_is_listed():
    accounts = [("work", None), ("home", None)]
    assert _page("needs_you", cause="password", accounts=accounts)[4] == ""
    assert "?" not in _page("not_sure", cause="closed", accounts=accounts)[3]
