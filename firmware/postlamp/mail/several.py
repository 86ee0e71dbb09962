"""Counts the mailboxes of an account beside its first, by STATUS. Layer mail.

Loaded by further.py for each count, then dropped. One in which mail has come, or of which only a
part counts, is opened for a moment (EXAMINE), to search it as the first is searched. STATUS cannot
say what is marked as deleted: without a baseline that counts, too.
"""

from binascii import crc32

from micropython import const

from postlamp.errors import ServerError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.account import Account
    from postlamp.mail.further import Further
    from postlamp.mail.session import Session

    Newest = tuple[Any, str, str] | None

_ITEMS = "(UIDNEXT UIDVALIDITY UNSEEN)"
_KEPT = const(4)  # numbers of a mailbox that are kept over a reboot, its name's hash the first
_HASH_MASK = const(0x3FFFFFFF)  # what needs no memory of its own


class _Known:
    """What is known of a mailbox since its last STATUS.

    `_announced`: the highest UID there was; `_baseline`: a UID up to which nothing counts, or -1;
    `_old`: one up to which nothing is new. Made for a look: what is kept is `facts()`, for an
    object would keep this module in memory.
    """

    def __init__(self, *facts: "Any") -> None:
        self._uidvalidity, self._announced, self._baseline, self._unseen = facts[:4]
        self._count, self._old, self._new_count = facts[4:7]
        self._newest: "Newest" = facts[7]  # of what was new; its number is with the mailbox's name
        self._is_news = False  # more has come than there was at the last STATUS

    def facts(self) -> "tuple[Any, ...]":
        """What makes one that is the same."""
        known = (self._uidvalidity, self._announced, self._baseline, self._unseen)
        return known + (self._count, self._old, self._new_count, self._newest)


def remembered(settings: "dict[str, Any]", memory: "Any") -> "dict[str, Any]":
    """What was kept over a reboot, by name."""
    kept = memory.get(_key(settings)) or []
    found = {}
    for name in settings["mailboxes"][1:]:
        known = _begun(-1, -1, -1, -1)
        for at in range(0, len(kept) - _KEPT + 1, _KEPT):
            if kept[at] == _hash(name):
                known = _begun(kept[at + 1], kept[at + 2], kept[at + 3], -1)
        found[name] = known.facts()
    return found


def _begun(uidvalidity: int, announced: int, baseline: int, unseen: int) -> _Known:
    """One in which nothing is new."""
    count = max(0, unseen) if baseline < 0 else 0
    return _Known(uidvalidity, announced, baseline, unseen, count, announced, 0, None)


class _Sum:
    """Told what counts in the first mailbox, as an Account is; tells `account` the sum of all."""

    def __init__(self, account: "Account", now_s: int) -> None:
        self._account = account
        self._now_s = now_s
        self._trouble: "ServerError | None" = None  # of the first that cannot be counted
        self._count = self._new_count = 0
        self._is_news = False
        self._newest: "Newest" = None

    def _add(self, known: _Known) -> None:
        """Count one of the others."""
        self._count += known._count
        self._new_count += known._new_count
        if known._newest and (self._newest is None or known._is_news):
            self._newest = known._newest
        self._is_news = self._is_news or known._is_news

    def proved_newest(self, newest: "Newest", came_at: int) -> None:
        """What came first stays the newest until more comes, or it does not wait any more."""
        account, own = self._account, self._newest
        if own and not came_at and (self._is_news or not newest or own == account.newest):
            newest = own
        account.proved_newest(newest, came_at or (self._now_s if self._is_news else 0))

    def announce(self, count: int, since_s: "int | None") -> None:
        """So many are new in the first one, since then."""
        since_s = self._now_s if self._is_news else since_s
        self._account.announce(count + self._new_count, since_s)

    def proved_count(self, unseen: int, now_s: int) -> None:
        """The sum is as old as its first part; it is not known when a part is missing."""
        self._account.proved_count(unseen + self._count, now_s)
        if self._trouble:
            self._account.fail(self._trouble, None)


