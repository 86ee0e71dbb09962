"""Runs under MicroPython: drives the real Transport by JSON lines, one answer a line."""

import asyncio
import gc
import json
import os
import sys
from binascii import unhexlify
from time import ticks_diff, ticks_ms

from postlamp.errors import PostlampError
from postlamp.net.contexts import context_for, context_for_pin
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

transport = Transport()
buffer = bytearray(1024)
contexts = {"": None}


def context(path):
    """One context for each file of certificates."""
    if path not in contexts:
        contexts[path] = context_for(load_certificates(path))
    return contexts[path]


async def connect(order):
    pin = order.get("pin", "")
    transport.pin = unhexlify(pin)
    if transport.store != order.get("store", ""):
        transport.store = order.get("store", "")
        transport.context = context_for([])
        transport.roots = []
    if not transport.store:
        transport.context = context_for_pin() if pin else context(order["ca"])
    await transport.connect(
        order["host"],
        order["port"],
        order["tls"],
        order["name"],
        order["connect_ms"],
        order["tls_ms"],
    )


async def start_tls(order):
    """Begins TLS on the open connection."""
    return {"is_up": await transport.start_tls(order["name"], order["tls_ms"])}


async def read(order):
    """Reads until `size` bytes, a time-out or the end; the text so far is the answer."""
    got = bytearray()
    try:
        while len(got) < order["size"]:
            count = await transport.readinto(buffer, order["deadline_ms"])
            if not count:
                return {"data": got.decode(), "end": True}
            got += memoryview(buffer)[:count]
    except PostlampError as err:
        return {"data": got.decode(), "end": False, "cause": err.cause}
    return {"data": got.decode(), "end": False}


async def read_cancelled(order):
    """Reads all, but cancels every read after a few milliseconds."""
    got = bytearray()

    async def one():
        count = await transport.readinto(buffer, 10000)
        got.extend(memoryview(buffer)[:count])
        return count

    cancelled = 0
    while len(got) < order["size"]:
        task = asyncio.create_task(one())
        await asyncio.sleep_ms(order["every_ms"])
        if task.cancel():
            cancelled += 1
            try:
                await task
            except asyncio.CancelledError:
                continue
        elif await task == 0:
            break
    return {"data": got.decode(), "cancelled": cancelled}


async def write(order):
    data = order["data"].encode()
    for _ in range(order["times"]):
        await transport.write(data, order["deadline_ms"])


async def cancel_connect(order):
    """Cancels a connect in the middle."""
    task = asyncio.create_task(connect(order))
    await asyncio.sleep_ms(order["after_ms"])
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return {"cancelled": True}


async def close(order):
    transport.close()
    transport.close()


async def cost(order):
    """Open files, live heap and the C library's memory, to be compared before and after."""
    gc.collect()
    gc.collect()
    with open("/proc/self/status") as file:
        taken = file.read().split("VmData:")[1].split()[0]
    files = len(os.listdir("/proc/self/fd"))
    return {"files": files, "heap": gc.mem_alloc(), "system_kb": int(taken)}


class Flood:
    """A stream that always has data at once, a millisecond's worth of work each."""

    def readinto(self, into):
        """Fills the buffer."""
        start = ticks_ms()
        while ticks_diff(ticks_ms(), start) < 1:
            pass
        return len(into)

    def close(self):
        """Nothing to give back."""


async def flood(order):
    """Reads what never has to be waited for; how often another task ran meanwhile."""
    ran = 0

    async def run_along():
        nonlocal ran
        while True:
            ran += 1
            await asyncio.sleep_ms(1)

    task = asyncio.create_task(run_along())
    transport.close()
    transport.stream = Flood()
    for _ in range(order["reads"]):
        await transport.readinto(buffer, 1000)
    task.cancel()
    return {"ran": ran}


class Spoiled:
    """Stands where net/issuer.py would be loaded, and fails inside the certificate callback."""

    def __init__(self, failure):
        self.failure = failure

    def issuer_of(self, certificate):
        """Never tells."""
        raise self.failure


async def spoil(order):
    """The next chain of certificates cannot be read, for this reason."""
    failures = {"MemoryError": MemoryError, "IndexError": IndexError}
    sys.modules["postlamp.net.issuer"] = Spoiled(failures[order["failure"]]())


ORDERS = {
    "connect": connect,
    "start_tls": start_tls,
    "read": read,
    "read_cancelled": read_cancelled,
    "write": write,
    "cancel_connect": cancel_connect,
    "close": close,
    "cost": cost,
    "flood": flood,
    "spoil": spoil,
}


async def main():
    """Answers orders until the end of the input."""
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        order = json.loads(line)
        start = ticks_ms()
        try:
            answer = await ORDERS[order["do"]](order) or {}
        except PostlampError as err:
            answer = {"error": type(err).__name__, "cause": err.cause, "args": list(err.args)}
        answer["took_ms"] = ticks_diff(ticks_ms(), start)
        print(json.dumps(answer))


asyncio.run(main())
