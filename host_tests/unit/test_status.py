"""What may be shown: only what is proved and fresh, and trouble at the right moment."""

from postlamp.app.status import Status
from postlamp.errors import LinkError, ServerError, TrustError
from postlamp.mail.account import Account


class Clock:
    def __init__(self):
        self.now = 1000
        self.day = None

    def now_s(self):
        return self.now

    def local(self):
        return self.day


def ignore():
    """Nobody is told of changes here."""


def one_account():
    clock = Clock()
    account = Account("work", 60, ignore)
    status = Status(clock)
    status.watch([account])
    return clock, account, status


def state_at(status, clock, now):
    clock.now = now
    status.refresh()
    return status.state, status.cause, status.unseen


def test_starting_then_connecting_is_calm_for_three_minutes():
    clock = Clock()
    status = Status(clock)
    status.refresh()
    assert status.state == "starting"
    status.watch([Account("work", 60, ignore)])
    assert state_at(status, clock, 1179) == ("connecting", None, None)
    assert state_at(status, clock, 1180) == ("not_sure", "silent", None)


def test_the_cause_is_told_while_calm():
    clock, account, status = one_account()
    account.fail(LinkError("dns", "imap.example.org"), 1004)
    assert state_at(status, clock, 1001) == ("connecting", "dns", None)
    assert (status.retry_in_s, status.detail) == (3, "imap.example.org")
    assert status.link_trouble == "dns"


def test_a_proved_count_is_shown():
    clock, account, status = one_account()
    account.proved_count(0, 1000)
    assert state_at(status, clock, 1001) == ("nothing", None, 0)
    account.proved_count(3, 1001)
    assert state_at(status, clock, 1002) == ("unread", None, 3)
    assert status.age_s == 1
    assert status.accounts == [("work", 3)]


def test_ninety_seconds_without_a_link_is_not_sure():
    clock, account, status = one_account()
    account.proved_count(3, 1000)
    account.fail(LinkError("closed"), 1001)
    assert state_at(status, clock, 1089) == ("unread", "closed", 3)
    assert status.link_trouble == "closed"
    clock.day = (14, 1, 0, 23)
    assert state_at(status, clock, 1090) == ("not_sure", "closed", None)
    assert (status.last_unseen, status.clock, status.age_s) == (3, "14:01", 90)


def test_a_living_link_without_a_count_goes_stale_after_two_intervals():
    for unseen, interval in ((3, 60), (0, 300)):
        clock, account, status = one_account()
        account.proved_count(unseen, 1000)
        account.link_proven_at = 1000 + 2 * interval
        assert state_at(status, clock, 999 + 2 * interval)[2] == unseen
        assert state_at(status, clock, 1000 + 2 * interval) == ("not_sure", "silent", None)


def test_refusals_and_passwords_show_at_once():
    clock, account, status = one_account()
    account.proved_count(3, 1000)
    account.fail(TrustError("expired"), 1030)
    assert state_at(status, clock, 1001) == ("refused", "expired", None)
    account.fail(ServerError("password", "AUTHENTICATIONFAILED", "no"), 1030)
    assert state_at(status, clock, 1001) == ("needs_you", "password", None)
    assert (status.account, status.detail) == ("work", "no")
    account.proved_count(3, 1002)
    assert state_at(status, clock, 1002) == ("unread", None, 3)


def test_the_worst_of_several_accounts_decides():
    clock = Clock()
    accounts = [Account(name, 60, ignore) for name in ("a", "b", "c")]
    status = Status(clock)
    status.watch(accounts)
    for account in accounts:
        account.proved_count(1, 1000)
    assert state_at(status, clock, 1000) == ("unread", None, 3)
    accounts[0].reconnects, accounts[2].reconnects = 2, 1
    accounts[0].fail(LinkError("closed"), None)
    accounts[1].fail(TrustError("wrong_host"), None)
    accounts[2].fail(ServerError("password"), None)
    assert state_at(status, clock, 1000) == ("refused", "wrong_host", None)
    assert status.account == "b" and status.reconnects == 3


