"""Text made to fit a line of the screen. Application layer, pure; loaded with the pages that wrap.

Columns are letters: every font of ours has one width.
"""

_ELLIPSIS = "\u2026"


def cut(text: str, columns: int) -> str:
    """The text, or as much of it as fits with an ellipsis behind it."""
    if len(text) <= columns:
        return text
    return text[: max(columns - 1, 0)].rstrip() + _ELLIPSIS


def wrap(text: str, columns: int, lines: int) -> "list[str]":
    """Exactly `lines` lines, broken at spaces where there are some; the last one is cut."""
    out: "list[str]" = []
    rest = text.strip()
    while len(out) < lines - 1:
        out.append(_first_line(rest, columns))
        rest = rest[len(out[-1]) :].strip()
    out.append(cut(rest, columns))
    return out


def _first_line(text: str, columns: int) -> str:
    """As many whole words as fit, or as much of one that is too long."""
    if len(text) <= columns:
        return text
    space = text.rfind(" ", 0, columns + 1)
    return text[:space].rstrip() if space > 0 else text[:columns]


def spread(left: str, right: str, columns: int) -> str:
    """Both texts in one line, one at each end; the left one is cut to leave room."""
    left = cut(left, columns - len(right) - 1)
    return left + " " * (columns - len(left) - len(right)) + right
