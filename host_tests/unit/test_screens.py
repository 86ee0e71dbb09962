"""Where the texts of a page stand on the panel, and that only what changed is drawn."""

import gc
import sys

from needs import needs
from postlamp.ui.font import Font
from postlamp.ui.screens import Screen, digits_width, draw_digits
from postlamp.ui.ssd1306 import SSD1306

NEEDS = "micropython"

_FOLDER = [path for path in sys.path if path.endswith("firmware")][0] + "/assets/"
_UNREAD = (
    "unread",
    "3",
    "unread",
    "work 3",
    "newest",
    "Anna",
    "Привет",
    "checked 9 s ago",
    "14:07",
)
_NEW = ("new", "", "NEW in work", "", "Anna", "Can you bring the", "keys?", "press: it", "14:07")


class _FakeI2C:
    def __init__(self):
        self.rows = 0

    def writeto(self, address, data):
        if len(data) == 129:
            self.rows += 1


class _SpyFont(Font):
    """A font that counts what it draws."""

    drawn = 0

    def draw(self, panel, code, x, y):
        self.drawn += 1
        super().draw(panel, code, x, y)


def _screen():
    i2c = _FakeI2C()
    panel = SSD1306(i2c)
    screen = Screen(panel, _SpyFont(_FOLDER + "font5x8.bin"), _SpyFont(_FOLDER + "font6x13.bin"))
    return screen, panel, i2c


def _show(screen, page):
    screen.show(page)
    while screen.step():
        pass


def _lit(panel, x, y, width, height):
    """How many pixels are lit in a rectangle."""
    total = 0
    for row in range(y, y + height):
        for column in range(x, x + width):
            total += panel.pixel(column, row)
    return total


def _picture(panel):
    return bytes(panel.pixel(x, y) for y in range(64) for x in range(128))


def _fresh(page):
    screen, panel, _ = _screen()
    _show(screen, page)
    return _picture(panel)


def _has_text(panel, path, text, x, y):
    """Whether the text stands just there."""
    font = Font(_FOLDER + path)
    picture = _picture(panel)
    other = SSD1306(_FakeI2C())
    for at, char in enumerate(text):
        font.draw(other, ord(char), x + at * font.width, y)
    return all(
        other.pixel(column, row) == picture[128 * row + column]
        for row in range(y, y + font.height)
        for column in range(x, x + len(text) * font.width)
    )


def test_the_lines_stand_where_they_belong():
    screen, panel, _ = _screen()
    _show(screen, _UNREAD)
    assert _lit(panel, 0, 0, 12, 24) > 50
    for text, path, x, y in (
        ("unread", "font5x8.bin", 17, 0),
        ("work 3", "font5x8.bin", 17, 8),
        ("newest", "font5x8.bin", 17, 16),
        ("Anna", "font6x13.bin", 0, 26),
        ("Привет", "font6x13.bin", 0, 39),
        ("checked 9 s ago", "font5x8.bin", 0, 56),
        ("14:07", "font5x8.bin", 103, 56),
    ):
        assert _has_text(panel, path, text, x, y), text


def test_a_page_without_digits_has_a_third_body_line():
    screen, panel, _ = _screen()
    _show(screen, _NEW)
    assert _has_text(panel, "font5x8.bin", "NEW in work", 0, 0)
    assert _has_text(panel, "font6x13.bin", "Anna", 0, 13)
    assert _has_text(panel, "font6x13.bin", "keys?", 0, 39)


def test_17_columns_stand_beside_the_largest_count():
    screen, panel, _ = _screen()
    _show(screen, ("unread", "99+", "a" * 17, "b" * 18) + _UNREAD[4:])
    assert _has_text(panel, "font5x8.bin", "a" * 17, 42, 0)
    assert _has_text(panel, "font5x8.bin", "b" * 16 + "…", 42, 8)


def test_the_pages_of_the_other_modes_begin_with_a_body_line():
    for name in ("not_set_up", "service", "safe"):
        screen, panel, _ = _screen()
        _show(screen, (name,) + _NEW[1:])
        assert _has_text(panel, "font6x13.bin", "Anna", 0, 13), name


def test_the_clock_is_in_the_middle():
    screen, panel, _ = _screen()
    _show(screen, ("nothing", "14:07", "", "", "", "Nothing waiting", "", "", ""))
    width = digits_width("14:07")
    left = (128 - width) // 2
    assert _lit(panel, 0, 0, left, 24) == 0
    assert _lit(panel, left + width, 0, 128 - left - width, 24) == 0
    assert _lit(panel, left, 0, width, 24) > 200


