"""Four IMAP clients for CPython with one face: our engine, imaplib, IMAPClient, aioimaplib.

Each gives what its user would hold in the end: the count and the highest UID, headers by UID, the
length of a body. Each runs in a process of its own, which prints seconds, or peak bytes, as JSON:
python -m tools.bench.contenders NAME PORT KIND AMOUNT ROUNDS; ROUNDS 0 measures memory.
"""

from __future__ import annotations

import asyncio
import imaplib
import json
import re
import socket
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT_S = 60
_READ_BYTES = 65536  # imaplib's file reads as much as it needs, asyncio 256 KiB
_HEADERS = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"
_UID = re.compile(rb"UID (\d+)")

Headers = dict[int, bytes]


class Contender(Protocol):
    """A client with a mailbox open."""

    def __init__(self, port: int) -> None: ...

    def search(self, amount: int) -> tuple[int, int]:
        """How many numbers a SEARCH finds, and the highest."""

    def headers(self, amount: int) -> Headers:
        """The header blocks of so many messages."""

    def literal(self, amount: int) -> int:
        """The size of a body; 0 of one that was skipped."""


class Ours:
    """The engine of the firmware, over a blocking socket."""

    def __init__(self, port: int) -> None:
        sys.path[:0] = [
            str(_ROOT / folder) for folder in ("firmware", "host_tests/support/cpython_shims")
        ]
        from postlamp.imap import access, engine, fetch

        self._fetch = fetch
        self._need_data = engine.NEED_DATA
        self._engine = engine.Engine()
        self._buffer = bytearray(_READ_BYTES)
        self._socket = socket.create_connection(("127.0.0.1", port), _TIMEOUT_S)
        self._event("greeting")
        access.select(self._engine, "INBOX")
        self._event("completed")

    def search(self, amount: int) -> tuple[int, int]:
        """Counted as it comes."""
        self._engine.search(f"UID 1:{amount}")
        count, highest, _ = self._event("completed")[6]
        return count, highest

    def headers(self, amount: int) -> Headers:
        """One event a message."""
        self._fetch.fetch(self._engine, f"1:{amount}", f"(UID {_HEADERS})")
        found = {}
        while (event := self._event("fetch", "completed"))[0] == "fetch":
            found[event[3]["UID"]] = event[3]["BODY[HEADER.FIELDS]"]
        return found

    def literal(self, amount: int) -> int:
        """Read and dropped."""
        self._fetch.fetch(self._engine, "7", f"(BODY.PEEK[]<0.{amount}>)")
        self._event("completed")
        return 0

    def _event(self, *kinds: str) -> Any:
        engine, buffer = self._engine, self._buffer
        while True:
            event = engine.next_event()
            if event is self._need_data:
                if out := engine.to_send():
                    self._socket.sendall(out)
                engine.feed(buffer, self._socket.recv_into(buffer))
            elif event[0] in kinds:
                return event


class Imaplib:
    """CPython's own, freed of its limit of a million bytes a line, at which it would give up."""

    def __init__(self, port: int) -> None:
        imaplib._MAXLINE = 2**30  # type: ignore[attr-defined]
        self._client = imaplib.IMAP4("127.0.0.1", port, _TIMEOUT_S)
        self._client.select()

    def search(self, amount: int) -> tuple[int, int]:
        """Split, as its documentation does."""
        _, lines = self._client.uid("SEARCH", f"UID 1:{amount}")
        numbers = lines[0].split()
        return len(numbers), int(numbers[-1])

    def headers(self, amount: int) -> Headers:
        """The UID is to be found in the text before the literal."""
        _, items = self._client.uid("FETCH", f"1:{amount}", f"(UID {_HEADERS})")
        return {_uid(item[0]): item[1] for item in items if isinstance(item, tuple)}

    def literal(self, amount: int) -> int:
        """Kept whole."""
        _, items = self._client.uid("FETCH", "7", f"(BODY.PEEK[]<0.{amount}>)")
        return len(items[0][1])


