"""What may be shown: only what is proved and fresh, and trouble at the right moment."""

from postlamp.app.status import Status
from postlamp.errors import ConfigError, LinkError, ServerError, TrustError
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
    assert (status.last_unseen, status.last_seen_clock) == (3, "14:00")


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
    accounts[0].fail(LinkError("closed"), None)
    accounts[1].fail(TrustError("wrong_host"), None)
    accounts[2].fail(ServerError("password"), None)
    assert state_at(status, clock, 1000) == ("refused", "wrong_host", None)
    assert status.account == "b" and status.reconnects == 3


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


def test_a_configuration_error_stays_and_names_the_place():
    status = Status(Clock())
    status.fix("needs_you", ConfigError("accounts[0].host", "is missing"))
    status.refresh()
    assert (status.state, status.cause) == ("needs_you", "config")
    assert status.detail == "accounts[0].host: is missing"


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