def test_long_lines_are_cut_with_an_ellipsis():
    screen, panel, _ = _screen()
    _show(screen, _UNREAD[:5] + ("x" * 21, "y" * 22, "", ""))
    assert _has_text(panel, "font6x13.bin", "x" * 21, 0, 26)
    assert _has_text(panel, "font6x13.bin", "y" * 20 + "…", 0, 39)
    _show(screen, ("unread", "12") + ("z" * 30,) + _UNREAD[3:])
    assert _has_text(panel, "font5x8.bin", "z" * 18 + "…", 32, 0)


def test_characters_of_every_size_take_one_cell():
    screen, panel, _ = _screen()
    text = "a\u00e9\u0416\u20ac\u65e5\U0001f600z"
    _show(screen, _UNREAD[:6] + (text, "", ""))
    assert _has_text(panel, "font6x13.bin", text + "       ", 0, 39)
    _show(screen, _UNREAD[:6] + ("\u65e5" * 22, "", ""))
    assert _has_text(panel, "font6x13.bin", "\u65e5" * 20 + "\u2026", 0, 39)


@needs("unix")
def test_letters_never_seen_before_leave_nothing_in_memory():
    screen, _, _ = _screen()
    raw = bytearray()
    for code in range(0x480, 0x7F0):
        raw += bytes((0xC0 | code >> 6, 0x80 | code & 0x3F))
    text = str(raw, "utf-8")
    _show(screen, _UNREAD)
    gc.collect()
    before = gc.mem_alloc()
    for at in range(0, len(text), 20):
        _show(screen, _UNREAD[:5] + (text[at : at + 20], "", "", ""))
    _show(screen, _UNREAD)
    gc.collect()
    assert gc.mem_alloc() - before < 400


def test_a_foot_too_long_for_the_clock_goes_before_it():
    screen, panel, _ = _screen()
    _show(screen, _UNREAD[:7] + ("x" * 20, "14:07"))
    assert _has_text(panel, "font5x8.bin", "14:07", 103, 56)
    _show(screen, _UNREAD[:7] + ("x" * 21, "14:07"))
    assert _has_text(panel, "font5x8.bin", "x" * 21 + "    ", 0, 56)


def test_any_page_after_any_other_looks_as_if_it_were_the_first():
    pages = (
        _UNREAD,
        _UNREAD[:7] + ("checked 10 s ago", "14:08"),
        ("unread", "99+") + _UNREAD[2:],
        _NEW,
        ("nothing", "14:07", "", "", "", "Nothing waiting", "", "checked", "Mon 23"),
        ("nothing", "14:08", "", "", "", "Nothing waiting", "", "x", ""),
        ("not_sure", "3?", "was 3", "", "", "Wi-Fi", "", "nothing", ""),
        ("refused", "", "3 blinks", "account", "", "expired", "", "safe", ""),
    )
    fresh = [_fresh(page) for page in pages]
    screen, panel, _ = _screen()
    for step in (1, 3, 5):
        for at in range(0, 8 * step, step):
            _show(screen, pages[at % 8])
            assert _picture(panel) == fresh[at % 8], at


def test_only_changed_cells_are_drawn_and_only_their_rows_sent():
    screen, _, i2c = _screen()
    _show(screen, _UNREAD)
    i2c.rows = 0
    screen._small.drawn = screen._body.drawn = 0
    _show(screen, _UNREAD)
    assert (i2c.rows, screen._small.drawn, screen._body.drawn) == (0, 0, 0)
    _show(screen, _UNREAD[:7] + ("checked 8 s ago", "14:07"))
    assert (i2c.rows, screen._small.drawn, screen._body.drawn) == (1, 1, 0)


def test_one_step_draws_one_line_and_sends_one_row_at_most():
    screen, _, i2c = _screen()
    screen.show(_UNREAD)
    while True:
        rows, drawn = i2c.rows, screen._small.drawn + screen._body.drawn
        more = screen.step()
        assert i2c.rows - rows <= 1
        assert screen._small.drawn + screen._body.drawn - drawn <= 25
        if not more:
            break


def test_all_digits_differ():
    seen = set()
    for char in "0123456789?+:":
        panel = SSD1306(_FakeI2C())
        draw_digits(panel, char, 0, 0)
        seen.add(_picture(panel))
        assert _lit(panel, digits_width(char), 0, 20, 24) == 0, char
        assert _lit(panel, 0, 24, 20, 8) == 0, char
    assert len(seen) == 13


def test_an_unknown_large_figure_is_a_gap():
    panel = SSD1306(_FakeI2C())
    draw_digits(panel, "x", 0, 0)
    assert _lit(panel, 0, 0, 128, 64) == 0
