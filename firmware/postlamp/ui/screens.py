"""Puts a page of nine texts on a 128×64 panel. Hardware layer; does not know what they mean.

Large digits at y 0-23 beside three small lines, two body lines at y 26 and 39, a small foot at
y 56. Only cells that changed are drawn, one line at a step, so no step takes long.
"""

from micropython import const

from postlamp.ui import digits

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import List, Optional, Tuple

    from postlamp.ui.font import Font
    from postlamp.ui.ssd1306 import SSD1306

    # (name, big, head 1, head 2, head 3, body 1, body 2, foot left, foot right)
    Page = Tuple[str, str, str, str, str, str, str, str, str]

# Pages without digits whose third line is a body line, and those with centred digits.
_TALL = ("new", "config", "not_set_up")
_CENTRED = ("nothing",)

_BIG = const(1)
_HEAD_3 = const(4)
_BODY_1 = const(5)
_FOOT_LEFT = const(7)
_FOOT_RIGHT = const(8)
_LINE_Y = (0, 0, 0, 8, 16, 26, 39, 56, 56)  # by place in the page
_TALL_HEAD_3_Y = const(13)
_BESIDE_GAP = const(5)
_ELLIPSIS = "\u2026"


class Screen:
    """A panel with a small font (5x8) and one for the body (6x13)."""

    def __init__(self, panel: "SSD1306", small: "Font", body: "Font") -> None:
        self._panel = panel
        self._small = small
        self._body = body
        self._layout: "Optional[Tuple[bool, bool, int, int]]" = None
        self._shown: "List[str]" = [""] * 9  # what is drawn, padded
        self._wanted: "List[str]" = [""] * 9
        self._big_x = 0
        self._next = 9  # the next place to look at; 9 = all is drawn

    def show(self, page: "Page") -> None:
        """Take a page; step() draws and sends it."""
        right = page[_FOOT_RIGHT]
        if len(page[_FOOT_LEFT]) + len(right) > self._columns(self._small, 0):
            right = ""  # the age of the proof matters more than the clock
        tall = page[0] in _TALL
        layout = (tall, page[0] in _CENTRED, digits.width(page[_BIG]), len(right))
        if layout != self._layout:
            self._lay_out(layout)
        for place in range(_BIG, len(page)):
            text = right if place == _FOOT_RIGHT else page[place]
            self._wanted[place] = text if place == _BIG else self._fitted(place, text)
        self._next = _BIG

    def step(self) -> bool:
        """Draw one line or send one row; whether there is more to do."""
        while self._next < len(self._wanted):
            place = self._next
            self._next += 1
            if self._wanted[place] != self._shown[place]:
                self._draw(place)
                return True
        return self._panel.step()

    def light(self, contrast: int, is_on: bool = True) -> None:
        """Dim (0-255) the panel or switch it off."""
        self._panel.light(contrast, is_on)

    def _lay_out(self, layout: "Tuple[bool, bool, int, int]") -> None:
        """Begin with an empty picture: the lines stand elsewhere now."""
        self._layout = layout
        self._big_x = (self._panel.width - layout[2]) // 2 if layout[1] else 0
        self._panel.fill(0)
        self._panel.touch(0, self._panel.height)
        for place in range(len(self._shown)):
            self._shown[place] = "" if place == _BIG else self._fitted(place, "")

    def _fitted(self, place: int, text: str) -> str:
        """The text as wide as its line: cut with an ellipsis, or padded to wipe what was there."""
        columns = self._columns(self._font(place), self._x(place))
        if place == _FOOT_LEFT and self._layout is not None:
            columns -= self._layout[3]
        if len(text) > columns:
            return text[: columns - 1] + _ELLIPSIS if columns > 0 else ""
        return text + " " * (columns - len(text))

    def _columns(self, font: "Font", x: int) -> int:
        return (self._panel.width - x) // font.width

    def _font(self, place: int) -> "Font":
        is_tall = self._layout is not None and self._layout[0]
        if place in (_BODY_1, _BODY_1 + 1) or (is_tall and place == _HEAD_3):
            return self._body
        return self._small

    def _x(self, place: int) -> int:
        if self._layout is None:
            return 0
        if place < _BODY_1 and self._layout[2]:
            # Centred digits leave no room for lines beside them.
            return self._panel.width if self._layout[1] else self._layout[2] + _BESIDE_GAP
        if place == _FOOT_RIGHT:
            return self._panel.width - self._layout[3] * self._small.width
        return 0

    def _y(self, place: int) -> int:
        if place == _HEAD_3 and self._layout is not None and self._layout[0]:
            return _TALL_HEAD_3_Y
        return _LINE_Y[place]

    def _draw(self, place: int) -> None:
        """Bring one place of the page up to date."""
        wanted, shown = self._wanted[place], self._shown[place]
        self._shown[place] = wanted
        y = self._y(place)
        if place == _BIG:
            self._panel.fill_rect(self._big_x, 0, digits.width(wanted), digits.HEIGHT, 0)
            digits.draw(self._panel, wanted, self._big_x, 0)
            self._panel.touch(0, digits.HEIGHT)
            return
        font = self._font(place)
        x = self._x(place)
        for column in range(len(wanted)):
            # Slices: MicroPython would intern each different character that indexing returns.
            char = wanted[column : column + 1]
            if char != shown[column : column + 1]:
                font.draw(self._panel, ord(char), x + column * font.width, y)
        self._panel.touch(y, font.height)
