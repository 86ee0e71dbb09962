"""Finds the first mistake in a JSON text, in words. Layer store; loaded only after json refused.

json's own error has no place on MicroPython. Knows nothing of what the configuration means.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = ("true", "false", "null")
_CLOSING = {"{": "}", "[": "]"}
_HEXADECIMAL = "0123456789abcdefABCDEF"
_MARK = b"\xef\xbb\xbf"  # of UTF-8, as some editors write it


class _MistakeError(Exception):
    """Ends the search; args: line, words."""


class _CutError(_MistakeError):
    """The text ends too early; nothing before is wrong."""


def first_problem(text: str) -> str:
    """One sentence with the line of the first mistake in `text`, and how to mend it."""
    try:
        _check_order(text)
    except _MistakeError as mistake:
        return "line %d: %s" % mistake.args
    return "is not JSON"


def is_cut(data: bytes) -> bool:
    """Whether this is but the beginning of a JSON text, or nothing: an interrupted copy."""
    begin = 3 if data[:3] == _MARK else 0
    try:
        _check_order(str(data[begin : _end_of_letters(data)], "utf-8"))
    except _CutError:
        return True
    except (_MistakeError, ValueError):
        return False
    return False


def _end_of_letters(data: bytes) -> int:
    """Where the last whole UTF-8 letter ends: a copy may be cut in the middle of one."""
    for at in range(len(data) - 1, max(len(data) - 4, -1), -1):
        if data[at] & 0xC0 != 0x80:
            size = 1 + (data[at] >= 0xC0) + (data[at] >= 0xE0) + (data[at] >= 0xF0)
            return at if data[at] < 0xF8 and at + size > len(data) else len(data)
    return len(data)


def _check_order(text: str) -> None:
    """Follows the brackets; each token is legal or not after the one before it."""
    opened: list[tuple[str, int]] = []  # bracket and its line
    before = ""  # the token before: "" at the start, "v" a value, "k" a key
    line = 1
    for kind, line in _tokens(text):
        inside = opened[-1][0] if opened else ""
        if before == "v" and not opened:
            raise _MistakeError(line, "more follows the end; is a bracket closed too early?")
        if kind in "}]":
            _check_closing(kind, before, inside, line)
            opened.pop()
            before = "v"
        elif kind in ",:":
            _check_mark(kind, before, line)
            before = kind
        else:
            before = _check_item(kind, before, inside, line)
            if kind in "{[":
                opened.append((kind, line))
                before = kind
    if opened:
        raise _CutError(opened[-1][1], "the %s opened here is never closed" % opened[-1][0])
    if not before:
        raise _CutError(line, "the file is empty")


def _check_closing(kind: str, before: str, inside: str, line: int) -> None:
    if before == ",":
        raise _MistakeError(line, "remove the comma before %s" % kind)
    if _CLOSING.get(inside) != kind:
        raise _MistakeError(line, "this %s closes nothing" % kind)
    if before in ("k", ":"):
        raise _MistakeError(line, "a key has no value before this %s" % kind)


def _check_mark(kind: str, before: str, line: int) -> None:
    wanted = "v" if kind == "," else "k"
    if before != wanted:
        raise _MistakeError(line, "there is a %s too many" % ("comma" if kind == "," else "colon"))


def _check_item(kind: str, before: str, inside: str, line: int) -> str:
    """A key or the start of a value; returns which."""
    if before == "v":
        raise _MistakeError(line, "a comma is missing before this line's first new entry")
    if before == "k":
        raise _MistakeError(line, "a colon is missing between a key and its value")
    if inside == "{" and before in ("{", ","):
        if kind != '"':
            raise _MistakeError(line, 'a key must be a text in "quotes"')
        return "k"
    return "v"


def _tokens(text: str) -> "Iterator[tuple[str, int]]":
    """Yields (kind, line): kind is a mark, a quote for a text, or 0 for a number or word."""
    line = 1
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\n":
            line += 1
        if character in " \t\r\n":
            at += 1
        elif character in "{}[],:":
            yield character, line
            at += 1
        elif character == '"':
            at = _end_of_text(text, at + 1, line)
            yield '"', line
        else:
            at = _end_of_word(text, at, line)
            yield "0", line


def _end_of_text(text: str, at: int, line: int) -> int:
    while at < len(text) and text[at] != '"':
        if text[at] == "\n":
            break
        if text[at] == "\\":
            at += 1
            if at < len(text) and text[at] not in ('"', "\\", "/", "b", "f", "n", "r", "t", "u"):
                raise _MistakeError(line, "write a backslash in a text twice: \\\\")
            if text[at : at + 1] == "u" and text[at + 1 : at + 5].strip(_HEXADECIMAL):
                raise _MistakeError(line, "\\u in a text needs four hexadecimal digits")
        at += 1
    if at >= len(text):
        raise _CutError(line, "a text is not closed with a quote")
    if text[at] != '"':
        raise _MistakeError(line, "a text is not closed with a quote")
    return at + 1


def _end_of_word(text: str, at: int, line: int) -> int:
    start = at
    while at < len(text) and text[at] not in ' \t\r\n{}[],:"':
        at += 1
    word = text[start:at]
    if word[0] in "'‘’“”„":
        raise _MistakeError(line, 'use straight double quotes: "')
    if word[0] in "/#":
        raise _MistakeError(line, "JSON has no comments; remove it")
    if word not in _WORDS:
        try:
            float(word)
        except ValueError:
            error = _MistakeError if at < len(text) or not _is_begun(word) else _CutError
            # not shown: it may be an unquoted password
            raise error(line, 'a word stands without "quotes", or true, false, null is misspelt')
    return at


def _is_begun(word: str) -> bool:
    """Whether the word may have been going to be a number or true, false, null."""
    if any(known.startswith(word) for known in _WORDS):
        return True
    try:
        float(word + "0")  # 1., 1e and -
        return True
    except ValueError:
        return False
