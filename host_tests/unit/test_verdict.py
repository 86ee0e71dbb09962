"""What a NO, BAD or BYE means to the owner: each code and each known sentence its cause."""

from postlamp.mail.verdict import is_final, refusal

CASES = (
    ("AUTHENTICATIONFAILED", "Authentication failed.", "password"),
    ("authenticationfailed", "", "password"),
    ("AUTHORIZATIONFAILED", "", "password"),
    ("EXPIRED", "Password expired", "password_expired"),
    ("PRIVACYREQUIRED", "Plaintext authentication disallowed", "privacy"),
    ("CONTACTADMIN", "Account is locked.", "contact_admin"),
    ("UNAVAILABLE", "Temporary authentication failure.", "unavailable"),
    ("", "Server Unavailable. 15", "unavailable"),
    ("LIMIT", "Maximum number of connections from user+IP exceeded", "throttled"),
    ("ALERT", "Too many simultaneous connections. (Failure)", "throttled"),
    ("", "Too many open connections", "throttled"),
    ("", "Request is throttled. Suggested Backoff Time: 92415 milliseconds", "throttled"),
    ("", "Basic authentication is disabled.", "sign_in"),
    ("ALERT", "Please log in via your web browser: https://… (Failure)", "sign_in"),
    ("ALERT", "Invalid credentials (Failure)", "password"),
    ("ALERT", "Your account is not enabled for IMAP use.", "alert"),
    ("", "User is authenticated but not connected.", "account"),
    ("NONEXISTENT", "No such mailbox", "mailbox_gone"),
    ("", "IMAP session state is inconsistent, please relogin.", "mailbox_gone"),
    ("BADCHARSET (US-ASCII)", "Unknown charset", "charset"),
    ("", "Login failed", "otherwise"),
    ("", "No such user", "otherwise"),
    ("SERVERBUG", "Internal error occurred. Refer to server log.", "unavailable"),
    ("CORRUPTION", "", "unavailable"),
    ("", "Internal error, sorry", "unavailable"),
    ("", "Temporary failure, your password was not looked at", "unavailable"),
    ("", "Mailbox is locked, try again later", "unavailable"),
    ("LIMIT", "Too many logins, try again later", "throttled"),
)


def test_every_code_and_sentence_has_its_cause():
    for code, text, cause in CASES:
        error = refusal(code, text, "otherwise")
        assert (error.cause, error.code, error.text) == (cause, code, text), text


def test_each_code_of_a_refused_login_has_a_cause_of_its_own():
    codes = "AUTHENTICATIONFAILED UNAVAILABLE EXPIRED PRIVACYREQUIRED CONTACTADMIN ALERT"
    causes = [refusal(code, "", "password").cause for code in codes.split()]
    assert len(set(causes)) == 6


def test_a_mailbox_that_was_never_there_has_not_gone():
    assert refusal("NONEXISTENT", "", "mailbox").cause == "mailbox"
    assert refusal("NONEXISTENT", "", "command").cause == "mailbox_gone"


def test_an_alert_at_the_end_of_a_connection_is_no_trouble_of_the_account():
    assert refusal("ALERT", "Going down for maintenance", "bye").cause == "bye"


def test_the_wait_that_a_server_suggests_is_kept_in_whole_seconds():
    for number, wait_s in (("92415", 93), ("0", 1), ("999", 1), ("1000", 2)):
        text = "Request is throttled. Suggested Backoff Time: " + number + " milliseconds"
        assert refusal("", text, "command").wait_s == wait_s, number


def test_a_wait_is_an_hour_at_the_most():
    for number, wait_s in (
        ("3598999", 3599),
        ("3599000", 3600),
        ("3600000", 3600),
        ("9" * 60, 3600),
    ):
        assert refusal("", "Backoff Time: " + number, "command").wait_s == wait_s, number


def test_what_is_no_number_of_milliseconds_is_no_wait():
    for text in ("", "Backoff Time:", "Backoff Time: soon", "Backoff Time: -5", "Backoff Time: ²"):
        assert refusal("", text, "command").wait_s == 0, text
    assert refusal("", "Server Unavailable. 15", "command").wait_s == 0


def test_a_suggested_wait_cut_anywhere_is_never_longer():
    text = "Request is throttled. Suggested Backoff Time: 92415 milliseconds"
    for end in range(len(text)):
        assert refusal("", text[:end], "command").wait_s <= 93


def test_only_a_certain_refusal_ends_the_search_for_a_mechanism():
    for code in ("AUTHENTICATIONFAILED", "expired now", "AUTHORIZATIONFAILED"):
        assert is_final(code)
    assert not is_final("") and not is_final("SERVERBUG now")
