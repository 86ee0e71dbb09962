"""A board at its MicroPython prompt, by mpremote's own transport; its faults in plain words."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from tools import boardport
from tools.boardport import UNREACHED, BoardError

_SILENT_S = 10
_START_S = 5
_TRIES = 3
_LOST = (TransportError, serial.SerialException, OSError, struct.error)

_LIST = """
import os, hashlib, binascii
def walk(folder):
 for entry in os.ilistdir(folder or os.getcwd()):
  path = folder + "/" + entry[0] if folder else entry[0]
  if entry[1] == 0x4000:
   walk(path)
  else:
   digest = hashlib.sha256()
   with open(path, "rb") as file:
    while file_part := file.read(512):
     digest.update(file_part)
   print(str(binascii.hexlify(digest.digest()), "ascii"), path)
walk(%r)
"""
_FACTS = """
import os, sys
space = os.statvfs(os.getcwd())
print(space[0] * space[3], ".".join(str(n) for n in sys.implementation.version[:3]))
"""


class Link:
    """One board whose program was interrupted, ready for whatever is run on it."""

    def __init__(self, transport: SerialTransport, port: str) -> None:
        self._transport = transport
        self._port = port

    def run(self, code: str) -> str:
        """What it prints. Raises BoardError."""
        with self._guarded():
            said: bytes = self._transport.exec(code)
            return said.decode("utf-8", "replace")

    def files(self, folder: str = "") -> dict[str, str]:
        """SHA-256 of all files in a folder, by path."""
        rows = (line.split(" ", 1) for line in self.run(_LIST % folder).splitlines())
        return {path: digest for digest, path in rows}

    def facts(self) -> tuple[int, tuple[int, ...]]:
        """Free bytes of its flash, and MicroPython's version."""
        free, version = self.run(_FACTS).split()
        return int(free), tuple(int(number) for number in version.split("."))

    def put(self, path: str, content: bytes, on_progress: Callable[[int, int], None]) -> None:
        """Writes a file; its folder must be there."""
        with self._guarded():
            self._transport.fs_writefile(path, content, 512, on_progress)

    def start(self, code: str, until: str) -> bool:
        """Runs what ends in a restart; whether it has said `until` before."""
        with self._guarded():
            self._transport.exec_raw_no_follow(code)
            said: bytes = self._transport.read_until(1, until.encode(), timeout=_SILENT_S)
            return said.endswith(until.encode())

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except _LOST as error:
            raise BoardError(_why(error, self._port)) from error


@contextmanager
def linked(port: str) -> Iterator[Link]:
    """Interrupts the board at this port and talks to it. Raises BoardError."""
    boardport.check(port)
    try:
        transport = SerialTransport(port, timeout=_SILENT_S)
    except _LOST as error:
        raise BoardError(_why(error, port)) from error
    try:
        _enter(transport, port)
        yield Link(transport, port)
    except BaseException:
        _let_go(transport)
        raise
    finally:
        with contextlib.suppress(*_LOST):
            transport.close()


def _enter(transport: SerialTransport, port: str) -> None:
    """Comes to the raw prompt by a soft reset; a board that installs then restarts once more."""
    for _ in range(_TRIES):
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it wonders at
            try:
                transport.enter_raw_repl(timeout_overall=_START_S)
                return
            except TransportError:
                continue
            except _LOST as error:
                raise BoardError(_why(error, port)) from error
    raise BoardError(
        f"The board at {port} does not come to MicroPython's prompt. Unplug it, plug it in again, "
        "and run this again. If it never had Postlamp on it: postlamp flash.",
        UNREACHED,
    )


def _let_go(transport: SerialTransport) -> None:
    """Lets the board start anew, whatever it was in the middle of; nothing if it is not there."""
    with contextlib.suppress(*_LOST):
        transport.serial.write(b"\x03\x03\r\x02")  # ends what runs; the friendly prompt
        transport.read_until(1, b">>> ", timeout=1, timeout_overall=2)
        transport.serial.write(b"import machine; machine.reset()\r")
        transport.read_until(1, b"reset()", timeout=1)


def _why(error: Exception, port: str) -> str:
    words = str(error).strip().splitlines()
    if isinstance(error, TransportError) and words and "Error" in words[-1]:
        return f"The board at {port} says: {words[-1]}."
    return f"The connection to the board at {port} ended."