class Imapclient:
    """IMAPClient, which reads by imaplib."""

    def __init__(self, port: int) -> None:
        from imapclient import IMAPClient

        imaplib._MAXLINE = 2**30  # type: ignore[attr-defined]
        self._client = IMAPClient("127.0.0.1", port, ssl=False, timeout=_TIMEOUT_S)
        self._client.select_folder("INBOX")

    def search(self, amount: int) -> tuple[int, int]:
        """A list of int."""
        numbers = self._client.search(f"UID 1:{amount}")
        return len(numbers), numbers[-1]

    def headers(self, amount: int) -> Headers:
        """A dictionary of dictionaries."""
        found = self._client.fetch(range(1, amount + 1), [_HEADERS])
        section = _HEADERS.replace(".PEEK", "").encode()
        return {uid: items[section] for uid, items in found.items()}

    def literal(self, amount: int) -> int:
        """Kept whole."""
        found = self._client.fetch([7], [f"BODY.PEEK[]<0.{amount}>"])
        return len(found[7][b"BODY[]<0>"])


class Aioimaplib:
    """It calls itself for each line of what came at once: 1,000 messages need a deeper stack."""

    def __init__(self, port: int) -> None:
        sys.setrecursionlimit(100_000)
        self._runner = asyncio.Runner()
        self._client = self._runner.run(self._open(port))

    async def _open(self, port: int) -> Any:
        from aioimaplib import aioimaplib

        client = aioimaplib.IMAP4("127.0.0.1", port, timeout=_TIMEOUT_S)
        await client.wait_hello_from_server()
        await client.select()
        return client

    def search(self, amount: int) -> tuple[int, int]:
        """Lines, the last of which is the end of the command."""
        answer = self._runner.run(self._client.uid_search(f"UID 1:{amount}", charset=None))
        numbers = answer.lines[0].split()
        return len(numbers), int(numbers[-1])

    def headers(self, amount: int) -> Headers:
        """Line, literal, line and so on."""
        words = (f"1:{amount}", f"(UID {_HEADERS})")
        lines = self._runner.run(self._client.uid("fetch", *words)).lines
        pairs = zip(lines, lines[1:], strict=False)
        return {_uid(line): bytes(text) for line, text in pairs if isinstance(text, bytearray)}

    def literal(self, amount: int) -> int:
        """Kept whole."""
        answer = self._runner.run(self._client.uid("fetch", "7", f"(BODY.PEEK[]<0.{amount}>)"))
        return len(answer.lines[1])


def _uid(line: bytes) -> int:
    found = _UID.search(line)
    if found is None:
        raise ValueError(line)
    return int(found[1])


CONTENDERS: dict[str, type[Contender]] = {
    "ours": Ours,
    "imaplib": Imaplib,
    "IMAPClient": Imapclient,
    "aioimaplib": Aioimaplib,
}


def check(kind: str, amount: int, found: object) -> None:
    """Raises RuntimeError unless it is what the server sent."""
    from tools.bench.answers import headers_of

    if kind == "search":
        is_right = found == (amount, amount)
    elif kind == "headers":
        is_right = found == {uid: headers_of(uid) for uid in range(1, amount + 1)}
    else:
        is_right = found in (amount, 0)
    if not is_right:
        raise RuntimeError(f"wrong answer: {str(found)[:200]}")


def seconds(contender: Contender, kind: str, amount: int, rounds: int) -> list[float]:
    """How long each round took, after one that warms up."""
    spent = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        found = getattr(contender, kind)(amount)
        spent.append(time.perf_counter() - began)
        check(kind, amount, found)
    return spent[1:]


def peak_bytes(kind: str, amount: int, build: Callable[[], Contender]) -> int:
    """The most that Python held at one time for a client, its buffers included, and one answer."""
    build()  # so that what it imports is there
    tracemalloc.start()
    found = getattr(build(), kind)(amount)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    check(kind, amount, found)
    return peak


def main() -> None:
    """Measure one client."""
    name, port, kind, amount, rounds = sys.argv[1:]
    build = partial(CONTENDERS[name], int(port))
    if int(rounds):
        print(json.dumps(seconds(build(), kind, int(amount), int(rounds))))
    else:
        print(json.dumps(peak_bytes(kind, int(amount), build)))


if __name__ == "__main__":
    main()
