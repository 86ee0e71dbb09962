"""SEARCH criteria as typed: what is accepted and sent, and what is said of every mistake."""

import random

from postlamp.errors import ConfigError
from postlamp.imap.criteria import check
from raising import raises

ALONE = (
    "ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN"
    " UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN"
).split()
TEXTS = "BCC BODY CC FROM SUBJECT TEXT TO X-GM-RAW".split()
DATES = "BEFORE ON SENTBEFORE SENTON SENTSINCE SINCE".split()
SIZES = ("LARGER", "SMALLER")
AGES = ("OLDER", "YOUNGER")
KEYWORDS = ("KEYWORD", "UNKEYWORD")
TAKING = TEXTS + DATES + list(SIZES + AGES + KEYWORDS) + ["HEADER", "UID", "NOT", "OR"]


def _sent(text):
    pieces = check(text)
    assert len(pieces) == 1, pieces
    return pieces[0]


def _says(text, column, words):
    error = raises(ConfigError, check, text)
    assert error.where == f"column {column}", (text, error.where, error.problem)
    assert words in error.problem, (text, error.problem)


# --- every key ---


def test_keys_that_stand_alone():
    for key in ALONE:
        assert _sent(key) == key
        assert _sent(" " + key.lower() + "  ") == key
        _says(key + " x", len(key) + 2, "not a key")
        _says(key + ' "x"', len(key) + 2, "a text without a key")


def test_keys_that_take_a_text():
    for key in TEXTS:
        assert _sent(key + " boss@example.org") == key + ' "boss@example.org"'
        assert _sent(key.lower() + '  "two  words"') == key + ' "two  words"'
        assert _sent(key + ' ""') == key + ' ""'
        assert _sent(key + " UNSEEN") == key + ' "UNSEEN"'
        wanted = f'{key} wants a text, for example {key} "boss@example.org"'
        _says(key, len(key) + 1, wanted)
        _says("SEEN " + key + "  ", len(key) + 8, wanted)
        _says("(" + key + " )", len(key) + 3, wanted)
        _says(key + " (SEEN)", len(key) + 2, wanted)


def test_keys_that_take_a_date():
    for key in DATES:
        assert _sent(key + " 1-Feb-2026") == key + " 1-Feb-2026"
        assert _sent(key.lower() + ' "09-dEC-1999"') == key + " 09-Dec-1999"
        wanted = f"{key} wants a date, for example {key} 1-Feb-2026"
        _says(key, len(key) + 1, wanted)
        _says(key + " yesterday", len(key) + 2, wanted)
        _says(key + " (", len(key) + 2, wanted)


def test_keys_that_take_a_number():
    for key in SIZES + AGES:
        for number in ("1", "86400", "4294967295"):
            assert _sent(key.lower() + " " + number) == key + " " + number
        for bad in ("x", "-1", "1k", "1_0", "+1", "²", "4294967296", "9" * 99, '"5"', "(5)", "*"):
            _says(key + " " + bad, len(key) + 2, key + " wants ")
        _says(key, len(key) + 1, key + " wants ")
    for key in SIZES:
        assert _sent(key + " 0") == key + " 0"
    for key in AGES:
        _says(key + " 0", len(key) + 2, f"{key} wants seconds")
        _says(key + " 07", len(key) + 2, f"{key} wants seconds")


def test_keys_that_take_a_keyword():
    for key in KEYWORDS:
        assert _sent(key.lower() + " $Forwarded") == key + " $Forwarded"
        for bad in ("\\Seen", '"x"', "a%", "a*", "a]", "жук", "(x)"):
            _says(key + " " + bad, len(key) + 2, f"{key} wants a keyword, for example {key} $Forw")


def test_header_takes_a_field_and_a_text():
    assert _sent('header List-Id "my list"') == 'HEADER List-Id "my list"'
    assert _sent('HEADER "X-Spam" yes') == 'HEADER X-Spam "yes"'
    assert _sent('HEADER X ""') == 'HEADER X ""'
    wanted = 'HEADER wants a field and a text, for example HEADER List-Id "news"'
    _says("HEADER", 7, wanted)
    _says("HEADER Subject", 15, wanted)
    for bad in ("Subject:", '""', '"two words"', "Тема", "(", '"a\\"b"'):
        _says("HEADER " + bad + " x", 8, wanted)


