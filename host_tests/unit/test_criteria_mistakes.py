"""SEARCH criteria as typed: what is said of every mistake, the limits, and random changes."""

import random

from criteria_typed import says, sent
from postlamp.errors import ConfigError
from postlamp.imap.criteria import check


def test_nothing():
    for text in ("", " ", "     "):
        says(text, 1, "nothing to search for; ALL finds every message")


def test_a_word_that_is_no_key():
    for wrong, right in (
        ("UNSEN", "UNSEEN"),
        ("unread", "UNSEEN"),
        ("FORM", "FROM"),
        ("SUBJCT", "SUBJECT"),
        ("\\Flagged", "FLAGGED"),
        ("UNDELTED", "UNDELETED"),
        ("XGM-RAW", "X-GM-RAW"),
        ("SINCEE", "SINCE"),
        ("SEEN,", "SEEN"),
    ):
        says("NEW " + wrong + " x", 5, "not a key; did you mean " + right + "?")
    for wrong in ("xyzzy", "KATZE", "жук", "X" * 300, "\\", ":", "x]"):
        says(wrong, 1, "not a key; keys are UNSEEN, FROM")
    says("SEEN and FLAGGED", 6, "leave AND out")


def test_parentheses():
    says("(", 1, "never closed")
    says("SEEN (NEW (OLD)", 6, "never closed")
    says("SEEN)", 5, "closes nothing")
    says("(SEEN))", 7, "closes nothing")
    says("()", 2, "( wants a key")
    says("(SEEN ( ))", 9, "( wants a key")


def test_quotes():
    says('FROM "boss', 6, "never ends")
    says('FROM "boss\\"', 6, "never ends")
    says('FROM "', 6, "never ends")
    says('"UNSEEN"', 1, "keys have no quotes")
    says('FROM "a" "b"', 10, "a text without a key")
    for quote in "'‘’“”„«":
        says("FROM " + quote + "boss", 6, "straight")


def test_backslashes():
    says('FROM "C:\\dir"', 9, "twice")
    says('FROM "x\\', 8, "twice")


def test_spaces_that_are_missing():
    for text, column in (
        ('FROM "a"b', 9),
        ('FROM a"b"', 7),
        ("FROM a(b)", 7),
        ('FROM"a"', 5),
        ("NOT(SEEN)", 4),
        ("(SEEN)NEW", 7),
        ('FROM "a"(SEEN)', 9),
        ("(SEEN)(NEW)", 7),
        ('FROM "a""b"', 9),
    ):
        says(text, column, "a space is missing")


def test_literals_cannot_be_typed():
    for literal in ("{5}", "{5+}", "{", "{x"):
        says("FROM " + literal, 6, "literal")
        says(literal, 1, "literal")
    assert sent("FROM a{5}") == 'FROM "a{5}"'


def test_control_characters():
    for control in ("\r", "\n", "\0", "\t", "\x1b", "\ud800", "\udfff"):
        says("SEEN " + control, 6, "control character")
        says('FROM "Ann' + control + '"', 10, "control character")
    assert sent("SEEN") == "SEEN"
    assert check('FROM "\ue000"') == ["FROM", "\ue000"]


def test_columns_count_letters_not_bytes():
    says('FROM "жжж" x', 12, "not a key")
    says('FROM "😀" (', 10, "never closed")


# --- limits ---


def test_the_length_limit():
    right = 'SUBJECT "' + "x" * 390 + '"'
    assert len(right) == 400
    assert sent(right) == right
    says('SUBJECT "' + "x" * 391 + '"', 401, "too long; at most 400 characters")
    says("SEEN" + " " * 397, 401, "too long")
    assert len(check('SUBJECT "' + "ж" * 390 + '"')[1]) == 390


def test_the_depth_limit():
    for opening, closing in (("(", ")"), ("NOT ", ""), ("OR SEEN ", ""), ("OR ", " NEW")):
        right = opening * 16 + "SEEN" + closing * 16
        assert sent(right) == right
        assert sent(opening * 16 + "SUBJECT x" + closing * 16)
        wrong = opening * 17 + "SEEN" + closing * 17
        says(wrong, len(opening) * 16 + 1, "too deep; at most 16")
    assert sent("(" * 8 + "NOT " * 8 + "1" + ")" * 8)
    says("(" * 9 + "NOT " * 8 + "SEEN" + ")" * 9, 38, "too deep")
    says("(" * 400, 17, "too deep")
    assert sent("NOT SEEN " * 40)
    assert sent("(SEEN) " * 40)


# --- whatever is typed ---

SEEDS = (
    'UNSEEN FROM "boss@example.org" NOT (OR SUBJECT "a \\" b" KEYWORD $x) 2,4:7 UID 1:*',
    'OR (SINCE 1-Feb-2026 LARGER 50000) HEADER List-Id "жук" YOUNGER 86400',
)
ODD = '()"\\{}*%:,-0129 ANDORXé😀ж²\r\n\0\ud800‘'


def test_every_cut_is_right_or_a_mistake_with_its_column():
    for seed in SEEDS:
        for end in range(len(seed)):
            _is_told(seed[:end])
            _is_told(seed[end:])


def test_random_changes_raise_nothing_else():
    random.seed(4)
    for _ in range(300):
        letters = list(SEEDS[random.randrange(2)])
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(len(letters))
            letters[at : at + random.randrange(3)] = [ODD[random.randrange(len(ODD))]]
        _is_told("".join(letters))


def test_what_is_sent_is_accepted_and_stays_as_it_is():
    for seed in SEEDS + ("( NOT seen )  subject 100%", "from é to x (or 1 2)"):
        pieces = check(seed)
        text = ""
        for index, piece in enumerate(pieces):
            if index % 2:
                piece = '"' + piece + '"'
            text += piece if piece[0] == ")" or not text else " " + piece
        assert check(text) == pieces


def _is_told(text):
    try:
        pieces = check(text)
    except ConfigError as error:
        column = int(error.where[len("column ") :])
        assert 1 <= column <= len(text) + 1, (text, error.where)
        assert error.problem and len(error.problem) < 120, error.problem
        return
    for index, piece in enumerate(pieces):
        assert piece and not any(c in piece for c in "\r\n\0"), text
        assert (len(piece.encode()) > len(piece)) == bool(index % 2), text
