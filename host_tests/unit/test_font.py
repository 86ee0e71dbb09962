"""The packed fonts: found by bisection, read from flash, a box for what is missing."""

import sys

import framebuf

from needs import needs
from postlamp.ui.font import Font

NEEDS = "micropython"

_FOLDER = [path for path in sys.path if path.endswith("firmware")][0] + "/assets/"
_SMALL = _FOLDER + "font5x8.bin"
_BODY = _FOLDER + "font6x13.bin"


def _drawn(font, char):
    """The rows of a character as text."""
    panel = framebuf.FrameBuffer(bytearray(8 * 16), 8, 16, framebuf.MONO_VLSB)
    font.draw(panel, ord(char), 0, 0)
    rows = []
    for y in range(font.height):
        rows.append("".join("#" if panel.pixel(x, y) else "." for x in range(font.width)))
    return rows


def test_sizes():
    small, body = Font(_SMALL), Font(_BODY)
    assert (small.width, small.height) == (5, 8)
    assert (body.width, body.height) == (6, 13)


def test_a_letter_is_drawn():
    assert _drawn(Font(_SMALL), "A") == [
        ".....", ".##..", "#..#.", "#..#.", "####.", "#..#.", "#..#.", ".....",
    ]  # fmt: skip


def test_a_box_for_what_is_missing():
    font = Font(_SMALL)
    box = ["####.", "#..#.", "#..#.", "#..#.", "#..#.", "#..#.", "####.", "....."]
    for char in ("日", "\u0001", "\uffff", "😀", "\ue000"):
        assert _drawn(font, char) == box, char
        assert not font._find(ord(char))


def test_what_mails_are_written_with_is_there():
    for path in (_SMALL, _BODY):
        font = Font(path)
        for char in "azAZ09~ ÀÿĀžŒŠŸΑΩαωάЁЯаяёїґ«»“”‘’–—…•€₴₽№™→←✓×\ufffd":
            assert font._find(ord(char)), char


def test_both_fonts_draw_every_letter_differently():
    for path in (_SMALL, _BODY):
        font = Font(path)
        for alphabet in (
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ):
            seen = set()
            for char in alphabet:
                seen.add("".join(_drawn(font, char)))
            assert len(seen) == len(alphabet)


def test_the_ends_of_the_ranges():
    font = Font(_BODY)
    ranges = font._ranges
    for at in range(0, len(ranges), 6):
        first = ranges[at] | ranges[at + 1] << 8
        last = ranges[at + 2] | ranges[at + 3] << 8
        assert font._find(first) or first == 0
        assert font._find(last)
        assert not font._find(first - 1)
        assert not font._find(last + 1)


def test_it_draws_over_what_was_there():
    font = Font(_SMALL)
    panel = framebuf.FrameBuffer(bytearray(8), 8, 8, framebuf.MONO_VLSB)
    panel.fill(1)
    font.draw(panel, 0x20, 0, 0)
    assert not any(panel.pixel(x, y) for x in range(5) for y in range(8))
    assert panel.pixel(5, 0)


def test_a_file_that_is_no_font_is_refused():
    for path in (_FOLDER + "words/en.json", _FOLDER + "nothing.bin"):
        try:
            Font(path)
        except (OSError, ValueError):
            continue
        raise AssertionError(path)


@needs("unix")
def test_it_needs_little_memory():
    import gc

    gc.collect()
    before = gc.mem_alloc()
    fonts = (Font(_SMALL), Font(_BODY))
    gc.collect()
    # 64-bit objects are twice the chip's.
    assert gc.mem_alloc() - before < 3000
    panel = framebuf.FrameBuffer(bytearray(64), 8, 64, framebuf.MONO_VLSB)
    gc.collect()
    before = gc.mem_alloc()
    for code in range(0x20, 0x800):
        for font in fonts:
            font.draw(panel, code, 0, 0)
    gc.collect()
    assert gc.mem_alloc() - before < 512
