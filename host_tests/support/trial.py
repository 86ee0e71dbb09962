"""Puts a gadget that counts to the test: a fault begins, and ends, and all in time."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import (
    AT_ONCE_S,
    COUNT_S,
    FAULTS,
    FIRST_RETRY_S,
    LIGHT_S,
    Fault,
)
from host_tests.support.gate import Gate
from host_tests.support.lamp import SHOWN_S, account, config, shows
from tools.build import BoardFile
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.certs import Authority

Act = Callable[[], object]
AUTHORITY = Authority()
BUSY_MS = 500  # what a busy computer adds to half a second
_STEP_MS = 2000
_LAST_LOOK_S = 1.0
_LOOK_S = 0.03  # real time between two steps: the gadget needs some to do what is due
# A step; and what the board shows may be a second old.
_EARLY_MS = _STEP_MS + 1000


def on_trial(
    name: str,
    server: Dovecot,
    use: Callable[[Trial], Awaitable[None]],
    *,
    is_open: bool = True,
    is_counting: bool = True,
    settings: dict[str, Any] | None = None,
    files: list[BoardFile] | None = None,
    hurry: int = 0,
    **more: Any,
) -> None:
    """Run a gadget behind a gate while `use` lets this fault befall it.

    is_open: TLS ends at the gate, so that faults see what is said. `more` is of the account,
    `settings` are beside it; `files` stand in for the firmware's; `hurry` as SimBoard's.
    """
    port = server.plain_port if is_open or "tls" in more else server.tls_port
    ends_tls = is_open and "tls" not in more
    ca_pem = AUTHORITY.pem if ends_tls else server.ca_pem

    async def run() -> None:
        async with Gate(port, AUTHORITY.issue() if ends_tls else None) as gate:
            owner = config(account(gate.port, **more), **(settings or {}))
            async with SimBoard(owner, ca_pem=ca_pem, files=files, hurry=hurry) as board:
                trial = Trial(name, board, gate)
                if is_counting:
                    await shows(board, state="nothing", unseen=0, cause=None)
                await use(trial)

    asyncio.run(run())


class Trial:
    """One fault of the table, and one gadget whose server is behind the gate."""

    def __init__(self, name: str, board: SimBoard, gate: Gate) -> None:
        self.board = board
        self.gate = gate
        self.fault: Fault = next(each for each in FAULTS if each.name == name)
        gate.now_ms = lambda: board.t_ms

    async def begins(self, act: Act, is_shown: Callable[[SimBoard], object] | None = None) -> None:
        """The fault begins: cause and state are shown in time, and no other trouble before.

        `is_shown`: how the state is to be seen, if not by the status line.
        """
        board, wanted = self.board, self.fault
        before = board.status.get("state", "connecting")
        shown = len(board.statuses)
        await _do(act)
        since_ms, proven_ms = board.t_ms, self.gate.heard_ms
        is_told = _tells(cause=wanted.cause)
        if wanted.told_s == AT_ONCE_S:  # no jump hides how soon
            await board.wait_for(is_told, AT_ONCE_S, is_told.__doc__ or "")
        await self.until(is_told, wanted.told_s, since_ms)
        if wanted.state:
            is_shown = is_shown or _tells(state=wanted.state)
            await self.until(is_shown, wanted.light_s, since_ms)
            if wanted.light_s == LIGHT_S:
                assert board.t_ms - proven_ms > LIGHT_S * 1000 - _EARLY_MS, "too early"
        states = {status["state"] for status in board.statuses[shown:]}
        assert states <= {before, wanted.state}

    async def ends(self, act: Act = lambda: None, unseen: int = 0) -> None:
        """The fault is over: the next try is not far, and shows the right count."""
        tries_ms = self.gate.tries_ms
        tries = len(tries_ms)
        is_right = _right(unseen)
        since_ms = self.board.t_ms
        await _do(act)
        # A try that had begun before may succeed, too
        await self.until(
            lambda board: len(tries_ms) > tries or is_right(board),
            self.fault.retry_s,
            since_ms,
            "it tries",
        )
        await self.counts(unseen, tries_ms[tries] if len(tries_ms) > tries else since_ms)

    async def passes(self, act: Act, unseen: int = 0) -> None:
        """It begins and is over: told, tried again within a second, and never trouble."""
        tries = len(self.gate.tries_ms)
        await self.begins(act)
        told_ms = self.board.t_ms
        while len(self.gate.tries_ms) == tries:  # nobody jumps meanwhile
            assert self.board.t_ms - told_ms < FIRST_RETRY_S * 1000 + BUSY_MS, "no retry"
            await asyncio.sleep(_LOOK_S)
        await self.counts(unseen, self.gate.tries_ms[tries])
        assert "not_sure" not in {status["state"] for status in self.board.statuses}

    async def counts(self, unseen: int, since_ms: int) -> None:
        """The right count, in time for a try that began then."""
        is_right = _right(unseen)
        await self.board.wait_for(is_right, COUNT_S, is_right.__doc__ or "")
        assert self.board.t_ms - since_ms <= COUNT_S * 1000

    async def stalls(self) -> None:
        """The gate holds something back; no jump makes a server seem slow."""
        await self.board.wait_for(lambda _: self.gate.is_stalled(), SHOWN_S, "it stalls")

    async def until(
        self,
        is_so: Callable[[SimBoard], object],
        limit_s: int,
        since_ms: int,
        what: str = "",
        step_ms: int = _STEP_MS,
    ) -> None:
        """Wait until it is so, by the board's clock, which jumps while nothing happens."""
        what = f"{what or is_so.__doc__ or 'it is so'}, within {limit_s} s"
        while self.board.t_ms - since_ms < limit_s * 1000:
            try:
                await self.board.wait_for(is_so, _LOOK_S, what)
                return
            except SimBoardError:
                if self.gate.is_quiet(_LOOK_S):
                    self.board.jump(step_ms)
        await self.board.wait_for(is_so, _LAST_LOOK_S, what)


def _tells(**facts: object) -> Callable[[SimBoard], bool]:
    def is_so(board: SimBoard) -> bool:
        return all(board.status.get(key) == value for key, value in facts.items())

    is_so.__doc__ = f"the status says {facts}"
    return is_so


def _right(unseen: int) -> Callable[[SimBoard], bool]:
    return _tells(cause=None, unseen=unseen)


async def _do(act: Act) -> None:
    done = act()
    if inspect.isawaitable(done):
        await done
