"""Puts a page of nine texts on a 128×64 panel. Hardware layer; does not know what they mean.

Large digits at y 0-23 beside three small lines, two body lines at y 26 and 39, a small foot at
y 56. Only cells that changed are drawn, one line at a step, so no step takes long.
"""

from array import array

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from framebuf import FrameBuffer

    from postlamp.ui.font import Font
    from postlamp.ui.ssd1306 import SSD1306

    # (name, big, head 1, head 2, head 3, body 1, body 2, foot left, foot right)
    Page = Tuple[str, str, str, str, str, str, str, str, str]
    # third line is tall, digits are centred, pixels of the digits, columns of the right foot
    Layout = Tuple[bool, bool, int, int]

# Pages without digits whose third line is a body line, and those with centred digits.
_TALL = ("new", "config", "not_set_up", "service", "safe")
_CENTRED = ("nothing",)

_PLACES = const(9)
_BIG = const(1)
_HEAD_3 = const(4)
_BODY_1 = const(5)
_FOOT_LEFT = const(7)
_FOOT_RIGHT = const(8)
_BODY = const(0x80)  # such a line is in the body's font
_LINES = b"\x00\x00\x00\x08\x10\x9a\xa7\x38\x38"  # y by place in the page
_TALL_HEAD_3 = const(0x8D)
_BESIDE_GAP = const(5)
_COLUMNS = const(25)  # of a small line; no line has more cells
_SPACE = const(0x20)
_ELLIPSIS = const(0x2026)

# Large figures of straight strokes, drawn with rectangles.
_DIGIT_HEIGHT = const(24)
_DIGIT_WIDTH = const(12)
_COLON_WIDTH = const(3)
_PLUS_WIDTH = const(7)  # so that 17 small columns stand beside 99+
_GAP = const(3)

# Strokes a to g of a seven-segment figure: x, y, width, height.
_STROKES = (
    b"\x00\x00\x0c\x03"
    b"\x09\x00\x03\x0c"
    b"\x09\x0c\x03\x0c"
    b"\x00\x15\x0c\x03"
    b"\x00\x0c\x03\x0c"
    b"\x00\x00\x03\x0c"
    b"\x00\x0a\x0c\x03"
)
_DIGITS = b"\x3f\x06\x5b\x4f\x66\x6d\x7d\x07\x7f\x6f"  # bit 0 = stroke a
_OTHERS = {
    "?": b"\x00\x00\x0c\x03\x09\x00\x03\x0c\x04\x0a\x08\x03\x04\x0a\x03\x07\x04\x15\x03\x03",
    "+": b"\x00\x0a\x07\x03\x02\x08\x03\x07",
    ":": b"\x00\x06\x03\x03\x00\x0f\x03\x03",
}


