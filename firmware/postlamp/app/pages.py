"""What the screen says: a snapshot of the status becomes a page of short texts. Application layer.

Pure; knows columns, not pixels. The pages are those of the table "Screens, 128×64".
"""

from micropython import const

from postlamp.app import states
from postlamp.app.lines import clean, cut, spread, wrap

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
_NEW_S = const(10)  # so long the newest mail has the screen to itself
# Where the server's own words say more than ours.
_QUOTED_CAUSES = ("sign_in", "command", "config")


def compose(status: "Status", words: "Words") -> "Page":
    """The page for the status, as nine texts; the screen cuts what is too wide."""
    name = states.STATES[status.state][1]
    if name == "new" and (status.newest_age_s or 0) < _NEW_S:
        return _new(status, words)
    if name == "new" or name == "unread":
        return _unread(status, words)
    if name == "nothing":
        return _nothing(status, words)
    if name == "not_sure":
        return _not_sure(status, words)
    if name == "needs_you" or name == "refused":
        return _trouble(name, status, words)
    return _starting(name, status, words)


def lines_of(page: "Page") -> "list[str]":
    """The page as the lines a person reads, empty ones left out."""
    return [text for text in page[1:] if text]


def _unread(status: "Status", words: "Words") -> "Page":
    count = status.unseen
    third = sender = subject = ""
    if status.sender or status.subject:
        sender = _or(status.sender, "no_sender", words)
        subject = _or(status.subject, "no_subject", words)
    if status.link_trouble:
        third = words.say("cause." + status.link_trouble + ".title")
    elif status.newest_age_s is not None:
        third = words.say("newest", age=_age(status.newest_age_s, words))
    return (
        "unread",
        "?" if count is None else str(count) if count <= _MOST_SHOWN else "99+",
        words.say("unread"),
        _accounts(status, "  "),
        third,
        sender,
        subject,
        _checked(status, words),
        status.clock,
    )


def _new(status: "Status", words: "Words") -> "Page":
    head = words.say("new", account=_account(status))
    if status.new_count > 1:
        head = spread(head, words.say("new.of", n=status.new_count), _FOOT_COLUMNS)
    first, second = wrap(_or(status.subject, "no_subject", words), _BODY_COLUMNS, 2)
    sender = _or(status.sender, "no_sender", words)
    return ("new", "", head, "", sender, first, second, words.say("new.press"), status.clock)


def _nothing(status: "Status", words: "Words") -> "Page":
    second = day = ""
    if status.link_trouble:
        second = words.say("cause." + status.link_trouble + ".title")
    else:
        second = _accounts(status, "   ")
    if status.day:
        day = words.say("day." + str(status.day[0]), n=status.day[1])
    foot = _checked(status, words)
    return ("nothing", status.clock or "0", "", "", "", words.say("nothing"), second, foot, day)


def _not_sure(status: "Status", words: "Words") -> "Page":
    cause = status.cause or "internal"
    last = status.last_unseen
    second = "" if last is None else words.say("changed")
    if last is None:
        first = words.say("unknown")
    elif status.last_seen_clock:
        first = words.say("was.at", n=last, clock=status.last_seen_clock)
    else:
        first = words.say("was", n=last)
    if not status.retry_in_s:
        retry = words.say("retry.now")
    else:
        age = _age(status.retry_in_s, words)
        retry = words.say("retry", age=age)
        if len(retry) > _BODY_COLUMNS:
            retry = words.say("retry.short", age=age)
    return (
        "not_sure",
        "?" if last is None or last > _MOST_SHOWN else str(last) + "?",
        first,
        second,
        words.say("cause." + cause + ".hint"),
        _title(cause, status.detail, words),
        retry,
        words.say("cause." + cause + ".act"),
        "",
    )


def _trouble(name: str, status: "Status", words: "Words") -> "Page":
    key = "cause." + (status.cause or "internal")
    title, act = words.say(key + ".title"), words.say(key + ".act")
    hint = _or(status.detail if status.cause in _QUOTED_CAUSES else "", key + ".hint", words)
    if status.cause == "config":
        first, second, third = wrap(hint, _BODY_COLUMNS, 3)
        return ("config", "", title, "", first, second, third, act, "")
    account = _account(status)
    if account:
        account = words.say("account", account=account)
    return (name, "", words.say(name), account, "", title, hint, act, "")


def _starting(name: str, status: "Status", words: "Words") -> "Page":
    third = ""
    first, second, foot = words.say(name), "", words.say(name + ".act")
    if name == "not_set_up":
        third, first, second = first, words.say("not_set_up.1"), words.say("not_set_up.2")
    elif status.link_trouble:
        second = _title(status.link_trouble, status.detail, words)
    else:
        second = _account(status)
    return (name, "", "Postlamp", "", third, first, second, foot, status.clock)


def _title(cause: str, detail: str, words: "Words") -> str:
    """What is wrong, in one body line; a Wi-Fi is named, its name cut if it must be."""
    if cause != "wifi" or not detail:
        return words.say("cause." + cause + ".title")
    name = clean(detail)
    text = words.say("cause.wifi.named", name=name)
    over = len(text) - _BODY_COLUMNS
    return text if over <= 0 else words.say("cause.wifi.named", name=cut(name, len(name) - over))


def _or(text: str, key: str, words: "Words") -> str:
    """The text made fit to show, or our words for there being none."""
    return clean(text).strip() or words.say(key)


def _account(status: "Status") -> str:
    """The account in question: the one in trouble, or the first."""
    return clean(status.account or (status.accounts[0][0] if status.accounts else ""))


def _accounts(status: "Status", gap: str) -> str:
    """Each account with its count, `?` where it is not known."""
    return gap.join(
        [clean(name) + (" ?" if n is None else " " + str(n)) for name, n in status.accounts]
    )


def _checked(status: "Status", words: "Words") -> str:
    if status.age_s is None:
        return words.say("unchecked")
    return words.say("checked", age=_age(status.age_s, words))


def _age(seconds: int, words: "Words") -> str:
    """A length of time in its largest unit."""
    if seconds < 60:
        return words.say("age.s", n=max(seconds, 0))
    if seconds < 3600:
        return words.say("age.min", n=seconds // 60)
    if seconds < 86400:
        return words.say("age.h", n=seconds // 3600)
    return words.say("age.d", n=seconds // 86400)
