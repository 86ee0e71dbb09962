"""What the screen says: a snapshot of the status becomes a page of short texts. Application layer.

Pure; knows columns, not pixels. The pages are those of the table "Screens, 128×64".
"""

from micropython import const

from postlamp.app import states
from postlamp.app.lines import clean, cut, spread, wrap

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from postlamp.app.status import Status
    from postlamp.app.words import Words

    # (name, big, head 1, head 2, head 3, body 1, body 2, foot left, foot right)
    Page = Tuple[str, str, str, str, str, str, str, str, str]

_BODY_COLUMNS = const(21)
_FOOT_COLUMNS = const(25)
_MOST_SHOWN = const(99)
# Where the server's own words say more than ours.
_QUOTED_CAUSES = ("sign_in", "command", "config")


def compose(status: "Status", words: "Words") -> "Page":
    """The page for the status, as nine texts; the screen cuts what is too wide."""
    name = states.page_of(status.state)
    if status.cause == "config":
        return _config(status, words)
    if name == "unread":
        return _unread(status, words)
    if name == "new":
        return _new(status, words)
    if name == "nothing":
        return _nothing(status, words)
    if name == "not_sure":
        return _not_sure(status, words)
    if name in ("needs_you", "refused"):
        return _trouble(name, status, words)
    if name == "not_set_up":
        return _not_set_up(words)
    return _starting(name, status, words)


def lines_of(page: "Page") -> "list[str]":
    """The page as the lines a person reads, empty ones left out."""
    return [text for text in page[1:] if text]


def _unread(status: "Status", words: "Words") -> "Page":
    if status.link_trouble:
        third = _title(status.link_trouble, "", words)
    elif status.newest_age_s is not None:
        third = words.say("newest", age=_age(status.newest_age_s, words))
    else:
        third = ""
    return (
        "unread",
        _digits(status.unseen),
        words.say("unread"),
        _accounts(status, 2),
        third,
        _sender(status, words) if status.sender or status.subject else "",
        _subject(status, words) if status.sender or status.subject else "",
        _checked(status, words),
        status.clock,
    )


def _new(status: "Status", words: "Words") -> "Page":
    head = words.say("new", account=_account(status))
    if status.new_count > 1:
        head = spread(head, words.say("new.of", n=status.new_count), _FOOT_COLUMNS)
    first, second = wrap(_subject(status, words), _BODY_COLUMNS, 2)
    foot = words.say("new.press")
    return ("new", "", head, "", _sender(status, words), first, second, foot, status.clock)


def _nothing(status: "Status", words: "Words") -> "Page":
    if status.link_trouble:
        second = _title(status.link_trouble, "", words)
    else:
        second = _accounts(status, 3)
    return (
        "nothing",
        status.clock or _digits(0),
        "",
        "",
        "",
        words.say("nothing"),
        second,
        _checked(status, words),
        _day(status, words),
    )


def _not_sure(status: "Status", words: "Words") -> "Page":
    cause = status.cause or "internal"
    last = status.last_unseen
    if last is None:
        first, second = words.say("unknown"), ""
    elif status.last_seen_clock:
        first = words.say("was.at", n=last, clock=status.last_seen_clock)
        second = words.say("changed")
    else:
        first, second = words.say("was", n=last), words.say("changed")
    return (
        "not_sure",
        "?" if last is None or last > _MOST_SHOWN else str(last) + "?",
        first,
        second,
        words.say("cause." + cause + ".hint"),
        _title(cause, status.detail, words),
        _retry(status, words),
        words.say("cause." + cause + ".act"),
        "",
    )


def _trouble(name: str, status: "Status", words: "Words") -> "Page":
    cause = status.cause or "internal"
    hint = ""
    if cause in _QUOTED_CAUSES:
        hint = clean(status.detail)
    account = _account(status)
    return (
        name,
        "",
        words.say(name),
        words.say("account", account=account) if account else "",
        "",
        _title(cause, "", words),
        hint or words.say("cause." + cause + ".hint"),
        words.say("cause." + cause + ".act"),
        "",
    )


def _config(status: "Status", words: "Words") -> "Page":
    problem = clean(status.detail) or words.say("cause.config.hint")
    first, second, third = wrap(problem, _BODY_COLUMNS, 3)
    head, act = words.say("cause.config.title"), words.say("cause.config.act")
    return ("config", "", head, "", first, second, third, act, "")


def _not_set_up(words: "Words") -> "Page":
    title, first, second = words.say("set_up"), words.say("set_up.1"), words.say("set_up.2")
    return ("not_set_up", "", "Postlamp", "", title, first, second, words.say("set_up.act"), "")


def _starting(name: str, status: "Status", words: "Words") -> "Page":
    trouble = status.link_trouble or status.cause
    second = _title(trouble, status.detail, words) if trouble else _account(status)
    foot = words.say("patience")
    return (name, "", "Postlamp", "", "", words.say(name), second, foot, status.clock)


def _title(cause: str, detail: str, words: "Words") -> str:
    """What is wrong, in one body line; a Wi-Fi is named, its name cut if it must be."""
    if cause != "wifi" or not detail:
        return words.say("cause." + cause + ".title")
    name = clean(detail)
    text = words.say("cause.wifi.named", name=name)
    over = len(text) - _BODY_COLUMNS
    if over <= 0:
        return text
    return words.say("cause.wifi.named", name=cut(name, len(name) - over))


def _digits(count: "Optional[int]") -> str:
    if count is None:
        return "?"
    return str(count) if count <= _MOST_SHOWN else str(_MOST_SHOWN) + "+"


def _account(status: "Status") -> str:
    """The account in question: the one in trouble, or the only one."""
    if status.account:
        return clean(status.account)
    return clean(status.accounts[0][0]) if status.accounts else ""


def _accounts(status: "Status", gap: int) -> str:
    """Each account with its count, `?` where it is not known."""
    parts = []
    for name, unseen in status.accounts:
        parts.append(clean(name) + " " + ("?" if unseen is None else str(unseen)))
    return (" " * gap).join(parts)


def _sender(status: "Status", words: "Words") -> str:
    return clean(status.sender).strip() or words.say("no_sender")


def _subject(status: "Status", words: "Words") -> str:
    return clean(status.subject).strip() or words.say("no_subject")


def _checked(status: "Status", words: "Words") -> str:
    if status.age_s is None:
        return words.say("unchecked")
    return words.say("checked", age=_age(status.age_s, words))


def _retry(status: "Status", words: "Words") -> str:
    if not status.retry_in_s:
        return words.say("retry.now")
    age = _age(status.retry_in_s, words)
    text = words.say("retry", age=age)
    return text if len(text) <= _BODY_COLUMNS else words.say("retry.short", age=age)


def _day(status: "Status", words: "Words") -> str:
    if status.day is None:
        return ""
    return words.say("day." + str(status.day[0]), n=status.day[1])


def _age(seconds: int, words: "Words") -> str:
    """A length of time in its largest unit."""
    if seconds < 60:
        return words.say("age.s", n=max(seconds, 0))
    if seconds < 3600:
        return words.say("age.min", n=seconds // 60)
    if seconds < 86400:
        return words.say("age.h", n=seconds // 3600)
    return words.say("age.d", n=seconds // 86400)
