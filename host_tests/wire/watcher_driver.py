"""Runs under MicroPython: the real watcher over the real transport, its time sped up.

One JSON line in says whom to watch; one line out for each change tells what the account knows.
"""

import asyncio
import json
import sys
import time

from postlamp.app.states import policy_of
from postlamp.mail.account import Account
from postlamp.mail.backoff import Backoff
from postlamp.mail.watcher import Watcher
from postlamp.net.clock import Clock
from postlamp.net.dial import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

order = json.loads(sys.stdin.readline())
speed = order["speed"]


class FastTime:
    """The time module with ticks that run faster and wrap soon."""

    period = 1 << 30
    start = time.ticks_ms()

    def ticks_ms(self):
        """Real ticks times `speed`; they wrap after five seconds."""
        return ((time.ticks_ms() - self.start) * speed - 5000) % self.period

    def ticks_diff(self, end, start):
        """As the chip's."""
        return (end - start + self.period // 2) % self.period - self.period // 2

    def gmtime(self, seconds=None):
        """The real one; only its epoch is asked for."""
        return time.gmtime(seconds)


class FastTransport(Transport):
    """Waits shorter by as much."""

    async def readinto(self, buffer, deadline_ms):
        """Reads with a shorter deadline."""
        return await super().readinto(buffer, deadline_ms // speed)

    async def write(self, data, deadline_ms=20000):
        """Writes with a shorter deadline."""
        await super().write(data, deadline_ms // speed)


class FastBackoff(Backoff):
    """Tells how long it would wait, and waits shorter."""

    told_ms = 0

    def failed_ms(self, policy, least_s=0):
        """The real delay, shortened."""
        self.told_ms = super().failed_ms(policy, least_s)
        return self.told_ms // speed


def tell():
    told = {"now_s": clock.now_s(), "retry_ms": backoff.told_ms}
    for name in ("unseen", "cause", "detail", "newest", "new_count", "reconnects"):
        told[name] = getattr(account, name)
    print(json.dumps(told))


clock = Clock(None, FastTime())
backoff = FastBackoff(lambda limit: 0)
account = Account("test", order["settings"]["poll_s"], tell)
context = context_for(load_certificates(order["ca"])) if order["ca"] else None
transport = FastTransport(context)
watcher = Watcher(order["settings"], account, transport, clock, backoff, policy_of)
asyncio.run(watcher.run())