def test_uid_takes_a_set():
    assert _sent("uid 5") == "UID 5"
    assert _sent("UID 4294967295,7:*") == "UID 4294967295,7:*"
    for bad in ("x", "0", "1:0", "1,,2", ",1", "1:", ":", "1:2:3", "4294967296", "01", "-1", "²"):
        _says("UID " + bad, 5, "UID wants numbers from 1 to 4294967295 or *, for example UID 2,4")
    _says("UID", 4, "UID wants")
    _says('UID "1"', 5, "UID wants")


def test_sets_of_message_numbers_stand_alone():
    for right in ("1:*", "*", "2,4:7", "*:1", "4294967295", "5,5,5"):
        assert _sent(right) == right
        assert _sent("NOT " + right + " SEEN") == "NOT " + right + " SEEN"
    for bad in ("0", "1:*:2", "2,", "4x", "1:4294967296", "*5", "1;2"):
        _says("SEEN " + bad, 6, "numbers from 1 to 4294967295")


def test_keys_nest():
    assert _sent("not seen") == "NOT SEEN"
    assert _sent("OR SEEN NOT FLAGGED") == "OR SEEN NOT FLAGGED"
    assert _sent("or or 1 2 or 3 4") == "OR OR 1 2 OR 3 4"
    assert _sent("( SEEN  (FLAGGED) )") == "(SEEN (FLAGGED))"
    text = 'NOT (OR (FROM "a" TO b) NOT 5 UID 1) DRAFT'
    assert _sent(text) == text.replace(" b", ' "b"')
    _says("NOT", 4, "NOT wants a key, for example NOT SEEN")
    _says("OR", 3, "OR wants two keys, for example OR SEEN FLAGGED")
    _says("OR SEEN", 8, "OR wants two keys")
    _says("OR SEEN NOT", 12, "NOT wants a key")
    _says("(OR SEEN) FLAGGED", 9, "OR wants two keys")
    _says("(NOT)", 5, "NOT wants a key")


def test_a_key_that_takes_something_never_stands_alone():
    for key in TAKING:
        for text in (key, "(" + key + ")", key + " )"):
            assert key + " wants " in raises(ConfigError, check, text).problem


# --- texts ---


def test_texts_are_quoted_again():
    assert _sent('SUBJECT "say \\"hi\\" \\\\o/"') == 'SUBJECT "say \\"hi\\" \\\\o/"'
    assert _sent("SUBJECT 100%") == 'SUBJECT "100%"'
    assert _sent("SUBJECT a\\b") == 'SUBJECT "a\\\\b"'
    assert _sent("FROM O'Neil") == 'FROM "O\'Neil"'
    assert _sent('SUBJECT ")"') == 'SUBJECT ")"'
    assert _sent('(SUBJECT "(" SEEN)') == '(SUBJECT "(" SEEN)'
    assert _sent("SUBJECT [list] SEEN") == 'SUBJECT "[list]" SEEN'


def test_other_letters_become_literals():
    assert check("FROM Жанна") == ["FROM", "Жанна"]
    assert check('from "Zoë" unseen') == ["FROM", "Zoë", "UNSEEN"]
    assert check('(or subject "é" to x) SEEN') == ["(OR SUBJECT", "é", 'TO "x") SEEN']
    assert check('NOT (FROM "a \\" é") 1:*') == ["NOT (FROM", 'a " é', ") 1:*"]
    assert check("FROM é TO ü") == ["FROM", "é", "TO", "ü"]
    assert check('X-GM-RAW "метка:дом"') == ["X-GM-RAW", "метка:дом"]
    assert check("SUBJECT 😀") == ["SUBJECT", "😀"]


# --- dates ---


def test_only_days_that_exist():
    for right in ("29-Feb-2024", "29-Feb-2000", "28-Feb-2026", "31-Dec-9999", "30-Jun-1000"):
        assert _sent("ON " + right) == "ON " + right
    for bad in (
        "0-Jan-2026 00-Jan-2026 32-Jan-2026 29-Feb-2026 29-Feb-1900 30-Feb-2024 31-Apr-2026"
        " 31-Jun-2026 31-Sep-2026 31-Nov-2026 1-Feb-26 1-Feb-0999 1-Feb-20266 001-Feb-2026"
        " 1-2-2026 1-Febr-2026 1-Fe-2026 1-31M-2026 1-n31-2026 1-Feb-202x x-Feb-2026 1-Feb 1--2026"
        " 2026-02-01 1.Feb.2026 -Feb-2026 1-Feb- 1-Feb-2026-1 -- - ²-Feb-2026 1-Мая-2026"
    ).split():
        _says("ON " + bad, 4, "a date, for example ON 1-Feb-2026")
        _says('ON "' + bad + '"', 4, "a date, for example ON 1-Feb-2026")
    _says('ON " 1-Feb-2026"', 4, "a date")
    _says('ON ""', 4, "a date")


