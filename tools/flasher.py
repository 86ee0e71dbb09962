"""Runs esptool, in a process of its own, and puts what it says into plain words.

The only module that knows how esptool talks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.boardport import HALFWAY, UNREACHED, BoardError
from tools.image import Part

BAUD = 460_800
_CHIP = re.compile(r"^Connected to (ESP32[^ ]*) on", re.M)
_SIZE = re.compile(r"^Detected flash size: (\d+)([KM])B", re.M)
_MAC = re.compile(r"^MAC: +([0-9a-f:]{17})", re.M)
_WRITING = re.compile(r"^Writing at 0x[0-9a-f]+ .*?([\d.]+)%")
_BEGINS = ("Flash will be erased", "Erasing", "Flash memory erased", "Writing at")
_VERIFIED, _WROTE = "Hash of data verified.", "Wrote "
_ERROR = re.compile(r"ERROR: (?:A fatal error occurred: )?(.+)")

_HOLD = (
    "The board at {port} does not answer in its bootloader. Hold its BOOT button, press and let "
    "go EN (or RST), then let go BOOT, and run this again. Without EN: hold BOOT while you plug "
    "it in. If it stays silent: another cable, another USB port, no hub."
)
_CUT = (
    "The connection to the board at {port} ended in the middle. It is half written and will not "
    "start, but nothing is broken: plug it in again, with another cable if you have one, and run "
    "the same command again."
)
_GONE = "The connection to the board at {port} ended. Plug it in again, and run this again."
_DIFFERS = (
    "What was written to the board at {port} reads back as something else. Try again, slower "
    "(--baud 115200) and with another cable; if it stays so, its flash is worn out or its power "
    "too weak."
)
_NOISE = (
    "What the board at {port} says arrives garbled. Try again, slower: --baud 115200, with a "
    "shorter cable and no hub."
)
# What esptool says -> what we say. The first that is found counts.
_WORDS = (
    ("MD5 of file does not match", _DIFFERS),
    ("serial exception", _CUT),
    ("Could not open", _GONE),
    ("Failed to connect", _HOLD),
    ("Wrong boot mode", _HOLD),
    ("No serial data received", _HOLD),
    ("Invalid head of packet", _NOISE),
    ("Serial data stream stopped", _CUT),
    ("Timed out waiting for packet", _CUT),
)


@dataclass(frozen=True)
class Found:
    """The chip at a port."""

    chip: str
    flash_bytes: int
    mac: str


@dataclass(frozen=True)
class Esptool:
    """esptool for one port."""

    port: str
    baud: int = BAUD
    has_stub: bool = True

    def find(self, *, stays: bool) -> Found:
        """Looks which chip is there; `stays`: it is left waiting in its bootloader.

        Raises BoardError.
        """
        after = "no-reset" if stays else "hard-reset"
        said = self._run(["--after", after, "flash-id"], lambda line: None)
        chip, size, mac = _CHIP.search(said), _SIZE.search(said), _MAC.search(said)
        if chip is None or size is None:
            raise BoardError(
                f"The chip at {self.port} does not say how much flash it has. Unplug the board, "
                "plug it in again, and run this again."
            )
        flash_bytes = int(size[1]) << (20 if size[2] == "M" else 10)
        return Found(chip[1], flash_bytes, mac[1] if mac else "")

    def write(
        self,
        chip: str,
        parts: list[Part],
        on_progress: Callable[[int, int], None],
        *,
        erases: bool = False,
    ) -> None:
        """Writes the parts, reads each back by its MD5, and lets the board start.

        Raises BoardError.
        """
        weights = [len(part.content.rstrip(b"\xff")) for part in parts]
        progress = _Progress(weights, on_progress)
        with _as_files(parts) as named:
            options = ["--chip", chip.lower().replace("-", ""), "--after", "hard-reset"]
            more = ["--erase-all"] if erases else []
            said = self._run([*options, "write-flash", *more, *named], progress.take)
        if said.count(_VERIFIED) != len(parts):
            raise BoardError(_DIFFERS.format(port=self.port), HALFWAY)

    def _run(self, arguments: list[str], on_line: Callable[[str], None]) -> str:
        command = [sys.executable, "-m", "esptool", "--port", self.port, "--baud", str(self.baud)]
        command += [] if self.has_stub else ["--no-stub"]
        said = []
        with subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    said.append(line)
                    on_line(line)
            except KeyboardInterrupt:
                process.kill()
                raise _stopped("".join(said), self.port) from None
        if process.returncode:
            raise _fault("".join(said), self.port)
        return "".join(said)


class _Progress:
    """Bytes written so far, out of the percentages of each part."""

    def __init__(self, weights: list[int], on_progress: Callable[[int, int], None]) -> None:
        self._weights = weights
        self._on_progress = on_progress
        self._part = 0

    def take(self, line: str) -> None:
        found = _WRITING.match(line)
        if line.startswith(_WROTE):
            self._part += 1
        elif found and self._part < len(self._weights):
            before = sum(self._weights[: self._part])
            now = self._weights[self._part] * float(found[1]) / 100
            self._on_progress(int(before + now), sum(self._weights))


def _stopped(said: str, port: str) -> BoardError:
    if _has_begun(said):
        return BoardError(_CUT.format(port=port), HALFWAY)
    return BoardError("Stopped. Nothing was written.")


def _has_begun(said: str) -> bool:
    return any(words in said for words in _BEGINS)


def _fault(said: str, port: str) -> BoardError:
    has_begun = _has_begun(said)
    told = " ".join(_ERROR.findall(said)) or said.strip()[-200:]
    words = next((words for key, words in _WORDS if key.lower() in told.lower()), "")
    if has_begun and words in (_HOLD, _GONE):  # it was lost, and could not be reached again
        words = _CUT
    elif not has_begun and words == _CUT:
        words = _GONE
    message = words.format(port=port) if words else f"esptool cannot go on: {told}"
    return BoardError(message, HALFWAY if has_begun else UNREACHED)


@contextmanager
def _as_files(parts: list[Part]) -> Iterator[list[str]]:
    """Addresses and files for esptool; nobody else may read them, and none is left."""
    with tempfile.TemporaryDirectory(prefix="postlamp-flash-") as folder:
        named = []
        for number, part in enumerate(parts):
            path = Path(folder) / f"{number}.bin"
            path.write_bytes(part.content)
            named += [hex(part.offset), str(path)]
        yield named
