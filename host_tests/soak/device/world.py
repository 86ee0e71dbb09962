"""Everything outside the gadget: mailbox, server, Wi-Fi, time servers, and what is wrong there.

The one place that prints what the judge reads: "<ms> <kind> <words>", see soak/judge.py.
"""

import asyncio
import time

from micropython import const
from truth import Mailbox

from postlamp.errors import LinkError, TrustError

_JOIN_MS = const(3000)
_DNS_MS = const(3000)  # blocks everybody, as on the chip
_NTP_MS = const(2000)
_EPOCH_2000 = const(946684800)
_HEARD_MS = const(5000)  # how often a sign of life is told


class World:
    """`fault` is the fault of the hour, "" for none; the other names are the server's manners."""

    def __init__(self, seed: int, has_starttls: bool) -> None:
        self.mailbox = Mailbox(self._changed)
        self.fault = ""
        self.why = ""  # more of it
        self.tells = "all"  # what the server tells by itself: all, some, mute, none
        self.has_starttls = has_starttls
        self.has_idle = True
        self.esearch = "no"  # no, yes, lies
        self.auth = "SASL-IR"
        self.session_s = 0  # a session ends after so long; 0: never
        self.login = '"me" "secret"'
        self.talk: object = None  # the one connection
        self.next_at = 0  # when the plan has something to do
        self.touched_at = 0  # when a fault came or went
        self.asked_at = 0  # when Wi-Fi was last looked at
        self._seed = seed
        self._during = 0
        self._heard_at = -_HEARD_MS
        self._joined_at = 0
        self._is_wanted = True
        self._told = ""

    def say(self, kind: str, *words: object) -> None:
        """Tell the judge."""
        print(time.elapsed_ms(), kind, *words)

    def below(self, limit: int) -> int:
        """A random number, the same ones for each seed."""
        self._seed = (self._seed * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._seed >> 8) % limit

    # --- the plan's verbs ---

    def do(self, verb: str, words: "list[str]") -> None:
        """One line of the plan."""
        getattr(self, "do_" + verb)(*words)

    def do_deliver(self, count: str) -> None:
        """Mail comes."""
        self.mailbox.deliver(int(count))
        self._settle()

    def do_during(self, count: str) -> None:
        """Mail that will come while the next SEARCH is answered, behind its list."""
        self._during = int(count)

    def do_read(self, count: str) -> None:
        """Some are read elsewhere."""
        self.mailbox.read(int(count))
        self._settle()

    def do_trash(self, count: str) -> None:
        """Some are marked as deleted elsewhere."""
        self.mailbox.trash(int(count))
        self._settle()

    def do_expunge(self, count: str) -> None:
        """Some go."""
        self.mailbox.expunge(int(count))
        self._settle()

    def do_remake(self) -> None:
        """The mailbox is made anew; who has it open is told to go."""
        self.mailbox.remake()
        self.do_blip("bye")

    def do_server(self, *words: str) -> None:
        """The server's manners change, from the next connection on."""
        self.tells, idle, self.esearch, self.auth, session_s = words
        self.has_idle = idle == "idle"
        self.session_s = int(session_s)
        self.say("v", self.tells, idle)
        self.do_blip("bye")

    def do_esearch(self, offer: str) -> None:
        """Whether the server counts for who asks, and truly, from the next connection on."""
        self.esearch = offer

    def do_blip(self, how: str) -> None:
        """Something happens to the one connection."""
        if self.talk is None:
            self.say("e", how, "to nobody")
            return
        self.touched_at = time.elapsed_ms()
        self.say("b", how)
        self.talk.kick(how)

    def do_fault(self, name: str, how: str, why: str = "") -> None:
        """From now on something is wrong; `how` ends the connection that there is, or "keep"."""
        self.touched_at = time.elapsed_ms()
        self.fault, self.why = name, why
        self.say("f", name)
        if self.talk is not None and how != "keep":
            self.talk.kick(how)

    def do_mend(self) -> None:
        """Nothing is wrong any more."""
        self.touched_at = time.elapsed_ms()
        self.say("g", self.fault)
        if self.fault == "wifi":
            self._joined_at = time.elapsed_ms() + _JOIN_MS
            self._is_wanted = False
        self.fault = ""

    def do_wall(self, seconds: str) -> None:
        """Somebody sets the wall clock wrong."""
        time.set_wall(time.time() + int(seconds))

    # --- what the server asks ---

    def latency_ms(self) -> int:
        """How long an answer takes."""
        return 10 + self.below(110)

    def lifetime(self) -> int:
        """After how many bytes a connection breaks; 0: never."""
        return 50 + self.below(900) if self.fault == "flaky" else 0

    def bytes_a_second(self) -> int:
        """How fast the line is; 0: fast."""
        return 1 if self.fault == "drip" else 30 if self.fault == "slow" else 0

    def interrupt(self) -> None:
        """A SEARCH has given its list and not ended yet."""
        if self._during:
            count, self._during = self._during, 0
            self.mailbox.deliver(count)
            self._settle()

    def proved(self, count: int, at: int, delivered: int) -> None:
        """The client has a whole answer: so many there were at that time, of all that had come."""
        self.say("p", count, at, delivered)

    def counted(self, how: str, told: int, count: int) -> None:
        """The server has counted for the client, "tried" or "believed"."""
        self.say("q", how, told, count)

    # --- what the gadget asks ---

    def heard(self) -> None:
        """The client has read something."""
        now = time.elapsed_ms()
        if now - self._heard_at >= _HEARD_MS:
            self._heard_at = now
            self.say("l")

    async def reach(self, sleep_ms: "object", connect_ms: int, tls_ms: int, tls: str) -> None:
        """Connect and shake hands. Raises LinkError, TrustError."""
        fault = self.fault
        if fault == "dns":
            time.sleep_ms(_DNS_MS)
            raise LinkError("dns", "imap.example.org")
        if fault in ("halfopen", "wifi"):
            await sleep_ms(connect_ms)
            raise LinkError("silent")
        await sleep_ms(20 + self.below(200))
        if fault == "kill":
            raise LinkError("refused", "imap.example.org:993")
        if fault == "handshake":
            await sleep_ms(tls_ms)
            raise LinkError("silent")
        await sleep_ms(300 + self.below(700))
        if fault == "tls":
            raise TrustError(self.why, "as planned")

    def is_joined(self) -> bool:
        """Whether Wi-Fi is up."""
        self.asked_at = time.elapsed_ms()
        is_there = self.fault != "wifi"
        return is_there and self._is_wanted and time.elapsed_ms() >= self._joined_at

    def join(self) -> None:
        """Wi-Fi begins to join."""
        self._is_wanted = True
        self._joined_at = time.elapsed_ms() + _JOIN_MS

    def leave(self) -> None:
        """Wi-Fi is left."""
        self._is_wanted = False

    async def tell_time(self, host: str) -> int:
        """What time server `host` says, in seconds since 1970."""
        if self.fault in ("wifi", "dns"):
            time.sleep_ms(_DNS_MS)
            raise LinkError("dns", host)
        await asyncio.sleep_ms(_NTP_MS if self.fault in ("ntp", "halfopen") else 50)
        if self.fault in ("ntp", "halfopen"):
            raise LinkError("silent")
        return time.true_time() + _EPOCH_2000

    def RTC(self) -> "World":  # noqa: N802 (its name on the chip)
        """The world is the chip's clock, too."""
        return self

    def datetime(self, when: "tuple[int, ...]") -> None:
        """Set to what was told just now."""
        time.set_wall(time.true_time())

    # --- the mailbox ---

    def _changed(self, kind: str, index: int) -> None:
        if self.talk is not None:
            self.talk.hear(kind, index)

    def _settle(self) -> None:
        truth = f"{self.mailbox.unseen()} {self.mailbox.delivered}"
        if truth != self._told:
            self._told = truth
            self.say("m", truth)
        if self.talk is not None:
            self.talk.push()
