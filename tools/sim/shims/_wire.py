"""The simulator's end of the two pipes to the host: frames out at once, frames in when asked.

A frame is kind:1 arg:1 length:2 (little-endian) payload; tools/sim/wire.py is the other end.
"""

import _thread
import os
import select
import sys

import utime

_POLL_MS = 4  # asking more often would slow the firmware down

_out = open(int(os.getenv("POSTLAMP_SIM_OUT")), "wb")
_in = open(int(os.getenv("POSTLAMP_SIM_IN")), "rb")
_poller = select.poll()
_poller.register(_in, select.POLLIN)
_head = bytearray(4)
_main_thread = _thread.get_ident()
_asked_at = utime.ticks_ms()
_handlers = {}
_early = {}  # what came before somebody asked for it


def send(kind, arg, payload=b""):
    """Sends one frame; `kind` is its letter's code."""
    size = len(payload)
    _head[0] = kind
    _head[1] = arg
    _head[2] = size & 255
    _head[3] = size >> 8
    _out.write(_head)
    if size:
        _out.write(payload)


def on(kind, handler):
    """Calls handler(arg, payload) for each frame of this kind from the host."""
    _handlers[kind] = handler
    if kind in _early:
        handler(*_early.pop(kind))


def poll():
    """Takes in what the host has sent, at most every 4 ms and only in the main thread."""
    global _asked_at
    now = utime.ticks_ms()
    if now - _asked_at < _POLL_MS or _thread.get_ident() != _main_thread:
        return
    _asked_at = now
    while _is_waiting():
        head = _in.read(4)
        if len(head) < 4:
            sys.exit(0)  # the host is gone, and a board without power stops
        size = head[2] | head[3] << 8
        payload = _in.read(size) if size else b""
        handler = _handlers.get(head[0])
        if handler is None:
            _early[head[0]] = (head[1], payload)
        else:
            handler(head[1], payload)


def _interrupt(_arg, _payload):
    raise KeyboardInterrupt


on(67, _interrupt)  # C


def _is_waiting():
    for _ in _poller.ipoll(0):
        return True
    return False
