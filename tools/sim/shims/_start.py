"""Starts the firmware as the chip does: boot.py, then main.py, in one namespace.

asyncio keeps the host's unwrapped ticks: its task queue is C code built for this port's period,
and on the chip C code and ticks agree as well. The firmware sees `time` wrap; asyncio's sleepers
are moved when the host jumps the clock.
"""

import os
import sys

import utime

sys.modules["time"] = utime
import asyncio.core as _core  # noqa: E402  (it must find the host's ticks)

del sys.modules["time"]
import _loop  # noqa: E402
import _wire  # noqa: E402

_loop.install(_core)
_wire.poll()
runs_main = os.getenv("POSTLAMP_SIM_MAIN") != "no"  # a reset at the raw prompt does without
del _core, _loop, _wire, utime, os, sys

execfile("boot.py")  # noqa: F821  (MicroPython's own)
if runs_main:
    execfile("main.py")  # noqa: F821
