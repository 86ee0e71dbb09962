"""The watcher of one account: connect, count, wait, recount, and try again for ever.

Decides when; session.py knows how. Everything learned goes into the Account.
"""

import asyncio

from micropython import const

from postlamp.errors import PostlampError
from postlamp.mail.session import Session

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.mail.account import Account
    from postlamp.mail.backoff import Backoff
    from postlamp.net.clock import Clock
    from postlamp.net.transport import Transport

_LONGEST_S = const(1740)  # servers may end what is idle for half an hour (RFC 2177)
_AGAIN_S = const(600)  # some servers show what others did, or a mailbox made anew, only then
_GATHER_MS = const(500)  # pushes right after a count are answered together


class Watcher:
    """Watches one mailbox of one account over one connection.

    `policy_of(cause)` names the retry policy (app/states.py).
    """

    def __init__(
        self,
        settings: "dict[str, Any]",
        account: "Account",
        transport: "Transport",
        clock: "Clock",
        backoff: "Backoff",
        policy_of: "Callable[[str], str]",
    ) -> None:
        self.account = account
        self._settings = settings
        self._clock = clock
        self._backoff = backoff
        self._policy_of = policy_of
        self._session = Session(transport, clock, account)
        self._wake = asyncio.Event()
        self._uidvalidity = 0
        self._announced = -1  # the highest UID there was at the last count; -1: not known yet
        self._old = 0  # UIDs up to here are not new
        self._counted_at = 0

    async def run(self) -> None:
        """Watch for ever. Ends only by cancellation; the connection is closed then."""
        while True:
            self._wake.clear()
            self.account.begin()
            try:
                await self._watch()
            except PostlampError as error:
                delay_ms = self._backoff.failed_ms(self._policy_of(error.cause), error.wait_s)
                self.account.fail(error, self._clock.now_s() + (delay_ms + 999) // 1000)
            finally:
                self._session.close()
            await self._pause(delay_ms)

    def wake(self) -> None:
        """Try now, if waiting for the next try (the button)."""
        self._wake.set()

    async def _pause(self, delay_ms: int) -> None:
        try:
            await asyncio.wait_for_ms(self._wake.wait(), delay_ms)
        except asyncio.TimeoutError:
            return  # the time to wait is over

    async def _watch(self) -> None:
        """One connection, until something ends it."""
        session, clock = self._session, self._clock
        await session.open(self._settings)
        opened_at = clock.now_s()
        self._rebase()
        await self._recount()
        self._backoff.succeeded()
        while True:
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
        self._announced = -1
        self.account.newest = None  # another message may have its number
        self.account.announce(0, None)

    async def _recount(self) -> None:
        """Ask for everything first, then tell it in one go: nobody shows half an answer."""
        session, account = self._session, self.account
        criteria = self._settings["search"]
        count, highest = await session.count(criteria)
        counted_at = self._clock.now_s()
        if self._announced < 0:  # unread at the first connect is not new
            self._announced = max(highest, session.engine.uidnext - 1, 0)
        if not account.fresh_count(counted_at):
            self._old = self._announced
        new_count = 0
        if highest > self._old:
            new_count, _ = await session.count(criteria, self._old + 1)
            new_count = new_count or 1  # `highest` is new; GNU mailutils finds nothing by n:*
        newest = account.newest
        if not count:
            newest = None
        elif not newest or newest[0] != highest:
            newest = await session.newest(highest, self._settings.get("charset", ""))
        is_news = highest > self._announced
        self._announced = max(self._announced, highest)
        self._counted_at = counted_at
        account.proved_newest(newest, counted_at if is_news else 0)
        # not kept over the waits above: the button may have ended it
        account.announce(min(count, new_count), counted_at if is_news else account.new_since)
        account.proved_count(count, counted_at)
