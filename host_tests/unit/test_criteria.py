"""SEARCH criteria as typed: every key with what it takes, as it is sent and as it is refused."""

from criteria_typed import says, sent
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


# --- every key ---


def test_keys_that_stand_alone():
    for key in ALONE:
        assert sent(key) == key
        assert sent(" " + key.lower() + "  ") == key
        says(key + " x", len(key) + 2, "not a key")
        says(key + ' "x"', len(key) + 2, "a text without a key")


def test_keys_that_take_a_text():
    for key in TEXTS:
        assert sent(key + " boss@example.org") == key + ' "boss@example.org"'
        assert sent(key.lower() + '  "two  words"') == key + ' "two  words"'
        assert sent(key + ' ""') == key + ' ""'
        assert sent(key + " UNSEEN") == key + ' "UNSEEN"'
        wanted = f'{key} wants a text, for example {key} "boss@example.org"'
        says(key, len(key) + 1, wanted)
        says("SEEN " + key + "  ", len(key) + 8, wanted)
        says("(" + key + " )", len(key) + 3, wanted)
        says(key + " (SEEN)", len(key) + 2, wanted)


def test_keys_that_take_a_date():
    for key in DATES:
        assert sent(key + " 1-Feb-2026") == key + " 1-Feb-2026"
        assert sent(key.lower() + ' "09-dEC-1999"') == key + " 09-Dec-1999"
        wanted = f"{key} wants a date, for example {key} 1-Feb-2026"
        says(key, len(key) + 1, wanted)
        says(key + " yesterday", len(key) + 2, wanted)
        says(key + " (", len(key) + 2, wanted)


def test_keys_that_take_a_number():
    for key in SIZES + AGES:
        for number in ("1", "86400", "4294967295"):
            assert sent(key.lower() + " " + number) == key + " " + number
        for bad in ("x", "-1", "1k", "1_0", "+1", "²", "4294967296", "9" * 99, '"5"', "(5)", "*"):
            says(key + " " + bad, len(key) + 2, key + " wants ")
        says(key, len(key) + 1, key + " wants ")
    for key in SIZES:
        assert sent(key + " 0") == key + " 0"
    for key in AGES:
        says(key + " 0", len(key) + 2, f"{key} wants seconds")
        says(key + " 07", len(key) + 2, f"{key} wants seconds")


def test_keys_that_take_a_keyword():
    for key in KEYWORDS:
        assert sent(key.lower() + " $Forwarded") == key + " $Forwarded"
        for bad in ("\\Seen", '"x"', "a%", "a*", "a]", "жук", "(x)"):
            says(key + " " + bad, len(key) + 2, f"{key} wants a keyword, for example {key} $Forw")


def test_header_takes_a_field_and_a_text():
    assert sent('header List-Id "my list"') == 'HEADER List-Id "my list"'
    assert sent('HEADER "X-Spam" yes') == 'HEADER X-Spam "yes"'
    assert sent('HEADER X ""') == 'HEADER X ""'
    wanted = 'HEADER wants a field and a text, for example HEADER List-Id "news"'
    says("HEADER", 7, wanted)
    says("HEADER Subject", 15, wanted)
    for bad in ("Subject:", '""', '"two words"', "Тема", "(", '"a\\"b"'):
        says("HEADER " + bad + " x", 8, wanted)


def test_uid_takes_a_set():
    assert sent("uid 5") == "UID 5"
    assert sent("UID 4294967295,7:*") == "UID 4294967295,7:*"
    for bad in ("x", "0", "1:0", "1,,2", ",1", "1:", ":", "1:2:3", "4294967296", "01", "-1", "²"):
        says("UID " + bad, 5, "UID wants numbers from 1 to 4294967295 or *, for example UID 2,4")
    says("UID", 4, "UID wants")
    says('UID "1"', 5, "UID wants")


def test_sets_of_message_numbers_stand_alone():
    for right in ("1:*", "*", "2,4:7", "*:1", "4294967295", "5,5,5"):
        assert sent(right) == right
        assert sent("NOT " + right + " SEEN") == "NOT " + right + " SEEN"
    for bad in ("0", "1:*:2", "2,", "4x", "1:4294967296", "*5", "1;2"):
        says("SEEN " + bad, 6, "numbers from 1 to 4294967295")


def test_keys_nest():
    assert sent("not seen") == "NOT SEEN"
    assert sent("OR SEEN NOT FLAGGED") == "OR SEEN NOT FLAGGED"
    assert sent("or or 1 2 or 3 4") == "OR OR 1 2 OR 3 4"
    assert sent("( SEEN  (FLAGGED) )") == "(SEEN (FLAGGED))"
    text = 'NOT (OR (FROM "a" TO b) NOT 5 UID 1) DRAFT'
    assert sent(text) == text.replace(" b", ' "b"')
    says("NOT", 4, "NOT wants a key, for example NOT SEEN")
    says("OR", 3, "OR wants two keys, for example OR SEEN FLAGGED")
    says("OR SEEN", 8, "OR wants two keys")
    says("OR SEEN NOT", 12, "NOT wants a key")
    says("(OR SEEN) FLAGGED", 9, "OR wants two keys")
    says("(NOT)", 5, "NOT wants a key")


def test_a_key_that_takes_something_never_stands_alone():
    for key in TAKING:
        for text in (key, "(" + key + ")", key + " )"):
            assert key + " wants " in raises(ConfigError, check, text).problem


# --- texts ---


def test_texts_are_quoted_again():
    assert sent('SUBJECT "say \\"hi\\" \\\\o/"') == 'SUBJECT "say \\"hi\\" \\\\o/"'
    assert sent("SUBJECT 100%") == 'SUBJECT "100%"'
    assert sent("SUBJECT a\\b") == 'SUBJECT "a\\\\b"'
    assert sent("FROM O'Neil") == 'FROM "O\'Neil"'
    assert sent('SUBJECT ")"') == 'SUBJECT ")"'
    assert sent('(SUBJECT "(" SEEN)') == '(SUBJECT "(" SEEN)'
    assert sent("SUBJECT [list] SEEN") == 'SUBJECT "[list]" SEEN'


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
        assert sent("ON " + right) == "ON " + right
    for bad in (
        "0-Jan-2026 00-Jan-2026 32-Jan-2026 29-Feb-2026 29-Feb-1900 30-Feb-2024 31-Apr-2026"
        " 31-Jun-2026 31-Sep-2026 31-Nov-2026 1-Feb-26 1-Feb-0999 1-Feb-20266 001-Feb-2026"
        " 1-2-2026 1-Febr-2026 1-Fe-2026 1-31M-2026 1-n31-2026 1-Feb-202x x-Feb-2026 1-Feb 1--2026"
        " 2026-02-01 1.Feb.2026 -Feb-2026 1-Feb- 1-Feb-2026-1 -- - ²-Feb-2026 1-Мая-2026"
    ).split():
        says("ON " + bad, 4, "a date, for example ON 1-Feb-2026")
        says('ON "' + bad + '"', 4, "a date, for example ON 1-Feb-2026")
    says('ON " 1-Feb-2026"', 4, "a date")
    says('ON ""', 4, "a date")


def test_every_month_has_its_days():
    lasts = "31-Jan 28-Feb 31-Mar 30-Apr 31-May 30-Jun 31-Jul 31-Aug 30-Sep 31-Oct 30-Nov 31-Dec"
    for last in lasts.split():
        assert sent("ON " + last.upper() + "-2026") == "ON " + last + "-2026"
        says(f"ON {int(last[:2]) + 1}{last[2:]}-2026", 4, "a date")
