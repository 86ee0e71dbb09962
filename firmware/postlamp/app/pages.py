"""What the screen says: a snapshot of the status becomes a page of short texts. Application layer.

Pure; knows columns, not pixels. The pages are those of the table "Screens, 128×64"; those of
the start and of trouble are in trouble.py, in memory only while one of them is shown.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Tuple

    from postlamp.app.status import Status
    from postlamp.app.words import Words

    # (name, big, head 1, head 2, head 3, body 1, body 2, foot left, foot right)
    Page = Tuple[str, str, str, str, str, str, str, str, str]

_BODY_COLUMNS = const(21)
_FOOT_COLUMNS = const(25)
_MOST_SHOWN = const(99)
_ELLIPSIS = "\u2026"
_NEW_S = const(10)  # so long the newest mail has the screen to itself


def compose(status: "Status", words: "Words") -> "Page":
    """The page for the status, as nine texts; the screen cuts what is too wide."""
    name = status.page()
    if name not in ("nothing", "new", "unread"):
        # Not kept while connecting: signing in takes the memory. Nothing else changes then.
        facts = (name, status.cause, status.clock, status.retry_in_s, status.known)
        if status.troubled[0] != facts:
            from postlamp.app import trouble

            status.troubled = facts, trouble.compose(name, status, words)
            del trouble  # a name still in use would keep the module
            if not status.retry_in_s:
                drop("postlamp.app.trouble")
        page: Page = status.troubled[1]
        return page
    drop("postlamp.app.trouble")
    if name == "nothing":
        return _nothing(status, words)
    if name == "new" and (status.newest_age_s or 0) < _NEW_S:
        return _new(status, words)
    return _unread(status, words)


def _unread(status: "Status", words: "Words") -> "Page":
    count = status.unseen
    third = sender = subject = ""
    if status.sender or status.subject:
        sender = status.sender or words.say("no_sender")
        subject = status.subject or words.say("no_subject")
    if status.link_trouble:
        third = words.say("cause." + status.link_trouble + ".title")
    elif status.newest_age_s is not None:
        third = words.say("newest", age=age(status.newest_age_s, words))
    return (
        "unread",
        "?" if count is None else str(count) if count <= _MOST_SHOWN else "99+",
        words.say("unread"),
        accounts(status, "  "),
        third,
        sender,
        subject,
        _checked(status, words),
        status.clock,
    )


def _new(status: "Status", words: "Words") -> "Page":
    head = words.say("new", account=status.newest_account)
    if status.new_count > 1:
        head = spread(head, words.say("new.of", n=status.new_count), _FOOT_COLUMNS)
    first, second = wrap(status.subject or words.say("no_subject"), _BODY_COLUMNS, 2)
    sender = status.sender or words.say("no_sender")
    return ("new", "", head, "", sender, first, second, words.say("new.press"), status.clock)


def _nothing(status: "Status", words: "Words") -> "Page":
    second = day = ""
    if status.link_trouble:
        second = words.say("cause." + status.link_trouble + ".title")
    else:
        second = accounts(status, "   ")
    if status.day:
        day = words.say("day." + str(status.day[0]), n=status.day[1])
    foot = _checked(status, words)
    return ("nothing", status.clock or "0", "", "", "", words.say("nothing"), second, foot, day)


def accounts(status: "Status", gap: str) -> str:
    """Each account with its count, `?` where it is not known."""
    return gap.join([name + (" ?" if n is None else " " + str(n)) for name, n in status.accounts])


def _checked(status: "Status", words: "Words") -> str:
    if status.age_s is None:
        return words.say("unchecked")
    return words.say("checked", age=age(status.age_s, words))


def age(seconds: int, words: "Words") -> str:
    """A length of time in its largest unit."""
    unit, size = "s", 1
    for larger, its_size in (("min", 60), ("h", 3600), ("d", 86400)):
        if seconds >= its_size:
            unit, size = larger, its_size
    return words.say("age." + unit, n=max(seconds, 0) // size)


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
