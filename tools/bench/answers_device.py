"""Runs on MicroPython for speed.py and flat.py: one long answer, over the real transport.

Arguments: port, what to ask for, how much of it, rounds, ballast in bytes, and, for TLS, the file
of the certificate. Prints milliseconds of the processor: for the engine, and to read and drop.
"""

import asyncio
import gc
import sys
import time

from postlamp.imap import access, fetch
from postlamp.imap.engine import NEED_DATA, Engine
from postlamp.net.contexts import context_for
from postlamp.net.transport import Transport
from postlamp.net.trust import load_certificates

buffer = bytearray(1024)
port, kind, amount, rounds, ballast_bytes = [
    int(word) if word.isdigit() else word for word in sys.argv[1:6]
]
ASKING = {
    "search": lambda engine: engine.search("UID 1:" + str(amount)),
    "headers": lambda engine: fetch.fetch(
        engine, "1:" + str(amount), "(UID BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])"
    ),
    "literal": lambda engine: fetch.fetch(engine, "7", "(BODY.PEEK[]<0." + str(amount) + ">)"),
}


async def finish(transport, engine, tag):
    """The completion of a command, how many messages it told of, and how many bytes came."""
    taken = messages = 0
    while True:
        event = engine.next_event()
        if event is NEED_DATA:
            size = await transport.readinto(buffer, 20000)
            taken += size
            engine.feed(buffer, size)
        elif event[0] == "fetch":
            messages += len(event[3]) > 1
        elif event[0] == "completed" and event[1] == tag:
            return event, messages, taken


async def take(transport, engine):
    """Seconds to take one answer, the bytes of the command, and how many came back."""
    tag = ASKING[kind](engine)
    command = engine.to_send()
    await transport.write(command)
    began = time.clock()
    event, messages, taken = await finish(transport, engine, tag)
    spent = time.clock() - began
    wanted = {"search": 0, "headers": amount, "literal": 1}[kind]
    found = (amount, amount, False) if kind == "search" else None
    if (event[3], event[6], messages) != ("OK", found, wanted):
        raise ValueError(event, messages)
    return spent, command, taken


async def drop(transport, command, size):
    """Seconds to read as many bytes and look at none."""
    await transport.write(command.replace(b" ", b" DROP ", 1))
    began = time.clock()
    while size > 0:
        size -= await transport.readinto(buffer, 20000)
    return time.clock() - began


async def opened():
    """A transport and an engine with a mailbox open."""
    is_plain = len(sys.argv) < 7
    transport = Transport(None if is_plain else context_for(load_certificates(sys.argv[6])))
    await transport.connect("localhost", port, "none" if is_plain else "implicit")
    engine = Engine()
    while engine.next_event() is NEED_DATA:
        engine.feed(buffer, await transport.readinto(buffer, 20000))
    tag = access.examine(engine, "INBOX")
    await transport.write(engine.to_send())
    await finish(transport, engine, tag)
    return transport, engine


async def main():
    """The rounds, one of each kind in turn; the first of several only warms up."""
    transport, engine = await opened()
    gc.collect()
    ballast = None
    for _ in range(0, ballast_bytes, 512):
        ballast = (ballast, bytearray(512 - 64))
    taken_s = dropped_s = 0.0
    for number in range(rounds):
        spent_s, command, size = await take(transport, engine)
        taken_s += spent_s if number else 0
        if rounds > 1:
            spent_s = await drop(transport, command, size)
            dropped_s += spent_s if number else 0
    print(taken_s * 1000, dropped_s * 1000)


asyncio.run(main())
