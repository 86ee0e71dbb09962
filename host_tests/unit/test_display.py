"""Text made fit for a display of cells."""

from postlamp.mime.display import clean
from showing import read


def test_direction_marks_and_joiners_are_dropped():
    assert clean("a\u200eb\u202ec\u2066d\ufeffe\u200df\ufe0f") == "abcdef"
    assert clean("co\u00adop") == "coop"
    assert clean("a\u061c\u180e\u2060\ufff9b\U000e0041") == "ab"


def test_marks_of_other_scripts_and_colours_of_skin_take_no_column():
    assert clean("1\ufe0f\u20e3 👍\U0001f3fd ש\u05b8 س\u064e") == "1 👍 ש س"


def test_first_and_last_of_what_is_dropped_and_their_neighbours():
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F)):
        assert clean(chr(first) + chr(last)) == ""
        assert clean("a" + chr(first - 1) + chr(last + 1) + "b") != "ab"
    for first, last in ((0x2000, 0x200A), (0x3000, 0x3000), (0x7F, 0xA0)):
        assert clean("a" + chr(first) + chr(last) + "b") == "a b"
        assert clean(chr(first - 1)) == chr(first - 1)


def test_controls_and_odd_spaces_become_one_space():
    assert clean("a\r\n\tb\u00a0c\u2003d") == "a b c d"


def test_decomposed_letters_are_composed_by_the_tables():
    assert clean("Кои\u0306 ё е\u0308", read) == "Кой ё ё"
    assert clean("Kovac\u030c", read) == "Kovač"
    assert clean("e\u0302\u0301", read) == "ế"  # one mark after the other
    assert clean("x\u0301y", read) == "xy"
    assert clean("e\u034f\u0301", read) == "é"  # a mark that only joins


def test_a_mark_that_no_letter_stands_before_is_dropped():
    for text in ("\u0301a", "\u200b\u0301a", " \u0301a"):
        assert clean(text, read) == "a"
    assert clean("e \u0301a", read) == "e a"
    assert clean("😀\u0301中\u0301", read) == "😀中"


def test_letters_lose_their_marks_without_the_tables():
    whole = read(0, 9999)
    cut = whole[: len(whole) // 2]
    for missing in (
        None,
        lambda at, size: b"",
        lambda at, size: cut[at : at + size],
        lambda at, size: (b"PLC2" + whole[4:])[at : at + size],
    ):
        assert clean("Кои\u0306 e\u0301", missing) == "Кои e"


def test_so_many_characters_and_one_more():
    assert clean("abcd", None, 4) == "abcd"
    assert clean("abcde", None, 4) == "abc…"
    assert clean("привет", None, 4) == "при…"
    assert clean("ab d", None, 4) == "ab d"
    assert clean("abc e", None, 4) == "abc…"
    assert clean("abcd \u200b\u0301 ", None, 4) == "abcd"
    assert clean("  abcd", None, 4) == "abcd"
    assert clean("ae\u0301cd", read, 4) == "aécd"
    for size in (399, 400, 401, 10240):
        assert len(clean("я" * size)) == min(size, 400)


def test_what_is_cut_at_any_character_is_clean_text():
    text = " Кои\u0306 \u200b 中😀e\u0302\u0301 \u00ad\u3000 end "
    for at in range(len(text) + 1):
        for part in (text[:at], text[at:]):
            once = clean(part, read)
            assert clean(once, read) == once.strip() == once, part


def test_ordinary_text_is_left_alone():
    for text in ("Hello, world!", "Zażółć Gęślą", "Привет", "Ελλάδα", "€ 5 — “ok” → ₴₽"):
        assert clean(text) == text
