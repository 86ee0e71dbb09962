"""Frames between the host and the board's shims: kind:1 arg:1 length:2 (little-endian) payload.

From the board: I (I²C write, arg = address), N (strip bytes, arg = pin), P (PWM: duty 2, hertz 4,
arg = pin), O (output level, arg = pin), W (watchdog fed: timeout 4), R (reset), M (all that the
memory of the clock holds). To the board: B (input level, arg = pin), F (the Wi-Fi network, JSON),
T (jump the clock by ms, 4), H (bytes of the system's memory by which Python's heap has grown, 4),
C (Ctrl-C).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

_HEAD = 4
_PAYLOAD_LIMIT = 0xFFFF


class Frame(NamedTuple):
    """One frame: its letter, its argument (a pin or an address) and what it carries."""

    kind: str
    arg: int
    payload: bytes


def encode(kind: str, arg: int = 0, payload: bytes = b"") -> bytes:
    """A frame as it goes over the pipe."""
    if len(payload) > _PAYLOAD_LIMIT:
        raise ValueError(f"a frame carries at most {_PAYLOAD_LIMIT} bytes")
    return kind.encode("ascii") + bytes([arg]) + len(payload).to_bytes(2, "little") + payload


def button(pin: int, level: int) -> bytes:
    """The level of an input pin."""
    return encode("B", pin, bytes([level]))


def network(**facts: Any) -> bytes:
    """What is in the air, as shims/network.py takes it."""
    return encode("F", 0, json.dumps(facts).encode("ascii"))


def jump(ms: int) -> bytes:
    """Moves the board's clock forward."""
    return encode("T", 0, ms.to_bytes(4, "little"))


def grown(size: int) -> bytes:
    """Bytes of the system's memory that Python's heap has taken."""
    return encode("H", 0, size.to_bytes(4, "little"))


class FrameReader:
    """Cuts a stream of bytes, arriving in any pieces, into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Takes more bytes in and returns the frames that are now whole."""
        self._pending += data
        frames = []
        while len(self._pending) >= _HEAD:
            end = _HEAD + int.from_bytes(self._pending[2:_HEAD], "little")
            if len(self._pending) < end:
                break
            kind, arg = chr(self._pending[0]), self._pending[1]
            frames.append(Frame(kind, arg, bytes(self._pending[_HEAD:end])))
            del self._pending[:end]
        return frames
