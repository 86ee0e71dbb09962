"""Text made fit for a display of cells."""

from postlamp.mime.display import clean


def test_direction_marks_and_joiners_are_dropped():
    assert clean("a\u200eb\u202ec\u2066d\ufeffe\u200df\ufe0f") == "abcdef"
    assert clean("co\u00adop") == "coop"


def test_controls_and_odd_spaces_become_one_space():
    assert clean("a\r\n\tb\u00a0c\u2003d") == "a b c d"


def test_decomposed_letters_are_composed():
    assert clean("Кои\u0306 ё е\u0308") == "Кой ё ё"
    assert clean("Kovac\u030c") == "Kovač"
    assert clean("x\u0301y") == "xy"
    assert clean("\u0301a") == "a"


def test_ordinary_text_is_left_alone():
    for text in ("Hello, world!", "Zażółć Gęślą", "Привет", "Ελλάδα", "€ 5 — “ok” → ₴₽"):
        assert clean(text) == text
