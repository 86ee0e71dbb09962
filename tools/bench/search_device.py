"""Runs on MicroPython for tools/bench/search.py: prints two lines of microseconds, one a round."""

import asyncio
import sys
import time

from postlamp.imap import access
from postlamp.imap.engine import NEED_DATA, Engine
from postlamp.net.dial import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

port, numbers, rounds = [int(word) for word in sys.argv[1:4]]
buffer = bytearray(1024)


def ready_engine():
    """An engine with a mailbox open, told so by bytes that need no server."""
    engine = Engine()
    for line in (b"* PREAUTH hello\r\n", b"p1 OK\r\n"):
        if line[0] == 112:
            access.examine(engine, "INBOX")
            engine.to_send()
        engine.feed(line)
        while engine.next_event() is not NEED_DATA:
            continue
    return engine


async def count(transport, engine):
    """Microseconds to count one answer."""
    tag = engine.search("UNSEEN")
    await transport.write(engine.to_send())
    began = time.ticks_us()
    while True:
        event = engine.next_event()
        if event is NEED_DATA:
            size = await transport.readinto(buffer, 20000)
            engine.feed(buffer, size)
        elif event[0] == "completed" and event[1] == tag:
            break
    if event[6] != (numbers, numbers, False):
        raise ValueError(event)
    return time.ticks_diff(time.ticks_us(), began)


async def drop(transport, size):
    """Microseconds to read as many bytes and look at none."""
    await transport.write(b"p0 DROP\r\n")
    began = time.ticks_us()
    while size > 0:
        size -= await transport.readinto(buffer, 20000)
    return time.ticks_diff(time.ticks_us(), began)


async def main():
    """The rounds, one of each kind in turn; the first of each only warms up."""
    transport = Transport(context_for(load_certificates("ca.pem")))
    await transport.connect("localhost", port, "implicit")
    engine = ready_engine()
    text = sum(len(str(number)) + 1 for number in range(1, numbers + 1))
    size = len("* SEARCH") + text + 2 + len("p0 OK done\r\n")
    counted, dropped = [], []
    for _ in range(rounds + 1):
        counted.append(await count(transport, engine))
        dropped.append(await drop(transport, size))
    print(*counted[1:])
    print(*dropped[1:])


asyncio.run(main())
