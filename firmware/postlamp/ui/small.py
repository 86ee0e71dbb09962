"""The screens of a 128×32 panel: what of each page has room there. Hardware layer.

Digits keep their size, three small lines stand beside them. Without digits there is one body line,
a small one and the foot. Loaded only where such a panel is fitted.
"""

from micropython import const

from postlamp.ui.screens import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.ui.font import Font
    from postlamp.ui.screens import Page
    from postlamp.ui.ssd1306 import SSD1306

_LINES = b"\x00\x00\x00\x08\x10\x80\x0e\x18\x18"


class SmallScreen:
    """A panel of 32 lines; takes the same pages as a Screen."""

    def __init__(self, panel: "SSD1306", small: "Font", body: "Font") -> None:
        self._screen = Screen(panel, small, body, _LINES)
        self.step, self.darken = self._screen.step, self._screen.darken

    def show(self, page: "Page") -> None:
        """Take a page; step() draws and sends it."""
        self._screen.show(_shortened(page))


def _shortened(page: "Page") -> "Page":
    """The page with its texts in other places; the rest is left out.

    Of mail go the words "unread" and the age of the newest; of what is not sure, the next try and
    what to do; of new mail and of trouble, the line above, for the light says the same.
    """
    name, big, head_1, head_2, head_3, body_1, body_2, left, right = page
    if name == "unread":
        return ("", big, body_1, body_2, head_2, "", "", left, right)
    if name == "not_sure":
        return ("", big, head_1, head_2, head_3, "", "", body_1, "")
    if name == "nothing":
        return ("", "", "", "", "", body_1, body_2, left, big if ":" in big else "")
    if head_3:
        return ("", "", "", "", "", head_3, body_1, body_2, "")
    return ("", "", "", "", "", body_1, body_2, left, right)