class Screen:
    """A panel with a small font (5x8) and one for the body (6x13)."""

    def __init__(
        self, panel: "SSD1306", small: "Font", body: "Font", lines: bytes = _LINES
    ) -> None:
        """`lines`: where each of a page's texts stands, y, and 128 more for the body's font."""
        self._lines = lines
        self._panel = panel
        self._small = small
        self._body = body
        self._page: "Page" = ("", "", "", "", "", "", "", "", "")
        self._layout: "Optional[Layout]" = None
        self._cells = array("H", bytes(2 * _PLACES * _COLUMNS))  # the characters that are drawn
        self._todo = 0  # bit n: place n of the page is not drawn yet

    def show(self, page: "Page") -> None:
        """Take a page; step() draws and sends it."""
        shown, self._page = self._page, page
        right = len(page[_FOOT_RIGHT])
        if len(page[_FOOT_LEFT]) + right > _COLUMNS:
            right = 0  # the age of the proof matters more than the clock
        layout = (page[0] in _TALL, page[0] in _CENTRED, digits_width(page[_BIG]), right)
        if layout != self._layout:
            self._lay_out(layout)
            return
        for place in range(_BIG, _PLACES):
            if page[place] != shown[place]:
                self._todo |= 1 << place

    def step(self) -> bool:
        """Draw one line or send one row; whether there is more to do."""
        if not self._todo or self._layout is None:
            return self._panel.step()
        place = _BIG
        while not self._todo >> place & 1:
            place += 1
        self._todo &= ~(1 << place)
        if place == _BIG:
            self._draw_big(self._page[_BIG], self._layout)
        else:
            self._draw_line(place, self._page[place], self._layout)
        return True

    def darken(self) -> None:
        """Show nothing until the next step that has something to send."""
        self._panel.darken()

    def _lay_out(self, layout: "Layout") -> None:
        """Begin with an empty picture: the lines stand elsewhere now."""
        self._layout = layout
        self._panel.fill(0)
        self._panel.touch(0, self._panel.height)
        for cell in range(len(self._cells)):
            self._cells[cell] = _SPACE
        self._todo = (1 << _PLACES) - (1 << _BIG)

    def _draw_big(self, text: str, layout: "Layout") -> None:
        x = (self._panel.width - layout[2]) // 2 if layout[1] else 0
        self._panel.fill_rect(x, 0, layout[2], _DIGIT_HEIGHT, 0)
        draw_digits(self._panel, text, x, 0)
        self._panel.touch(0, _DIGIT_HEIGHT)

    def _draw_line(self, place: int, text: str, layout: "Layout") -> None:
        """Draw the cells of a line that changed; what is too wide ends in an ellipsis."""
        line = _TALL_HEAD_3 if layout[0] and place == _HEAD_3 else self._lines[place]
        font = self._body if line & _BODY else self._small
        x = self._x(place, layout)
        y = line & ~_BODY
        columns = (self._panel.width - x) // font.width
        if place == _FOOT_LEFT:
            columns -= layout[3]
        is_cut = len(text) > columns
        raw = text.encode()
        at = 0
        for column in range(columns):
            code = _SPACE
            if is_cut and column == columns - 1:
                code = _ELLIPSIS
            elif at < len(raw):
                lead = raw[at]
                size = 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
                code = _code_at(raw, at, size)
                at += size
            cell = place * _COLUMNS + column
            if self._cells[cell] != code:
                self._cells[cell] = code
                font.draw(self._panel, code, x + column * font.width, y)
                self._panel.touch(y, font.height)

    def _x(self, place: int, layout: "Layout") -> int:
        """Where a line begins."""
        if place < _BODY_1 and layout[2]:
            # Centred digits leave no room for lines beside them.
            return self._panel.width if layout[1] else layout[2] + _BESIDE_GAP
        if place == _FOOT_RIGHT:
            return self._panel.width - layout[3] * self._small.width
        return 0


def _code_at(raw: bytes, at: int, size: int) -> int:
    """The code point of a UTF-8 character of `size` bytes, 0xFFFF for those beyond 16 bits.

    By hand, because MicroPython interns each different character it takes out of a string.
    """
    if size == 4:
        return 0xFFFF
    code = raw[at] if size == 1 else raw[at] & 0x3F >> size - 1
    for i in range(at + 1, at + size):
        code = code << 6 | raw[i] & 0x3F
    return code


def _advance(char: str) -> int:
    """From one large figure to the next."""
    if char == ":":
        return _COLON_WIDTH + _GAP
    return (_PLUS_WIDTH if char == "+" else _DIGIT_WIDTH) + _GAP


def digits_width(text: str) -> int:
    """Pixels that the text takes."""
    total = 0
    for char in text:
        total += _advance(char)
    return max(total - _GAP, 0)


def draw_digits(panel: "FrameBuffer", text: str, x: int, y: int) -> None:
    """Draw digits and ? + : on a cleared ground; anything else is a gap."""
    for char in text:
        strokes, lit = _OTHERS.get(char, b""), 0xFF
        if char in "0123456789":
            strokes, lit = _STROKES, _DIGITS[int(char)]
        for at in range(0, len(strokes), 4):
            if lit >> (at >> 2) & 1:
                left, top = x + strokes[at], y + strokes[at + 1]
                panel.fill_rect(left, top, strokes[at + 2], strokes[at + 3], 1)
        x += _advance(char)
