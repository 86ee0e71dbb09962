"""Text made to fit a line."""

from needs import needs
from postlamp.app.lines import cut, spread, wrap
from postlamp.mime.display import clean


def test_text_is_cut_with_an_ellipsis():
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("abcd efg", 6) == "abcd…"
    assert cut("abc", 0) == "…"


def test_text_is_wrapped_at_spaces():
    assert wrap("Can you bring the keys at seven?", 21, 2) == [
        "Can you bring the",
        "keys at seven?",
    ]
    assert wrap("one", 21, 3) == ["one", "", ""]
    assert wrap("x" * 30, 21, 2) == ["x" * 21, "x" * 9]
    assert wrap("x" * 60, 21, 2) == ["x" * 21, "x" * 20 + "…"]
    assert wrap("exactly twenty-one ok and more", 21, 2) == ["exactly twenty-one ok", "and more"]


def test_two_texts_share_a_line():
    assert spread("NEW in work", "1 of 3", 25) == "NEW in work        1 of 3"
    assert spread("NEW in a very long name", "1 of 3", 25) == "NEW in a very lon… 1 of 3"


@needs("unix")
def test_characters_never_seen_before_leave_nothing_in_memory():
    import gc

    raw = bytearray()
    for code in range(0x4E00, 0x5200):
        raw += bytes((0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F))
    text = str(raw, "utf-8")
    clean("warm up \u200e")
    gc.collect()
    before = gc.mem_alloc()
    cut(clean(text), 21)
    wrap(text, 21, 2)
    gc.collect()
    assert gc.mem_alloc() - before < 200
