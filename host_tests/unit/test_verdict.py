"""What a NO, BAD or BYE means to the owner: each code and each known sentence its cause."""

from postlamp.mail.verdict import is_final, refusal

CASES = (
    ("AUTHENTICATIONFAILED", "Authentication failed.", "password"),
    ("authenticationfailed", "", "password"),
    ("EXPIRED", "Password expired", "password"),
    ("PRIVACYREQUIRED", "Plaintext authentication disallowed", "login_disabled"),
    ("UNAVAILABLE", "Temporary authentication failure.", "throttled"),
    ("LIMIT", "Maximum number of connections from user+IP exceeded", "throttled"),
    ("ALERT", "Too many simultaneous connections. (Failure)", "throttled"),
    ("", "Too many open connections", "throttled"),
    ("", "Request is throttled. Suggested Backoff Time: 92415 milliseconds", "throttled"),
    ("", "Basic authentication is disabled.", "sign_in"),
    ("ALERT", "Please log in via your web browser: https://… (Failure)", "sign_in"),
    ("ALERT", "Invalid credentials (Failure)", "otherwise"),
    ("NONEXISTENT", "No such mailbox", "mailbox"),
    ("", "Login failed", "otherwise"),
    ("SERVERBUG", "", "otherwise"),
)


def test_every_code_and_sentence_has_its_cause():
    for code, text, cause in CASES:
        error = refusal(code, text, "otherwise")
        assert (error.cause, error.code, error.text) == (cause, code, text)


def test_only_a_certain_refusal_ends_the_search_for_a_mechanism():
    assert is_final("AUTHENTICATIONFAILED") and is_final("expired now")
    assert not is_final("") and not is_final("UNAVAILABLE")
