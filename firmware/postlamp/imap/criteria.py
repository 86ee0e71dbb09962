"""Checks SEARCH criteria as a person types them (RFC 3501 §6.4.4). Layer imap, pure.

What is still wanted (by a key, NOT, OR, a parenthesis) stands in a list: nothing recurses.
"""

from micropython import const

from postlamp.errors import ConfigError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

    Wanted = tuple[str, str, int, int]  # kind, the key that wants it, the key's place, depth

_LIMIT_CHARACTERS = const(400)
_LIMIT_DEPTH = const(16)
_MONTHS = "Jan31Feb29Mar31Apr30May31Jun30Jul31Aug31Sep30Oct31Nov30Dec31"

# Kinds of what is wanted, the first one last; keys (one text: single words would stay in memory as
# names); what they want and an example. Kinds: x key, * any more keys, t text, h header field,
# d date, n number, z number above zero, k keyword, s set.
_ROWS = (
    ("", "UNSEEN SEEN FLAGGED UNFLAGGED ANSWERED UNANSWERED DELETED UNDELETED DRAFT", ""),
    ("", "UNDRAFT RECENT NEW OLD ALL", ""),
    ("t", "FROM TO CC BCC SUBJECT BODY TEXT X-GM-RAW", 'a text|"boss@example.org"'),
    ("th", "HEADER", 'a field and a text|List-Id "news"'),
    ("d", "SINCE BEFORE ON SENTSINCE SENTBEFORE SENTON", "a date|1-Feb-2026"),
    ("n", "LARGER SMALLER", "bytes|50000"),
    ("z", "OLDER YOUNGER", "seconds|86400"),
    ("k", "KEYWORD UNKEYWORD", "a keyword|$Forwarded"),
    ("s", "UID", "numbers from 1 to 4294967295 or *|2,4:7,9:*"),
    ("x", "NOT", "a key|SEEN"),
    ("xx", "OR", "two keys|SEEN FLAGGED"),
    ("*x", "(", "a key|SEEN )"),
)


def check(text: str) -> "list[str]":
    """The criteria in pieces: words to send as they are, a text for a literal, words, and so on.

    A single piece is ASCII and complete. More need CHARSET UTF-8 before them; a space stands
    between a literal and the next piece unless that begins with a parenthesis.
    Raises ConfigError: `where` is the column, from 1, `problem` what is wrong or wanted there.
    """
    if len(text) > _LIMIT_CHARACTERS:
        _fail(_LIMIT_CHARACTERS, "too long; at most %d characters" % _LIMIT_CHARACTERS)
    pieces = [""]
    stack: list[Wanted] = [("*", "", 0, 0)]
    for at, word in _tokens(text):
        kind, key, place, depth = stack[-1]
        if kind != "*" or word == ")":
            stack.pop()
        if word == ")":
            _check_closing(at, kind, key)
        elif kind in "x*":
            word, kinds = _key(at, word, depth)
            for each in kinds:
                stack.append((each, word, at, depth + 1))
        else:
            word = _argument(key, kind, at, word)
        _say(pieces, kind, word)
    _, key, place, _ = stack[-1]
    if key == "(":
        _fail(place, "this ( is never closed; add a )")
    if key:
        _fail_wanting(len(text), key)
    if pieces == [""]:
        _fail(0, "nothing to search for; ALL finds every message")
    return pieces if pieces[-1] else pieces[:-1]


def _say(pieces: "list[str]", kind: str, word: str) -> None:
    """Add a word, after a space where one belongs, or a text, quoted or for a literal."""
    if len(word.encode()) > len(word):
        pieces += [word, ""]
        return
    if kind == "t":
        word = '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if word != ")" and pieces[-1][-1:] not in ("", "("):
        word = " " + word
    pieces[-1] += word


def _tokens(text: str) -> "Iterator[tuple[int, str]]":
    """Yields (place, word): a parenthesis, a word, or a text with the quote it begins with."""
    for at, letter in enumerate(text):
        if letter < " " or "\ud800" <= letter <= "\udfff":
            _fail(at, "remove this line break or control character")
    at = 0
    while at < len(text):
        start = at
        word = text[at]
        at += 1
        if word == " ":
            continue
        if start and word != ")" and text[start - 1] not in " (":
            _fail(start, 'a space is missing, or "quotes" around the text')
        if word in "{'‘’“”„«":
            _fail(start, 'no literals; put a text in straight "quotes"')
        if word == '"':
            word, at = _quoted(text, at)
        elif word not in "()":
            while at < len(text) and text[at] not in ' ()"':
                at += 1
            word = text[start:at]
        yield start, word


