"""Which mechanisms may be tried, and in what order."""

from postlamp.mail.choosing import candidates

ALL = frozenset(
    "IMAP4REV1 AUTH=LOGIN AUTH=PLAIN AUTH=CRAM-MD5 AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256 "
    "AUTH=XOAUTH2 AUTH=ANONYMOUS AUTH=NTLM".split()
)
BARE = frozenset(["IMAP4REV1"])
BANNED = frozenset(["LOGINDISABLED"])


def _settings(auth="auto", tls="implicit"):
    return {"auth": auth, "tls": tls}


def test_the_strongest_comes_first_and_the_login_command_last():
    names = "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN login".split()
    assert candidates(_settings(), ALL, "") == names
    assert candidates(_settings(tls="none"), ALL, "") == names
    assert candidates(_settings(), BARE, "") == ["login"]


def test_what_is_not_offered_is_not_tried():
    for name in "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN XOAUTH2 OAUTHBEARER ANONYMOUS".split():
        assert candidates(_settings(name), BARE, "") == []
    assert candidates(_settings("XOAUTH2"), ALL, "") == ["XOAUTH2"]


def test_login_asked_for_is_the_mechanism_or_else_the_command():
    assert candidates(_settings("LOGIN"), ALL, "") == ["LOGIN", "login"]
    assert candidates(_settings("LOGIN"), BARE, "") == ["login"]


def test_no_login_command_where_it_is_disabled():
    assert "login" not in candidates(_settings(), ALL | BANNED, "")
    assert candidates(_settings(), BARE | BANNED, "") == []
    assert candidates(_settings("LOGIN"), BARE | BANNED, "") == []


def test_no_password_in_plain_text_where_login_is_disabled():
    names = "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5".split()
    assert candidates(_settings(tls="none"), ALL | BANNED, "") == names
    assert candidates(_settings("PLAIN", "none"), ALL | BANNED, "") == []


def test_what_worked_last_comes_first_while_it_is_offered():
    for last in ("PLAIN", "login"):
        names = candidates(_settings(), ALL, last)
        assert names[0] == last and len(names) == 6
    assert candidates(_settings(), BARE, "PLAIN") == ["login"]
