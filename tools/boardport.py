"""Finds the serial port of a board, and says what is in the way when it cannot be used.

Talks to no board: it only looks at what the computer has.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import serial
from serial.tools import list_ports

UNREACHED, HALFWAY = 3, 4  # exit codes: nothing was changed, or it ended while it was written

# Who makes the USB side of ESP32 boards: Espressif, Silicon Labs, WCH, FTDI, Prolific.
_MAKERS = {
    0x303A: "Espressif",
    0x10C4: "CP210x",
    0x1A86: "CH340",
    0x0403: "FTDI",
    0x067B: "PL2303",
}


class BoardError(Exception):
    """The board cannot be reached or was lost; the text says what to do.

    code: UNREACHED or HALFWAY.
    """

    def __init__(self, message: str, code: int = UNREACHED) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Port:
    """A serial port that a board may be at."""

    path: str
    what: str


def ports() -> list[Port]:
    """The serial ports with USB behind them; those of known makers alone, if there are any."""
    found = [port for port in list_ports.comports() if port.vid is not None]
    known = [port for port in found if port.vid in _MAKERS]
    return [
        Port(port.device, _MAKERS.get(port.vid) or port.product or port.description)
        for port in sorted(known or found, key=lambda port: port.device)
    ]


def chosen(named: str | None) -> str:
    """The port to use: the one that was named, or the only one there is. Raises BoardError."""
    if named is None:
        found = ports()
        if not found:
            raise BoardError(_NONE)
        if len(found) > 1:
            names = ", ".join(f"{port.path} ({port.what})" for port in found)
            raise BoardError(f"Several boards are plugged in: {names}. Name one: --port PATH.")
        named = found[0].path
    check(named)
    return named


def check(path: str) -> None:
    """Opens the port for a moment, for itself alone. Raises BoardError when it cannot."""
    try:
        serial.Serial(path, exclusive=True).close()
    except (serial.SerialException, OSError, ValueError) as error:
        raise BoardError(_reason(path, error)) from error


_NONE = (
    "No board was found on USB. Is it plugged in? Many cables only charge: take one that a phone "
    "has sent pictures through. If this is the right one, its driver may be missing (CP210x from "
    "Silicon Labs, CH340 from WCH; Linux and newer macOS have both). If you know its port: --port."
)


def _reason(path: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return f"You may not use {path}. {_rights(path)}"
    if number in (errno.EAGAIN, errno.EBUSY):
        return (
            f"{path} is in use{_user(path)}. Close what has it open (a monitor, mpremote, an IDE, "
            "another postlamp), and run this again."
        )
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        others = ", ".join(port.path for port in ports()) or "none"
        return f"There is no port {path}. Is the board plugged in? Ports with USB here: {others}."
    if number == errno.EIO:
        return f"{path} does not answer. Unplug the board, plug it in again, and run this again."
    return f"{path} cannot be opened as a serial port: {error}"


def _rights(path: str) -> str:
    """How to be allowed, on this system."""
    if not sys.platform.startswith("linux"):
        return "Run this as the user who is logged in, or give that user the right to it."
    import grp

    try:
        group = grp.getgrgid(os.stat(path).st_gid).gr_name
    except (KeyError, OSError):
        group = "dialout"
    return f"Once: sudo usermod -aG {group} $USER, then log out and in again."


def _user(path: str) -> str:
    """By which program, where the system tells."""
    target = os.path.realpath(path)
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            is_it = os.readlink(handle) == target and handle.parts[2] != str(os.getpid())
            name = (handle.parents[1] / "comm").read_text().strip() if is_it else ""
        except OSError:
            continue  # ended meanwhile, or another user's
        if is_it:
            return f" by {name} (process {handle.parts[2]})"
    return ""
