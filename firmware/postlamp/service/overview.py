"""What `status` answers: what the light shows and why, with the age of every proof.

Service layer; loaded for one answer, then dropped. Reads what others know; works nothing out.
"""

import asyncio
import gc
import json

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from postlamp.app.status import Status
    from postlamp.mail.account import Account
    from postlamp.net.clock import Clock
    from postlamp.net.wifi import WiFi

    Fact = tuple[str, object, str]  # its name, for tools, and for a person ("": left out)

_TOLD = ("state", "cause", "unseen", "checked_s", "rssi", "mode")  # here, so not of `more`
_STRONG_DBM = const(-67)
_FAIR_DBM = const(-78)
_SHOWN = {
    "starting": "starting",
    "connecting": "connecting",
    "not_set_up": "not set up",
    "nothing": "nothing waits",
    "unread": "mail waits",
    "new": "new mail",
    "reached_zero": "the last one was read",
    "not_sure": "not sure (1 blink)",
    "needs_you": "needs you (2 blinks)",
    "refused": "not safe, refused (3 blinks)",
    "service": "not watching: service mode",
    "safe": "not watching: it crashed too often",
}


async def tell(
    is_tool: bool,
    mode: str,
    status: "Status",
    watchers: "Sequence[Any]",
    wifi: "WiFi | None",
    clock: "Clock",
    more: "Callable[[WiFi | None], list[tuple[str, str]]]",
) -> None:
    """Print everything, for a tool as one line of JSON and nothing else.

    `more` are facts of memory, uptime and crashes (app/facts.py). A person is also told how broken
    up the heap is, "max free sz" in blocks of 16 bytes: MicroPython prints it and returns nothing,
    and to try for the largest block would make the heap of a chip grow.
    """
    gc.collect()  # so that what is free is told, not what was not yet collected
    now_s = clock.now_s()
    facts = _facts(mode, status, wifi, clock, more)
    if is_tool:
        print('@json {"ok": true', end="")
        _say(facts, ", ")
        print(', "accounts": [', end="")
        for number, watcher in enumerate(watchers):
            _say(_account(watcher.account, now_s), ", {" if number else "{")
            print("}", end="")
        print("]}")
        return
    await _show(facts)
    for watcher in watchers:
        await _show(_account(watcher.account, now_s))
    micropython.mem_info()


def _say(facts: "Iterator[Fact]", lead: str) -> None:
    """One by one: all in one text would need a kilobyte in one piece."""
    for name, value, _ in facts:
        print(lead, '"', name, '": ', json.dumps(value), sep="", end="")
        lead = ", "


async def _show(facts: "Iterator[Fact]") -> None:
    for name, _, words in facts:
        if words:
            name = name[:-2] if name[-2:] == "_s" else name
            print("%-15s%s" % (name.replace("_", " "), words))
            await asyncio.sleep_ms(0)
    print()


def _facts(
    mode: str,
    status: "Status",
    wifi: "WiFi | None",
    clock: "Clock",
    more: "Callable[[WiFi | None], list[tuple[str, str]]]",
) -> "Iterator[Fact]":
    yield "mode", mode, mode
    cause = status.cause
    yield "state", status.state, _SHOWN[status.state]
    yield "cause", cause, _spoken(cause, status.detail)
    yield "unseen", status.unseen, "" if status.unseen is None else str(status.unseen)
    ssid, dbm = "", None
    if wifi is not None:  # only while mail is watched
        ssid, dbm = wifi.ssid, wifi.rssi() if wifi.is_up() else None
    yield "wifi", ssid, ssid or "none"
    yield "signal_dbm", dbm, _signal(dbm)
    is_set = clock.is_set()
    yield "clock_is_set", is_set, "yes" if is_set else "no"
    for name, text in more(wifi):
        if name in _TOLD:
            continue
        if text.isdigit():
            yield name, int(text), _age(int(text)) if name[-2:] == "_s" else text
        else:
            yield name, text, text


def _account(account: "Account", now_s: int) -> "Iterator[Fact]":
    yield "account", account.name, account.name
    unseen = account.unseen
    yield "unseen", unseen, "not counted yet" if unseen is None else str(unseen)
    for name, proven_at in (
        ("counted_age_s", account.count_proven_at),
        ("heard_age_s", account.link_proven_at),
    ):
        age_s = None if proven_at is None else now_s - proven_at
        yield name, age_s, "never" if age_s is None else _age(age_s) + " ago"
    yield "cause", account.cause, _spoken(account.cause, account.detail)
    yield "detail", account.detail, ""
    retry_at = account.retry_at
    retry_s = None if retry_at is None else max(0, retry_at - now_s)
    yield "retry_in_s", retry_s, "" if retry_s is None else _age(retry_s)
    tls, _, mechanism = account.way.partition(" ")
    yield "tls", tls, "NONE: everything is sent in plain text" if tls == "none" else tls
    yield "sign_in", mechanism or None, mechanism or "not yet"
    yield "push", account.has_push, "seen" if account.has_push else "not seen"


def _spoken(cause: "str | None", detail: str) -> str:
    """A cause as words, with the detail."""
    words = (cause or "").replace("_", " ")
    return words + ": " + detail if detail else words


def _signal(dbm: "int | None") -> str:
    if dbm is None:
        return "none"
    word = "strong" if dbm >= _STRONG_DBM else "fair" if dbm >= _FAIR_DBM else "weak"
    return word + ", " + str(dbm) + " dBm"


def _age(seconds: int) -> str:
    """A span in its two largest units."""
    if seconds < 60:
        return str(seconds) + " s"
    minutes = seconds // 60
    if minutes < 60:
        return "%d min %d s" % (minutes, seconds % 60)
    hours = minutes // 60
    if hours < 24:
        return "%d h %d min" % (hours, minutes % 60)
    return "%d d %d h" % (hours // 24, hours % 24)
