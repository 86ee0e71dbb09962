"""Text made fit for a display of cells: one character, one column. Pure; loaded when text comes.

Characters are taken as slices: MicroPython interns what iterating, indexing and chr() return,
17 bytes for each different character, for ever.
"""

# Text from a Mac or a phone may come decomposed. Letter, mark and the composed letter, in turn.
_COMPOSED = (
    "и\u0306йИ\u0306Йе\u0308ёЕ\u0308Ёі\u0308їІ\u0308Їу\u0306ўУ\u0306Ў"
    "a\u0300àa\u0301áa\u0302âa\u0303ãa\u0308äa\u030aåA\u0308ÄA\u030aÅ"
    "e\u0300èe\u0301ée\u0302êe\u0308ëe\u030cěE\u0301Éi\u0301íi\u0302îi\u0308ï"
    "o\u0301óo\u0302ôo\u0303õo\u0308öO\u0308Öu\u0301úu\u0302ûu\u0308üu\u030aůU\u0308Ü"
    "y\u0301ýc\u0327çc\u030cčC\u030cČn\u0303ñr\u030cřs\u030cšS\u030cŠz\u030cžZ\u030cŽ"
)


def clean(text: str) -> str:
    """The text with one column to a character: composed, without marks, joiners and controls.

    Runs of white space become one space; none is left at the ends.
    """
    if _is_plain(text):
        return " ".join(text.split())
    out: "list[str]" = []
    for i in range(len(text)):
        char = text[i : i + 1]
        code = ord(char)
        if _is_blank(code):
            out.append(" ")
        elif 0x300 <= code < 0x370:
            if out:
                out[-1] = _composed(out[-1], char)
        elif not _is_invisible(code):
            out.append(char)
    return " ".join("".join(out).split())


def _is_plain(text: str) -> bool:
    """Whether there is nothing to clean: ASCII and letters of Latin, Greek, Cyrillic alone.

    Leads C2 (signs, odd spaces), CC and CD (marks) and D2 on are left to the slower way.
    """
    for byte in text.encode():
        if byte < 0x20 or byte == 0x7F or byte == 0xC2 or 0xCC <= byte <= 0xCD or byte >= 0xD2:
            return False
    return True


def _composed(letter: str, mark: str) -> str:
    """The letter with its mark if the pair is common, else the bare letter."""
    at = _COMPOSED.find(letter + mark)
    return _COMPOSED[at + 2 : at + 3] if at >= 0 else letter


def _is_blank(code: int) -> bool:
    """Controls and the spaces of other widths."""
    return (
        code <= 0x20
        or 0x7F <= code <= 0xA0
        or 0x2000 <= code <= 0x200A
        or code in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
    )


def _is_invisible(code: int) -> bool:
    """Joiners, direction marks, variation selectors, the soft hyphen, a byte order mark."""
    return (
        0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE01EF
        or code in (0xAD, 0x061C, 0xFEFF)
    )
