"""What of each page stands on a panel of 32 lines, and where."""

import sys

from postlamp.ui.font import Font
from postlamp.ui.small import SmallScreen
from postlamp.ui.ssd1306 import SSD1306

NEEDS = "micropython"

_FOLDER = [path for path in sys.path if path.endswith("firmware")][0] + "/assets/"
_SMALL, _BODY = _FOLDER + "font5x8.bin", _FOLDER + "font6x13.bin"


class _FakeI2C:
    def writeto(self, address, data):
        """Takes everything."""


def _panel():
    return SSD1306(_FakeI2C(), 128, 32)


def _shown(*pages):
    panel = _panel()
    screen = SmallScreen(panel, Font(_SMALL), Font(_BODY))
    for page in pages:
        screen.show(page)
        while screen.step():
            pass
    return panel


def _has_text(panel, path, text, x, y):
    font, other = Font(path), _panel()
    for at, char in enumerate(text):
        font.draw(other, ord(char), x + at * font.width, y)
    return all(
        other.pixel(column, row) == panel.pixel(column, row)
        for row in range(y, min(y + font.height, 32))
        for column in range(x, x + len(text) * font.width)
    )


def _page(name, big="", h1="", h2="", h3="", b1="", b2="", left="", right=""):
    return (name, big, h1, h2, h3, b1, b2, left, right)


_UNREAD = _page("unread", "3", "unread", "work 3", "newest", "Anna", "keys", "checked", "14:07")
_NOTHING = _page("nothing", "14:07", b1="Nothing waiting", b2="work 0", left="c", right="Mon 23")


def test_mail_has_its_sender_and_subject_beside_the_count():
    panel = _shown(_UNREAD)
    for text, x, y in (
        ("Anna", 17, 0),
        ("keys", 17, 8),
        ("work 3", 17, 16),
        ("checked", 0, 24),
        ("14:07", 103, 24),
    ):
        assert _has_text(panel, _SMALL, text, x, y), text


def test_what_is_not_sure_has_its_cause_in_the_foot():
    panel = _shown(_page("not_sure", "3?", "was 3", "may", "off?", "Wi-Fi gone", "again", "act"))
    assert _has_text(panel, _SMALL, "was 3", 32, 0)
    assert _has_text(panel, _SMALL, "Wi-Fi gone" + " " * 15, 0, 24)


def test_the_clock_is_in_the_foot_and_a_count_without_clock_is_not():
    panel = _shown(_NOTHING)
    assert _has_text(panel, _BODY, "Nothing waiting", 0, 0)
    assert _has_text(panel, _SMALL, "work 0", 0, 14)
    assert _has_text(panel, _SMALL, "14:07", 103, 24)
    panel = _shown(_page("nothing", "0", b1="Nothing waiting", left="checked"))
    assert _has_text(panel, _SMALL, "checked" + " " * 18, 0, 24)


def test_three_lines_of_a_page_without_digits():
    panel = _shown(_page("new", "", "NEW", "", "Anna", "Can you", "keys?", "press", "14:07"))
    assert _has_text(panel, _BODY, "Anna", 0, 0)
    assert _has_text(panel, _SMALL, "Can you", 0, 14)
    assert _has_text(panel, _SMALL, "keys?" + " " * 20, 0, 24)
    panel = _shown(_page("refused", "", "3 blinks", "account", "", "Expired", "Renew", "stayed"))
    assert _has_text(panel, _BODY, "Expired", 0, 0)
    assert _has_text(panel, _SMALL, "Renew", 0, 14)
    assert _has_text(panel, _SMALL, "stayed", 0, 24)


def test_a_page_leaves_nothing_on_the_next():
    pages = (_UNREAD, _NOTHING, _page("connecting", "", "Postlamp", b1="Connecting", left="a"))
    for first in pages:
        for second in pages:
            one, two = _shown(first, second), _shown(second)
            assert all(
                one.pixel(x, y) == two.pixel(x, y) for x in range(128) for y in range(32)
            ), (first[0], second[0])