def _quoted(text: str, at: int) -> "tuple[str, int]":
    """A text, its first quote kept, without its last one and its backslashes; where it ends."""
    start = at - 1
    value = '"'
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == '"':
            return value, at
        if letter == "\\":
            letter = text[at : at + 1]
            if letter not in ("\\", '"'):
                _fail(at - 1, "write a backslash in a text twice: \\\\")
            at += 1
        value += letter
    _fail(start, 'this text never ends; close it with "')


# --- keys and what they take ---


def _check_closing(at: int, kind: str, key: str) -> None:
    if not key:
        _fail(at, 'this ) closes nothing; remove it, or "quote" the text')
    if kind != "*":
        _fail_wanting(at, key)


def _key(at: int, word: str, depth: int) -> "tuple[str, str]":
    """A key and the kinds of what it wants; a set of numbers stands for itself."""
    if word[0] == '"':
        _fail(at, "a text without a key; keys have no quotes")
    if word[0] in "*0123456789":
        return _argument("UID", "s", at, word), ""
    word = word.upper()
    for kinds, keys, _ in _ROWS:
        if word in keys.split():
            if "x" in kinds and depth >= _LIMIT_DEPTH:
                _fail(at, "too deep; at most %d levels of (, NOT and OR" % _LIMIT_DEPTH)
            return word, kinds
    _fail(at, _unknown(word))


def _argument(key: str, kind: str, at: int, word: str) -> str:
    """What the key wants next, as it is to be sent."""
    is_right = word != "("
    if word[0] == '"':
        word = word[1:]
        is_right = kind in "thd"
    if kind == "d":
        word = _date(word)
        is_right = word != ""
    elif kind == "s":
        for part in word.split(","):
            ends = part.split(":")
            for end in ends:
                if len(ends) > 2 or end != "*" and not _is_number(end, "1"):
                    is_right = False
    elif kind != "t" and is_right:
        if kind in "hk":
            is_right = _is_made_of(word, "!", "~", ':"{%*\\]')
        else:
            is_right = _is_number(word, "1" if kind == "z" else "0")
    if not is_right:
        _fail_wanting(at, key)
    return word


def _is_made_of(word: str, first: str, last: str, but: str) -> bool:
    for letter in word:
        if not first <= letter <= last or letter in but:
            return False
    return word != ""


def _is_number(word: str, least: str) -> bool:
    """32 bits in ASCII digits, the first of them at least `least`."""
    return _is_made_of(word, "0", "9", "") and word[0] >= least and int(word) < 1 << 32


def _date(word: str) -> str:
    """A day that exists, its month written as in the RFC; "" for all else."""
    parts = word.split("-")
    if len(parts) == 3 and len(parts[0]) < 3 and len(parts[1]) == 3 and len(parts[2]) == 4:
        day, month, year = parts
        month = month[0].upper() + month[1:].lower()
        at = _MONTHS.find(month)
        if at >= 0 and _is_number(day, "0") and _is_number(year, "1"):
            days = int(_MONTHS[at + 3 : at + 5])
            if days == 29 and int(year) % (400 if year[2:] == "00" else 4):
                days = 28
            if 0 < int(day) <= days:
                return day + "-" + month + "-" + year
    return ""


# --- words for a person ---


def _unknown(word: str) -> str:
    """What to say of a word that is no key: the key that is most like it."""
    if word == "AND":
        return "leave AND out; keys side by side must all be true"
    nearest, most = "", 0
    for _, keys, _ in _ROWS:
        for key in keys.split():
            # letters in the same place, from the beginning and from the end
            alike = -(max(len(word), len(key)) * 3 // 4)
            for at in range(min(len(word), len(key))):
                alike += (word[at] == key[at]) + (word[-1 - at] == key[-1 - at])
            if alike > most:
                nearest, most = key, alike
    return "not a key; " + (
        "did you mean " + nearest + "?" if nearest else "keys are UNSEEN, FROM, SINCE and others"
    )


def _fail_wanting(at: int, key: str) -> "NoReturn":
    wanted = "".join([row[2] for row in _ROWS if key in row[1].split()])
    _fail(at, key + " wants " + wanted.replace("|", ", for example " + key + " "))


def _fail(at: int, problem: str) -> "NoReturn":
    raise ConfigError("column " + str(at + 1), problem)
