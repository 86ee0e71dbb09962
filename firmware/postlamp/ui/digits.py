"""Large figures of straight strokes, 24 pixels high. Hardware layer, drawn with rectangles."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from framebuf import FrameBuffer

HEIGHT = const(24)
_WIDTH = const(12)
_COLON_WIDTH = const(3)
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
    "+": b"\x01\x0a\x0b\x03\x05\x06\x03\x0b",
    ":": b"\x00\x06\x03\x03\x00\x0f\x03\x03",
}


def width(text: str) -> int:
    """Pixels that the text takes."""
    total = 0
    for char in text:
        total += (_COLON_WIDTH if char == ":" else _WIDTH) + _GAP
    return max(total - _GAP, 0)


def draw(panel: "FrameBuffer", text: str, x: int, y: int) -> None:
    """Draw digits and ? + : on a cleared ground; anything else is a gap."""
    for char in text:
        strokes, lit = _OTHERS.get(char, b""), 0xFF
        if char in "0123456789":
            strokes, lit = _STROKES, _DIGITS[int(char)]
        for at in range(0, len(strokes), 4):
            if lit >> (at >> 2) & 1:
                left, top = x + strokes[at], y + strokes[at + 1]
                panel.fill_rect(left, top, strokes[at + 2], strokes[at + 3], 1)
        x += (_COLON_WIDTH if char == ":" else _WIDTH) + _GAP
