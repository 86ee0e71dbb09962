"""The pages of the start and of trouble: not sure, needs you, refused. Application layer, pure.

In memory only while one of them is shown (pages.py); pages.py explains what a page is.
"""

from micropython import const

from postlamp.app.lines import cut, wrap
from postlamp.app.pages import accounts, age

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.app.pages import Page
    from postlamp.app.status import Status
    from postlamp.app.words import Words

_BODY_COLUMNS = const(21)
_MOST_SHOWN = const(99)
_DAY_S = const(86400)
# Where the server's own words, or the name of what is meant, say more than ours.
_QUOTED_CAUSES = (
    "sign_in",
    "command",
    "config",
    "contact_admin",
    "account",
    "alert",
    "mailbox",
    "wifi_password",
)


def compose(name: str, status: "Status", words: "Words") -> "Page":
    """The page of that name, as nine texts."""
    if name == "not_sure":
        return _not_sure(status, words)
    if name in ("needs_you", "refused"):
        return _trouble(name, status, words)
    return _starting(name, status, words)


def _not_sure(status: "Status", words: "Words") -> "Page":
    cause = status.cause or "internal"
    last = status.last_unseen
    second = "" if last is None else words.say("changed")
    second = _others(status) or second
    if last is None:
        first = words.say("unknown")
    else:
        clock = _clock_before(status.clock, status.age_s)
        first = words.say("was.at", n=last, clock=clock) if clock else words.say("was", n=last)
    if not status.retry_in_s:
        retry = words.say("retry.now")
    else:
        left = age(status.retry_in_s, words)
        retry = words.say("retry", age=left)
        if len(retry) > _BODY_COLUMNS:
            retry = words.say("retry.short", age=left)
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


def _clock_before(clock: str, age_s: "int | None") -> str:
    """The time of day so long ago; "" on another day, and while the clock is not set."""
    if not clock or age_s is None or age_s >= _DAY_S:
        return ""
    minute = (int(clock[:2]) * 60 + int(clock[3:]) - age_s // 60) % 1440
    return "%02d:%02d" % (minute // 60, minute % 60)


def _trouble(name: str, status: "Status", words: "Words") -> "Page":
    key = "cause." + (status.cause or "internal")
    title, act = words.say(key + ".title"), words.say(key + ".act")
    hint = status.detail if status.cause in _QUOTED_CAUSES else ""
    hint = hint or words.say(key + ".hint")
    if status.cause == "config":
        first, second, third = wrap(hint, _BODY_COLUMNS, 3)
        return ("config", "", title, "", first, second, third, act, "")
    account = ""
    if status.account and status.cause != "wifi_password":
        account = words.say("account", account=status.account)
    return (name, "", words.say(name), account, _others(status), title, hint, act, "")


def _others(status: "Status") -> str:
    """The accounts, if something is known of one beside the one in trouble."""
    is_known = [name for name, count in status.accounts if count is not None]
    return accounts(status, "  ") if is_known and len(status.accounts) > 1 else ""


def _starting(name: str, status: "Status", words: "Words") -> "Page":
    third = ""
    first, second, foot = words.say(name), "", words.say(name + ".act")
    if name in ("not_set_up", "service", "safe"):
        third, first, second = first, words.say(name + ".1"), words.say(name + ".2")
        if name == "safe":
            second = cut(status.detail, _BODY_COLUMNS) or second
    elif status.link_trouble:
        second = _title(status.link_trouble, status.detail, words)
    else:
        second = status.account or (status.accounts[0][0] if status.accounts else "")
    return (name, "", "Postlamp", "", third, first, second, foot, status.clock)


def _title(cause: str, detail: str, words: "Words") -> str:
    """What is wrong, in one body line; a Wi-Fi is named, its name cut if it must be."""
    if cause != "wifi" or not detail:
        return words.say("cause." + cause + ".title")
    text = words.say("cause.wifi.named", name=detail)
    over = len(text) - _BODY_COLUMNS
    if over <= 0:
        return text
    return words.say("cause.wifi.named", name=cut(detail, len(detail) - over))
