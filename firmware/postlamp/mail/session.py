"""One connection: drives the engine over a transport, each command with its own deadline.

Knows the order of commands a watcher needs; never decides when to connect or what to show.
"""

from micropython import const

from postlamp.errors import LinkError
from postlamp.imap.engine import NEED_DATA, Engine
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from postlamp.imap.engine import Criteria
    from postlamp.imap.response import Event
    from postlamp.mail.account import Account
    from postlamp.net.clock import Clock
    from postlamp.net.transport import Transport

    Job = dict[str, Any]  # what the steps of opening tell each other

_ANSWER_S = const(20)
_FEW = const(50)  # numbers that cost less than asking twice
_HINTS = ("exists", "expunge", "vanished")
_READ_BYTES = const(1024)
_LINE_BYTES = const(1024)


class Session:
    """A logged-in connection to one mailbox. Raises PostlampError."""

    def __init__(
        self,
        transport: "Transport",
        clock: "Clock",
        account: "Account",
        buffers: "tuple[bytearray, bytearray] | None" = None,
    ) -> None:
        # Made once: a kilobyte in one piece is hard to find
        buffers = buffers or (bytearray(_LINE_BYTES), bytearray(_READ_BYTES))
        self._line, self._read = buffers
        self.engine = Engine(self._line)
        self.is_hinted = False  # something came that may have changed the count
        self.is_proven = False  # it has counted: until then no word of the server proves the link
        self.mechanism = ""  # what signed in last
        self.is_believed = False  # the server's own count (ESEARCH) was found true
        self.lies = 0  # how often it was not
        self.transport = transport
        self._clock = clock
        self._account = account
        self._can_idle = True

    async def open(self, settings: "dict[str, Any]", is_new: bool = True) -> None:
        """Connect, check the certificate, sign in, open the mailbox read-only or as set.

        If not `is_new` only the mailbox is opened again, on the same connection.
        """
        from postlamp.mail import steps

        try:
            await steps.take(self, settings, is_new)
        finally:
            del steps  # a name still in use would keep the module
            drop("postlamp.mail.steps")
        self.is_hinted = False
        self._account.way = settings["tls"] + " " + self.mechanism

    def begin(self, settings: "dict[str, Any]") -> None:
        """A new connection, of which nothing is known yet."""
        self.engine = Engine(self._line)
        self._can_idle = settings["idle"]
        self.is_proven = False

    async def count(
        self, criteria: "Criteria", uid_from: int = 0, is_part: bool = False
    ) -> "tuple[int, int]":
        """(matching messages, highest UID), of those from a UID on: all that count, or a part.

        Long answers are left to the server to count.
        """
        from postlamp.mail.counting import count

        try:
            is_short = is_part or self.lies > 1 or (self._account.unseen or 0) <= _FEW
            return await count(self, criteria, uid_from, is_part, is_short)
        finally:
            del count  # a name still in use would keep the module
            drop("postlamp.mail.counting", "postlamp.imap.numbers")

    async def newest(self, uid: int, charset: str = "") -> "tuple[int, str, str] | None":
        """(UID, sender, subject) of a message; None when it has gone.

        `charset` is that of 8-bit text that is no UTF-8; "" for boxes.
        """
        from postlamp.mail.newest import fields

        try:
            found = await fields(self, uid)
        finally:
            del fields  # a name still in use would keep the module
            drop("postlamp.mail.newest")
        if found is None:
            return None
        from postlamp.mail.wording import shown

        try:
            return (uid,) + shown(found, charset)
        finally:
            del shown
            drop("postlamp.mail.wording")

    async def noop(self) -> None:
        """Prove the link; the answer may hint at changes."""
        await self.expect_ok(self.engine.noop(), "command")

    async def wait(self, limit_s: int) -> None:
        """Wait for a hint, in IDLE where the server has it, at the most `limit_s`."""
        deadline = self._clock.now_s() + limit_s
        idle_tag = ""
        if self._can_idle and "IDLE" in self.engine.capabilities:
            idle_tag = self.engine.idle()
            answer = await self.finish(idle_tag, _ANSWER_S, "idling")
            if answer[0] == "completed":  # refused; remembered for this connection
                self._can_idle = False
                idle_tag = ""
        while not self.is_hinted:
            event = await self._try_event(deadline)
            if event is None:
                break
            if event[0] == "completed":  # some servers end IDLE by themselves
                idle_tag = ""
        if idle_tag:
            if self.is_hinted:
                self._account.has_push = True
            self.engine.done()
            await self.finish(idle_tag)

    async def finish(self, tag: str, limit_s: int = _ANSWER_S, kind: str = "") -> "Event":
        """The completion of a command, whatever its status, or a `kind` of event before it.

        Hints on the way are noted. Raises LinkError("silent") when nothing comes in time.
        """
        deadline = self._clock.now_s() + limit_s
        while True:
            event = await self._try_event(deadline)
            if event is None:
                raise LinkError("silent")
            if event[0] == kind or (event[0] == "completed" and event[1] == tag):
                return event

    async def expect_ok(self, tag: str, cause: str, limit_s: int = _ANSWER_S) -> "Event":
        """The completion of a command; raises ServerError (`cause`) unless it is OK."""
        event = await self.finish(tag, limit_s)
        if event[3] != "OK":
            raise _refusal(event[4], event[5], cause)
        return event

    async def part(self, task: "asyncio.Task[Any] | None" = None) -> None:
        """Say goodbye and close, within 5 s; before that end the `task` that uses it."""
        from postlamp.mail.leaving import leave

        try:
            await leave(self, task)
        finally:
            del leave  # a name still in use would keep the module
            drop("postlamp.mail.leaving")

    def close(self) -> None:
        """Close the connection on this side, whatever state it is in."""
        self.transport.close()

    async def _try_event(self, deadline: int) -> "Event | None":
        """The next event, or None when nothing came by the deadline."""
        while True:
            event = self.engine.next_event()
            if event is not NEED_DATA:
                return self._noted(event)
            out = self.engine.to_send()
            if out:
                await self.transport.write(out)
            left_s = deadline - self._clock.now_s()
            if left_s <= 0:
                return None
            try:
                size = await self.transport.readinto(self._read, left_s * 1000)
            except LinkError as error:
                if error.cause == "silent":
                    return None
                raise
            if size:
                if self.is_proven:
                    self._account.link_proven_at = self._clock.now_s()
                self.engine.feed(self._read, size)
            else:
                self.engine.eof()

    def _noted(self, event: "Event") -> "Event":
        kind = event[0]
        if kind in _HINTS or (kind == "fetch" and event[2]):
            self.is_hinted = True
        elif kind == "eof":
            raise LinkError("closed")
        elif kind == "bye":
            raise _refusal(event[1], event[2], "bye")
        return event


def _refusal(code: str, text: str, otherwise: str) -> Exception:
    """The error for a NO, BAD or BYE; what judges them is loaded only then."""
    from postlamp.mail.verdict import refusal

    error = refusal(code, text, otherwise)
    drop("postlamp.mail.verdict")
    return error
