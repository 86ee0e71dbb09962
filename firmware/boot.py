"""Started by MicroPython before main.py: memory for Python, bounded so that TLS keeps its own."""

import os

if "new" in os.listdir():  # an update that is whole takes its place, and starts the board anew
    import new.install  # type: ignore[import-not-found]  # noqa: F401

from postlamp.heap import grow_heap
from postlamp.modules import drop

# Kept for ever: the port takes an empty area back.
heap_anchor = grow_heap()
del grow_heap
drop("postlamp.heap")