async def look(further: "Further", session: "Session", account: "Account") -> _Sum:
    """Ask for everything first, then remember it in one go."""
    settings, clock = further.settings, further.clock
    if further.is_seen:
        _see(further)
    was_fresh = account.fresh_count(clock.now_s()) > 0
    size, was_hinted, is_away = session.engine.exists, session.is_hinted, False
    trouble: "ServerError | None" = None
    found: "dict[str, _Known]" = {}
    for name in settings["mailboxes"][1:]:
        told = await _status(session, name)
        if isinstance(told, ServerError):
            trouble = trouble or told
            continue
        before = _Known(*further.known[name])
        known = found[name] = _compared(before, told, was_fresh, settings["baseline"] == "now")
        if known._count < 0:
            is_away = True
            await _search(session, settings, name, known, before._announced)
    if is_away:
        await session.open(settings, False)
        session.is_hinted = was_hinted or session.engine.exists != size
    sum_up = _Sum(account, clock.now_s())
    sum_up._trouble = trouble
    if further.is_seen:  # all of it was seen meanwhile, and is asked for again
        return sum_up
    is_over = was_fresh and not account.fresh_count(sum_up._now_s)  # it ended meanwhile
    for name, known in found.items():
        if is_over:
            known._new_count = int(known._is_news)
        sum_up._add(known)
        further.known[name] = known.facts()
    _keep(further)
    return sum_up


def _see(further: "Further") -> None:
    """The button was pressed: from then on only what came later counts."""
    further.is_seen = False
    for name in further.known:
        known = _Known(*further.known[name])
        baseline = max(known._announced, known._baseline)
        known = _begun(known._uidvalidity, known._announced, baseline, known._unseen)
        further.known[name] = known.facts()


def _key(settings: "dict[str, Any]") -> str:
    name: str = settings["name"]
    return name + "\n"  # which is in no name


def _keep(further: "Further") -> None:
    kept: "list[int]" = []
    for name in further.known:
        kept.append(_hash(name))
        kept += further.known[name][: _KEPT - 1]
    further.memory.put(_key(further.settings), kept)


def _hash(name: str) -> int:
    crc: int = crc32(name.encode())
    return crc & _HASH_MASK


async def _status(session: "Session", name: str) -> "dict[bytes, int] | ServerError":
    """What the server says of a mailbox that is not open."""
    from postlamp.imap import mailboxes

    try:
        tag = mailboxes.status(session.engine, name, _ITEMS)
        numbers: "dict[bytes, int]" = {}
        event = await session.finish(tag, kind="mailbox_status")
        while event[0] != "completed":
            numbers = event[2]
            event = await session.finish(tag, kind="mailbox_status")
    finally:
        del mailboxes  # a name still in use would keep the module
        drop("postlamp.imap.mailboxes", "postlamp.imap.command", "postlamp.imap.values")
        drop("postlamp.imap.utf7", "postlamp.imap.base64")
    if event[3] == "OK" and b"UNSEEN" in numbers and b"UIDNEXT" in numbers:
        return numbers
    from postlamp.mail.verdict import refusal

    error = refusal(event[4], event[5], "mailbox" if event[3] == "NO" else "command")
    del refusal
    drop("postlamp.mail.verdict")
    return ServerError(error.cause, error.code, name, error.wait_s)


def _compared(
    before: _Known, numbers: "dict[bytes, int]", was_fresh: bool, counts_from_now: bool
) -> _Known:
    """What STATUS and what was known before say; a `count` of -1 asks for a search."""
    last, unseen = numbers[b"UIDNEXT"] - 1, numbers[b"UNSEEN"]
    uidvalidity = numbers.get(b"UIDVALIDITY", 0)
    if uidvalidity != before._uidvalidity or last < before._announced:
        # met for the first time, or made anew: what waits there is not new
        return _begun(uidvalidity, last, last if counts_from_now else -1, unseen)
    known = _begun(uidvalidity, last, before._baseline, unseen)
    known._old = before._old if was_fresh else before._announced
    if (last, unseen) == (before._announced, before._unseen):
        known._count, known._newest = before._count, before._newest
        known._new_count = before._new_count if was_fresh else 0
    elif unseen and (last > known._old or last > known._baseline >= 0):
        known._count = -1
    return known


async def _search(
    session: "Session", settings: "dict[str, Any]", name: str, known: _Known, announced: int
) -> None:
    """Opens the mailbox to see what counts there, what of it is new, and who wrote last."""
    there = settings.copy()
    there["mailboxes"] = [name]
    await session.open(there, False)
    criteria = settings["search"]
    known._count = known._unseen
    if known._baseline >= 0:
        known._count, _ = await session.count(criteria, known._baseline + 1)
    above = max(known._old, known._baseline)
    if known._announced <= above:
        return
    new_count, highest = await session.count(criteria, above + 1, True)
    known._new_count = min(new_count, known._count)
    known._is_news = highest > announced
    newest = None
    if highest:
        newest = await session.newest(highest, settings.get("charset", ""))
    if newest:
        known._newest = ((name, highest),) + newest[1:]