def test_every_month_has_its_days():
    lasts = "31-Jan 28-Feb 31-Mar 30-Apr 31-May 30-Jun 31-Jul 31-Aug 30-Sep 31-Oct 30-Nov 31-Dec"
    for last in lasts.split():
        assert _sent("ON " + last.upper() + "-2026") == "ON " + last + "-2026"
        _says(f"ON {int(last[:2]) + 1}{last[2:]}-2026", 4, "a date")


# --- mistakes ---


def test_nothing():
    for text in ("", " ", "     "):
        _says(text, 1, "nothing to search for; ALL finds every message")


def test_a_word_that_is_no_key():
    for wrong, right in (
        ("UNSEN", "UNSEEN"),
        ("unread", "UNSEEN"),
        ("FORM", "FROM"),
        ("SUBJCT", "SUBJECT"),
        ("\\Flagged", "FLAGGED"),
        ("UNDELTED", "UNDELETED"),
        ("XGM-RAW", "X-GM-RAW"),
        ("SINSE", "SINCE"),
        ("SEEN,", "SEEN"),
    ):
        _says("NEW " + wrong + " x", 5, "not a key; did you mean " + right + "?")
    for wrong in ("xyzzy", "KATZE", "жук", "X" * 300, "\\", ":", "x]"):
        _says(wrong, 1, "not a key; keys are UNSEEN, FROM")
    _says("SEEN and FLAGGED", 6, "leave AND out")


def test_parentheses():
    _says("(", 1, "never closed")
    _says("SEEN (NEW (OLD)", 6, "never closed")
    _says("SEEN)", 5, "closes nothing")
    _says("(SEEN))", 7, "closes nothing")
    _says("()", 2, "( wants a key")
    _says("(SEEN ( ))", 9, "( wants a key")


def test_quotes():
    _says('FROM "boss', 6, "never ends")
    _says('FROM "boss\\"', 6, "never ends")
    _says('FROM "', 6, "never ends")
    _says('"UNSEEN"', 1, "keys without quotes")
    _says('FROM "a" "b"', 10, "a text without a key")
    for quote in "'‘’“”„«":
        _says("FROM " + quote + "boss", 6, "straight")


def test_backslashes():
    _says('FROM "C:\\dir"', 9, "twice")
    _says('FROM "x\\', 8, "twice")


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
        _says(text, column, "a space is missing")


def test_literals_cannot_be_typed():
    for literal in ("{5}", "{5+}", "{", "{x"):
        _says("FROM " + literal, 6, "literal")
        _says(literal, 1, "literal")
    assert _sent("FROM a{5}") == 'FROM "a{5}"'


def test_control_characters():
    for control in ("\r", "\n", "\0", "\t", "\x1b", "\ud800", "\udfff"):
        _says("SEEN " + control, 6, "control character")
        _says('FROM "Ann' + control + '"', 10, "control character")
    assert _sent("SEEN") == "SEEN"
    assert check('FROM "\ue000"') == ["FROM", "\ue000"]


def test_columns_count_letters_not_bytes():
    _says('FROM "жжж" x', 12, "not a key")
    _says('FROM "😀" (', 10, "never closed")


# --- limits ---


def test_the_length_limit():
    right = 'SUBJECT "' + "x" * 390 + '"'
    assert len(right) == 400
    assert _sent(right) == right
    _says('SUBJECT "' + "x" * 391 + '"', 401, "too long; at most 400 characters")
    _says("SEEN" + " " * 397, 401, "too long")
    assert len(check('SUBJECT "' + "ж" * 390 + '"')[1]) == 390


def test_the_depth_limit():
    for opening, closing in (("(", ")"), ("NOT ", ""), ("OR SEEN ", ""), ("OR ", " NEW")):
        right = opening * 16 + "SEEN" + closing * 16
        assert _sent(right) == right
        assert _sent(opening * 16 + "SUBJECT x" + closing * 16)
        wrong = opening * 17 + "SEEN" + closing * 17
        _says(wrong, len(opening) * 16 + 1, "too deep; at most 16")
    assert _sent("(" * 8 + "NOT " * 8 + "1" + ")" * 8)
    _says("(" * 9 + "NOT " * 8 + "SEEN" + ")" * 9, 38, "too deep")
    _says("(" * 400, 17, "too deep")
    assert _sent("NOT SEEN " * 40)
    assert _sent("(SEEN) " * 40)


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