def test_beside_an_account_in_trouble_what_the_others_have_is_known():
    clock = Clock()
    work, home = Account("work", 60, ignore), Account("home", 60, ignore)
    status = Status(clock)
    status.watch([work, home])
    work.proved_count(2, 1000)
    home.proved_count(3, 1000)
    assert state_at(status, clock, 1000) == ("unread", None, 5)
    assert status.known == 5
    home.fail(ServerError("password"), None)
    assert state_at(status, clock, 1000) == ("needs_you", "password", None)
    assert (status.known, status.accounts) == (2, [("work", 2), ("home", None)])
    work.link_proven_at = 1001
    assert state_at(status, clock, 1090)[0] == "needs_you" and status.known == 2
    assert state_at(status, clock, 1091)[0] == "needs_you" and status.known == 0


def test_new_mail_is_new_for_ten_minutes():
    clock, account, status = one_account()
    account.proved_newest((7, "Anna", "Hello"), 1000)
    account.announce(1, 1000)
    for now in (1000, 1599):
        account.proved_count(1, now)
        assert state_at(status, clock, now) == ("new", None, 1)
    assert (status.sender, status.subject, status.newest_age_s) == ("Anna", "Hello", 599)
    account.proved_count(1, 1600)
    assert state_at(status, clock, 1600) == ("unread", None, 1)


def test_reaching_zero_is_celebrated_once():
    clock, account, status = one_account()
    account.proved_count(1, 1000)
    account.proved_count(0, 1001)
    assert state_at(status, clock, 1002)[0] == "reached_zero"
    assert state_at(status, clock, 1003)[0] == "nothing"
    account.proved_count(0, 1004)
    assert state_at(status, clock, 1004)[0] == "nothing"


def test_without_accounts_a_state_stays():
    status = Status(Clock())
    status.state = "not_set_up"
    status.refresh()
    assert status.state == "not_set_up"


def test_a_link_that_is_asked_seldom_has_longer_to_answer():
    for poll_s, grace_s in ((5, 90), (60, 90), (61, 91), (120, 150), (3600, 3630)):
        clock = Clock()
        account = Account("work", poll_s, ignore)
        status = Status(clock)
        status.watch([account])
        account.proved_count(0, 1000)
        account.count_proven_at = 1000 + grace_s
        assert state_at(status, clock, 999 + grace_s) == ("nothing", None, 0)
        assert state_at(status, clock, 1000 + grace_s) == ("not_sure", "silent", None)


def test_a_mail_that_waited_before_has_no_age():
    clock, account, status = one_account()
    account.proved_newest((7, "Anna", "Hello"), 0)
    account.proved_count(1, 1000)
    assert state_at(status, clock, 1005) == ("unread", None, 1)
    assert (status.sender, status.newest_age_s) == ("Anna", None)


def test_the_newest_of_several_accounts_is_the_one_that_came_last():
    clock = Clock()
    accounts = [Account(name, 60, ignore) for name in ("a", "b", "c")]
    status = Status(clock)
    status.watch(accounts)
    came = {"a": 0, "b": 1003, "c": 1001}
    for account in accounts:
        account.proved_newest((7, account.name, ""), came[account.name])
        account.proved_count(1, 1000)
    assert state_at(status, clock, 1005)[0] == "unread"
    assert (status.newest_account, status.sender, status.newest_age_s) == ("b", "b", 2)


def test_what_is_new_ends_with_its_count_or_its_time():
    _, account, _ = one_account()
    for count, since, fresh in ((2, 1000, 2), (0, 1000, 0), (2, None, 0)):
        account.announce(count, since)
        assert account.fresh_count(1599) == fresh
        assert (account.new_since is None) == (not fresh)
    account.announce(2, 1000)
    assert account.fresh_count(1600) == 0


def test_changes_are_told_once():
    told = []
    account = Account("work", 60, lambda: told.append(1))
    account.proved_count(2, 1)
    account.proved_count(2, 2)
    account.proved_newest((1, "a", "b"), 2)
    account.proved_newest((1, "a", "b"), 3)
    account.announce(1, 3)
    account.announce(1, 3)
    account.fail(LinkError("closed"), 4)
    account.proved_count(2, 5)
    assert len(told) == 5
