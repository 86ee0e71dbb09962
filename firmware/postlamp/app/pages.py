"""What the screen says: a snapshot of the status becomes a page of short texts. Application layer.

Pure; knows no pixels. The pages are those of the table "Screens, 128×64"; that of new mail is in
fresh.py and those of the start and of trouble in trouble.py, loaded when what they tell changes.
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

_MOST_SHOWN = const(99)
_NEW_S = const(10)  # so long the newest mail has the screen to itself


def compose(status: "Status", words: "Words") -> "Page":
    """The page for the status, as nine texts; the screen cuts what is too wide."""
    name = status.page()
    if name == "nothing" or name == "unread":
        drop("postlamp.app.trouble", "postlamp.app.lines")
    if name == "nothing":
        return _nothing(status, words)
    if name == "unread" or (name == "new" and (status.newest_age_s or 0) >= _NEW_S):
        return _unread(status, words)
    # Not kept while connecting: signing in takes the memory. Nothing else changes then.
    trouble = (status.cause, status.retry_in_s, status.known)
    mail = (status.new_count, status.newest_account, status.sender, status.subject)
    facts = (name, status.clock, trouble, mail)
    if status.troubled[0] != facts:
        status.troubled = facts, _told(name, status, words)
    page: Page = status.troubled[1]
    return page


def _told(name: str, status: "Status", words: "Words") -> "Page":
    """The page of what is new, or wrong."""
    if name == "new":
        from postlamp.app.fresh import compose
    else:
        from postlamp.app.trouble import compose
    try:
        return compose(name, status, words)
    finally:
        del compose  # a name still in use would keep the module
        drop("postlamp.app.fresh")
        if not status.retry_in_s:
            drop("postlamp.app.trouble", "postlamp.app.lines")


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
