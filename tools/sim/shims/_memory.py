"""A model of the memory that a plain ESP32's system has beside Python's heap.

The figures were read on a stock image: 137 kB before Python's heap grows, of which Wi-Fi takes 45
kB, a TLS session 26 kB and its handshake 30 kB at its peak. A heap that doubles (frame H) leaves
too little for a handshake. Each open stream counts as a session.
"""

import sys

import _wire

HEAP_DATA = 4
HEAP_EXEC = 1

_TOTAL = 160 * 1024
_FREE = 137 * 1024
_GROWTH = 26 * 1024  # at boot, as in firmware/postlamp/heap.py
_WIFI = 45 * 1024
_SESSION = 26 * 1024
_HANDSHAKE = 30 * 1024
_PIECES = 8 * 1024  # what is free in small pieces

_grown = _GROWTH
_lowest = _FREE - _GROWTH


def idf_heap_info(capabilities):
    if capabilities == HEAP_EXEC:
        return [(16384, 16384, 16384, 16384)]
    free = _free()
    large = max(free - _PIECES, 0)
    return [(_TOTAL, large, large, max(_lowest - _PIECES, 0)), (16384, free - large, 4096, 2048)]


def begin_session():
    """Simulator only: whether a handshake that begins now has the memory to end."""
    global _lowest
    left = _free() - _HANDSHAKE
    _lowest = min(_lowest, max(left, 0))
    # Measured: with 35 kB every one failed, with 40 kB none
    return left >= 8 * 1024


def _free():
    network, socket = sys.modules.get("network"), sys.modules.get("socket")
    station = network.WLAN._station if network is not None else None
    is_on = station is not None and station.active()
    sessions = len(socket.streams()) if socket is not None else 0
    return max(_FREE - _grown - (_WIFI if is_on else 0) - sessions * _SESSION, 0)


def _grow(_arg, payload):
    global _grown
    _grown = int.from_bytes(payload, "little")


_wire.on(72, _grow)  # H
