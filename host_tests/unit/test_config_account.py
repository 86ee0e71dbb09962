"""Accounts of config.json: what no single key can say, and what is put right with a word."""

import json

from postlamp.errors import ConfigError
from postlamp.store import account as account_rules
from postlamp.store.config import parse
from raising import raises

ACCOUNT = {"host": "imap.example.org", "user": "anna@example.org", "password": "hunter2"}


def _account(**changes):
    account = dict(ACCOUNT)
    account.update(changes)
    return account


def _parse(*accounts):
    return parse(json.dumps({"accounts": accounts}).encode())["accounts"][0]


def _refused(account, where, *others):
    err = raises(ConfigError, _parse, account, *others)
    assert err.where == where, err.where
    assert "hunter2" not in str(err)
    return err.problem


def test_every_mechanism_can_be_asked_for():
    names = "auto SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN XOAUTH2 OAUTHBEARER ANONYMOUS"
    for name in names.split():
        assert _parse(_account(auth=name))["auth"] == name
    assert "PLAIN" in _refused(_account(auth="plain"), "accounts[0].auth")


def test_a_token_is_longer_than_a_password():
    token = "t" * 4096
    assert _parse(_account(password=token))["password"] == token
    assert "at most 4096" in _refused(_account(password=token + "t"), "accounts[0].password")


def test_a_pin_is_64_digits_with_or_without_colons():
    digits = "0123456789abcdef" * 4
    colons = ":".join([digits[at : at + 2] for at in range(0, 64, 2)])
    for pin in (digits, digits.upper(), colons):
        assert _parse(_account(trust="pin:" + pin))["trust"] == "pin:" + digits
    for trust in ("pin:", "pin:" + digits[1:], "pin:" + digits + "0", "pin:" + "g" * 64, "all"):
        assert "64 hexadecimal" in _refused(_account(trust=trust), "accounts[0].trust")


def test_a_pin_may_carry_the_label_that_openssl_puts_to_it():
    digits = "0123456789abcdef" * 4
    colons = ":".join([digits[at : at + 2] for at in range(0, 64, 2)]).upper()
    for label in ("sha256 Fingerprint=", "SHA256 Fingerprint="):
        for trust in ("pin:" + label + colons, label + colons):
            assert _parse(_account(trust=trust))["trust"] == "pin:" + digits
    for trust in ("SHA1 Fingerprint=" + colons, "pin:md5=" + colons, "pin:=" + digits[1:], digits):
        assert "64 hexadecimal" in _refused(_account(trust=trust), "accounts[0].trust")


def test_an_app_password_of_gmail_is_joined_and_that_is_told():
    told = []
    account_rules.print = told.append
    try:
        for host in ("imap.gmail.com", "IMAP.googlemail.com"):
            for password in ("abcd efgh ijkl mnop", "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"):
                config = _parse(_account(host=host, password=password))
                assert config["password"] == "abcdefghijklmnop"
    finally:
        delattr(account_rules, "print")
    assert len(told) == 4
    assert "accounts[0].password" in told[0] and "abcd" not in told[0]


def test_other_passwords_keep_their_spaces():
    for host, password in (
        ("imap.example.org", "abcd efgh ijkl mnop"),
        ("imap.gmail.com", "abcd efgh ijkl mno"),
        ("imap.gmail.com", "abcd efgh ijkl mnopq"),
    ):
        config = _parse(_account(host=host, password=password))
        assert config["password"] == password


def test_the_port_follows_tls():
    for tls, port in (("implicit", 993), ("starttls", 143), ("none", 143)):
        assert _parse(_account(tls=tls))["port"] == port


def test_a_host_is_a_name_alone():
    for host in ("imaps://imap.example.org", "imap.example.org:993", "a b", "me:hunter2@host"):
        assert "name alone" in _refused(_account(host=host), "accounts[0].host")


def test_a_search_may_hold_any_letters():
    search = 'FROM "Анна"'
    assert _parse(_account(search=search))["search"] == search


def test_two_accounts_need_two_names():
    problem = _refused(ACCOUNT, "accounts[1].name", ACCOUNT)
    assert "used twice" in problem


def test_one_to_eight_mailboxes_are_watched():
    names = ["INBOX"] + ["list " + str(number) for number in range(7)]
    assert _parse(_account(mailboxes=names))["mailboxes"] == names
    problem = _refused(_account(mailboxes=names + ["one more"]), "accounts[0].mailboxes")
    assert "1 to 8 entries, not 9" in problem


def test_a_mailbox_is_named_once_and_inbox_in_no_second_case():
    for names in (["Work", "Work"], ["inbox", "INBOX"], ["INBOX", "Inbox"]):
        problem = _refused(_account(mailboxes=names), "accounts[0].mailboxes[1]")
        assert "already" in problem
    names = ["Inbox", "work", "Work", "Inbox/Lists"]  # only the first is the same in any case
    assert _parse(_account(mailboxes=names))["mailboxes"] == ["INBOX"] + names[1:]


def test_of_several_mailboxes_only_the_unread_are_counted():
    for search in ("UNSEEN", "unseen  undeleted"):
        assert _parse(_account(mailboxes=["INBOX", "Work"], search=search))["search"] == search
    for search in ("FLAGGED", 'UNSEEN FROM "a"'):
        problem = _refused(
            _account(mailboxes=["INBOX", "Work"], search=search), "accounts[0].search"
        )
        assert "UNSEEN" in problem and "one account for each" in problem
        assert _parse(_account(mailboxes=["Work"], search=search))["search"] == search
