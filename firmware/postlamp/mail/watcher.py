"""The watcher of one account: connect, count, wait, recount, and try again for ever.

Decides when; session.py knows how. Everything learned goes into the Account.
"""

import asyncio

from micropython import const

from postlamp.errors import PostlampError
from postlamp.mail.session import Session
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.mail.account import Account
    from postlamp.net.clock import Clock
    from postlamp.net.transport import Transport

_LONGEST_S = const(1740)  # servers may end what is idle for half an hour (RFC 2177)
_AGAIN_S = const(600)  # some servers show what others did, or a mailbox made anew, only then
_FACTS = const(4)  # that are remembered
_GATHER_MS = const(500)  # pushes right after a count are answered together


class Tries:
    """How one account's connections went, for backoff.py to judge; `below(n)` is random."""

    delay_ms = 0
    short_ms = 0  # where it begins again after a connection that did not last
    wait_ms = 0  # from the last failure to the next try
    retry_at = 0
    refusals = 0  # in a row, as far as they matter
    refusal: "PostlampError | None" = None  # one that asks for patience
    asked_until = 0  # by the server, in words
    counts_since: "int | None" = None  # this connection

    def __init__(self, below: "Callable[[int], int]") -> None:
        self.below = below


class Watcher:
    """Watches the mailboxes of one account over one connection; in the first one it waits.

    `policy_of(cause)` names the retry policy (app/states.py). `memory`, a store.state.State, keeps
    under the account's name what must outlast a reboot: UIDVALIDITY, last announced UID, baseline
    UID or -1, refused logins in a row. With a `place` (turns.py) the connection is shared.
    """

    further: "Any" = None  # mailboxes, a further.Further

    def __init__(
        self,
        settings: "dict[str, Any]",
        account: "Account",
        transport: "Transport",
        clock: "Clock",
        tries: "Tries",
        policy_of: "Callable[[str], str]",
        memory: "Any",
        place: "Any" = None,
    ) -> None:
        self.account = account
        self._settings = settings
        self._clock = clock
        self._tries = tries
        self._policy_of = policy_of
        self._place = place
        self._session = Session(transport, clock, account, place and place.buffers)
        self._wake = asyncio.Event()
        self._memory = memory
        # _announced: the highest UID there was at the last count; -1: not known yet
        kept: "list[int]" = memory.get(settings["name"]) or []
        if len(kept) != _FACTS:
            kept = [0, -1, -1, 0]
        self._uidvalidity, self._announced, self._baseline, tries.refusals = kept
        self._old = 0  # UIDs up to here are not new
        self._counted_at = 0
        self._cycle_at: int | None = None  # the link was proven, by all that was asked
        self._task: "asyncio.Task[Any] | None" = None

    async def run(self) -> None:
        """Watch for ever. Ends only by cancellation; the connection is closed then."""
        if self._task is not None:  # Wi-Fi was lost, and with it the connection
            self.account.reconnects += 1
        self._task = asyncio.current_task()
        tries = self._tries
        left_s = tries.retry_at - self._clock.now_s()
        if tries.refusal is not None and left_s > 0:  # that Wi-Fi is back changes nothing
            self.account.fail(tries.refusal, tries.retry_at)
            await self._pause(left_s * 1000)
        while True:
            self._wake.clear()
            tries.counts_since = None
            self.account.begin()
            try:
                if self._place is None:
                    await self._watch()
                await self._place.turn(self)
                tries.delay_ms = 0
                tries.wait_ms = self._settings["turn_s"] * 1000
            except PostlampError as error:
                self._fail(error)
            finally:
                if self._task is not None and self._place is None:
                    self.close()
            await self._pause(tries.wait_ms)

    def wake(self) -> None:
        """Try now, if waiting for the next try (the button); not before a server's own time."""
        if self._clock.now_s() >= self._tries.asked_until:
            self._wake.set()

    def seen(self) -> None:
        """From now on only what comes later counts (the button); the mailbox stays as it is."""
        self._baseline = max(self._announced, self._baseline)
        self._session.is_hinted = True  # a count that is under way knows nothing of it
        self._keep()
        if self.further:
            self.further.is_seen = True
        self.account.seen()

    async def leave(self) -> None:
        """End `run`, and the connection as servers like it, within 5 s."""
        task, self._task = self._task, None
        await self._session.part(task)

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    async def _pause(self, delay_ms: int) -> None:
        try:
            await asyncio.wait_for_ms(self._wake.wait(), delay_ms)
        except asyncio.TimeoutError:
            return  # the time to wait is over

    def _fail(self, error: PostlampError) -> None:
        """Tell what ended the connection, unless servers do so every hour."""
        from postlamp.mail.backoff import judge

        account, tries = self.account, self._tries
        refusals = tries.refusals
        # What came since is no proof, as it led to nothing
        account.link_proven_at = self._cycle_at
        is_news = judge(tries, error, self._policy_of(error.cause), self._clock.now_s())
        del judge
        drop("postlamp.mail.backoff")
        self._keep(tries.refusals != refusals)
        account.reconnects += 1
        if is_news:
            account.fail(error, tries.retry_at)

    def _keep(self, is_urgent: bool = False) -> None:
        facts = [self._uidvalidity, self._announced, self._baseline, self._tries.refusals]
        self._memory.put(self._settings["name"], facts, is_urgent)

    async def look(self) -> Session:
        """Connect and count; the session, which stays connected."""
        session, tries = self._session, self._tries
        await session.open(self._settings)
        self._rebase()
        await self._recount()
        refusals, tries.refusals = tries.refusals, 0
        tries.refusal = None
        self._keep(refusals > 0)
        session.is_proven = True
        tries.counts_since = self._counted_at
        self._cycle_at = self.account.link_proven_at
        return session

    async def _watch(self) -> None:
        """One connection, until something ends it."""
        session, clock = await self.look(), self._clock
        opened_at = clock.now_s()
        while True:
            self._cycle_at = self.account.link_proven_at
            await session.wait(min(self._settings["poll_s"], _LONGEST_S))
            now_s = clock.now_s()
            if now_s - opened_at >= _AGAIN_S:
                await session.open(self._settings, False)
                opened_at = now_s
                self._rebase()
            elif not session.is_hinted:
                await session.noop()
                if not session.is_hinted and not self._is_due():
                    continue
            elif now_s - self._counted_at < 1:
                await asyncio.sleep_ms(_GATHER_MS)
            await self._recount()

    def _is_due(self) -> bool:
        """Whether the count is so old that only asking again proves it."""
        age_s = self._clock.now_s() - self._counted_at
        # The look nearest to its time: the next one may come when two counts are missing
        due_s = self.account.count_interval_s() - self._settings["poll_s"] // 2
        return bool(self.account.unseen) or age_s >= due_s

    def _rebase(self) -> None:
        """A new UIDVALIDITY, or UIDNEXT going down, makes all remembered UIDs worthless."""
        engine = self._session.engine
        is_back = engine.uidnext and engine.uidnext <= self._announced
        if engine.uidvalidity == self._uidvalidity and not is_back:
            return
        self._uidvalidity = engine.uidvalidity
        self._announced = self._baseline = -1
        self.account.newest = None  # another message may have its number
        self.account.announce(0, None)

    async def _recount(self) -> None:
        """Ask for everything first, then tell it in one go: nobody shows half an answer."""
        session, account = self._session, self.account
        criteria = self._settings["search"]
        last = session.engine.uidnext - 1
        if self._baseline < 0 and self._settings["baseline"] == "now":
            if last < 0:  # not every server tells
                _, last = await session.count(criteria)
            self._baseline = last
            self._keep(True)
        count, highest = await session.count(criteria, self._baseline + 1)
        counted_at = self._clock.now_s()
        if self._announced < 0:  # unread at the first connection of all is not new
            self._announced = max(highest, last, 0)
        fresh = account.fresh_count(counted_at)
        if not fresh:
            self._old = self._announced
        new_count = 0
        if highest > self._old:
            new_count, _ = await session.count(criteria, max(self._old, self._baseline) + 1, True)
            new_count = new_count or 1  # `highest` is new; GNU mailutils finds nothing by n:*
        newest = account.newest
        if not count:
            newest = None
        elif not newest or newest[0] != highest:
            newest = await session.newest(highest, self._settings.get("charset", ""))
        told: "Any" = account
        if self.further:
            told = await self.further.look(session, account)
        is_news = highest > self._announced
        if fresh and not account.fresh_count(self._clock.now_s()):  # it ended meanwhile
            self._old = self._announced
            new_count = max(new_count - fresh, int(is_news))
        self._announced = max(self._announced, highest)
        self._counted_at = counted_at
        self._keep()
        told.proved_newest(newest, counted_at if is_news else 0)
        # not kept over the waits above: the button may have ended it
        told.announce(min(count, new_count), counted_at if is_news else account.new_since)
        told.proved_count(count, counted_at)
