"""Faults of the gadget's own, planted to see that the judge finds them. Each is one function."""

import asyncio


def never_recount(watcher: "object") -> None:
    """Counts once, then only says so."""
    count = watcher._recount
    account = watcher.account

    async def pretend() -> None:
        if account.unseen is None:
            await count()
        else:
            account.proved_count(account.unseen, watcher._clock.now_s())

    watcher._recount = pretend


def count_one_more(watcher: "object") -> None:
    """Shows one more than there are."""
    account = watcher.account
    proved_count = account.proved_count
    account.proved_count = lambda unseen, now_s: proved_count(unseen + 1, now_s)


def never_doubt(watcher: "object") -> None:
    """Shows the last count however old it is."""
    watcher.account.is_stale = lambda now_s: watcher.account.unseen is None


def give_up(watcher: "object") -> None:
    """Tries no more."""

    async def wait_for_ever(delay_ms: int) -> None:
        await asyncio.Event().wait()

    watcher._pause = wait_for_ever


def insist(watcher: "object") -> None:
    """Tries a refused password again and again."""
    watcher._pause = lambda delay_ms: asyncio.sleep_ms(1000)


def leak(watcher: "object") -> None:
    """Keeps 100 bytes for each connection."""
    hoard = []
    begin = watcher.account.begin

    def begin_and_keep() -> None:
        hoard.append(bytearray(100))
        begin()

    watcher.account.begin = begin_and_keep


def lose_tasks(watcher: "object") -> None:
    """Leaves a task behind for each connection."""
    begin = watcher.account.begin

    async def linger() -> None:
        while True:
            await asyncio.sleep(3600)

    def begin_and_leave() -> None:
        asyncio.create_task(linger())
        begin()

    watcher.account.begin = begin_and_leave


def believe_the_server(watcher: "object") -> None:
    """Takes every count of the server's own (ESEARCH) as it comes."""
    session = watcher._session
    count = session.count

    async def believe_and_count(*what: "object", **how: "object") -> "tuple[int, int]":
        session.is_believed, session.lies = True, 0
        return await count(*what, **how)

    session.count = believe_and_count


def spin(watcher: "object") -> None:
    """Counts for ever, and lets nobody else do anything."""

    async def count() -> None:
        while True:
            watcher.account.cause = None

    watcher._recount = count


def break_down(watcher: "object") -> None:
    """Raises what nobody expects, at the second count."""
    count = watcher._recount
    account = watcher.account

    async def count_or_break() -> None:
        if account.unseen is not None:
            raise ValueError("planted")
        await count()

    watcher._recount = count_or_break


def tell(name: str, watcher: "object") -> None:
    """Plant the lie of that name."""
    globals()[name](watcher)
