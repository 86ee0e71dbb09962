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
from postlamp.mail import watcher as watchers
from postlamp.mail.account import Account
from postlamp.net.clock import Clock
from postlamp.net.contexts import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates


class Impatient:
    """asyncio for the watcher, that does not wait: there are a thousand connections to make."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    def wait_for_ms(self, what: object, ms: int) -> object:
        """As asyncio's, but over at once."""
        return asyncio.wait_for_ms(what, 1)


class Memory:
    """As store.state.State, but over no file."""

    def get(self, key: str) -> None:
        """Nothing is remembered of before."""

    def put(self, key: str, value: "list[int]", is_urgent: bool = False) -> None:
        """Nothing is kept for later."""


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
    watchers.asyncio = Impatient()
    tries = watchers.Tries(lambda limit: 0)
    settings = order["settings"]
    watcher = watchers.Watcher(settings, account, transport, Clock(), tries, policy_of, Memory())
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
