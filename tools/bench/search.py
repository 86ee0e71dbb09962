"""Counting a SEARCH answer of 100,000 numbers against reading and dropping the same bytes.

Both on MicroPython, through asyncio and verified TLS, in turn over one connection.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools import build
from tools.bench.figure import Figure
from tools.sim import certs, runtime

_NUMBERS = 100_000
_ROUNDS = 15
_TIMEOUT_S = 120
_DEVICE = Path(__file__).with_name("search_device.py")


def measure() -> Iterator[Figure]:
    """The ratio of the medians."""
    counted_ms, dropped_ms = asyncio.run(_run())
    size = len(_answer(b"p1"))
    note = f"medians of {_ROUNDS}: {counted_ms:.0f} and {dropped_ms:.0f} ms, {size} bytes"
    ratio = counted_ms / dropped_ms
    yield Figure("SEARCH of 100,000 numbers: count / read and drop", ratio, "x", 2, note)


def _answer(tag: bytes) -> bytes:
    numbers = b" ".join(str(number).encode() for number in range(1, _NUMBERS + 1))
    return b"* SEARCH " + numbers + b"\r\n" + tag + b" OK done\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every line with the same numbers under the line's tag."""
    while line := await reader.readline():
        writer.write(_answer(line.split(b" ")[0]))
        await writer.drain()
    writer.close()


async def _run() -> tuple[float, float]:
    authority = certs.Authority()
    context = certs.server_context(authority.issue("localhost"))
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, ssl=context)
    with tempfile.TemporaryDirectory(prefix="postlamp-bench-") as name:
        folder = Path(name)
        build.write(build.deploy_set("SIM"), folder)
        (folder / "ca.pem").write_bytes(authority.pem)
        port = server.sockets[0].getsockname()[1]
        try:
            output = await asyncio.to_thread(_run_device, folder, port)
        finally:
            server.close()
    counted, dropped = (line.split() for line in output.splitlines())
    return statistics.median(map(int, counted)) / 1000, statistics.median(map(int, dropped)) / 1000


def _run_device(folder: Path, port: int) -> str:
    command = [runtime.find_micropython(), str(_DEVICE), str(port), str(_NUMBERS), str(_ROUNDS)]
    environment = {**os.environ, "MICROPYPATH": f"{folder}:.frozen"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, timeout=_TIMEOUT_S
    )
    if done.returncode:
        raise RuntimeError(done.stdout.decode())
    return done.stdout.decode()
