"""Runs under MicroPython: the real watcher over the real transport, each connection cut off.

One JSON line in; out comes "cut <n>" when the count was proved, and now and then a line
"cost <n> <bytes> <files> <failures>".
"""

import asyncio
import gc
import json
import os
import sys

from postlamp.app.states import policy_of
from postlamp.mail.account import Account
from postlamp.mail.backoff import Backoff
from postlamp.mail.watcher import Watcher
from postlamp.net.clock import Clock
from postlamp.net.dial import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates


class Impatient(Backoff):
    """Does not wait: there are a thousand to make."""

    def failed_ms(self, policy: str, least_s: int = 0) -> int:
        """The real delay is worked out and not kept."""
        super().failed_ms(policy, least_s)
        return 1


def costs(number: int, account: "Account") -> None:
    """Heap in use and open files, now that everything of the last connection is gone."""
    gc.collect()
    gc.collect()
    print("cost", number, gc.mem_alloc(), len(os.listdir("/proc/self/fd")), account.reconnects)


async def main() -> None:
    """Connect, count, be cut off, and so on."""
    order = json.loads(sys.stdin.readline())
    changed = asyncio.Event()
    account = Account("work", 60, changed.set)
    transport = Transport(context_for(load_certificates(order["ca"])))
    backoff = Impatient(lambda limit: 0)
    settings = order["settings"]
    watcher = Watcher(settings, account, transport, Clock(), backoff, policy_of)
    watching = asyncio.create_task(watcher.run())
    for number in range(order["times"] + 1):
        while account.cause is not None or account.unseen != order["unseen"]:
            changed.clear()
            await changed.wait()
        if number % order["every"] == 0:
            costs(number, account)
        account.unseen = None  # to be proved anew
        print("cut", number)
    watching.cancel()


asyncio.run(main())
