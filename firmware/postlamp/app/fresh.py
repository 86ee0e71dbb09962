"""The page of new mail: who and what. Application layer, pure; loaded once for each, then dropped.

pages.py explains what a page is.
"""

from micropython import const

from postlamp.app.lines import spread, wrap

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.app.pages import Page
    from postlamp.app.status import Status
    from postlamp.app.words import Words

_BODY_COLUMNS = const(21)
_FOOT_COLUMNS = const(25)


def compose(name: str, status: "Status", words: "Words") -> "Page":
    """The page of that name, as nine texts."""
    head = words.say("new", account=status.newest_account)
    if status.new_count > 1:
        head = spread(head, words.say("new.of", n=status.new_count), _FOOT_COLUMNS)
    first, second = wrap(status.subject or words.say("no_subject"), _BODY_COLUMNS, 2)
    sender = status.sender or words.say("no_sender")
    return (name, "", head, "", sender, first, second, words.say("new.press"), status.clock)
