"""Gives Python more memory at boot, and leaves enough for TLS. Started by boot.py, before Wi-Fi.

Once live data no longer fits into its first area, a plain ESP32 takes a second one as large as the
first (57 kB), and then no TLS handshake fits into what is left. So the growth is made to happen
now, while a sleeping thread's stack hides all but a bounded block of the system's memory.
"""

import gc
import sys
import time

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# 26 KiB were tried on stock 1.25, 1.27 and 1.28: 83 kB for Python, and of the system's memory 66
# kB with Wi-Fi, 40 kB with a TLS session.
_GROWTH_BYTES = const(26 * 1024)
_THREAD_BYTES = const(1024)  # what a thread costs beside its stack
_LEAST_STACK_BYTES = const(8192)
_PIECE_BYTES = const(600)
_PIECES = const(250)  # more than both areas can hold
_SEEN_BYTES = const(4096)  # so much less in the largest block: the port has grown
_LEAST_GROWTH_BYTES = const(20 * 1024)
_THREAD_END_MS = const(500)


def grow_heap() -> "bytearray | None":
    """Grows the heap once. Keep what it returns: an area that is empty is given back.

    Does nothing and returns None on other chips than a plain ESP32, with PSRAM, or without what
    it needs.
    """
    try:
        import _thread

        import esp32
    except ImportError:
        return None
    machine = getattr(sys.implementation, "_machine", "")
    if not is_wanted(machine) or not hasattr(esp32, "idf_heap_info"):
        return None
    return grow(lambda: esp32.idf_heap_info(esp32.HEAP_DATA), _thread)


def is_wanted(machine: str) -> bool:
    """Only where it was tried: "… with ESP32" is the plain chip, and PSRAM makes it needless."""
    return machine.endswith(" with ESP32") and "SPIRAM" not in machine


def grow(regions: "Callable[[], list[Any]]", thread: "Any") -> "bytearray | None":
    """The growth itself; `regions` tells (total, free, largest, lowest) of each, in bytes."""
    free_before = _free(regions())
    stack = _largest(regions()) - _GROWTH_BYTES - _THREAD_BYTES
    if stack < _LEAST_STACK_BYTES:
        print("W (0) heap: already grown, or too little memory")
        return None
    lock = thread.allocate_lock()
    lock.acquire()
    anchor = None
    try:
        if _hide(thread, lock, stack):
            anchor = _fill(regions)
    finally:
        # on Ctrl-C too: a thread that waits for ever would keep its stack
        lock.release()
    gc.collect()
    grown = _growth(regions, free_before, stack)
    if anchor is None or grown < _LEAST_GROWTH_BYTES:
        print("W (0) heap: grew by %d bytes only" % grown)
    else:
        print("I (0) heap: grew by %d bytes" % grown)
    return anchor


def _hide(thread: "Any", lock: "Any", stack: int) -> bool:
    """Starts a thread that holds `stack` bytes and waits for the lock."""
    try:
        thread.stack_size(stack)
        thread.start_new_thread(_wait, (lock,))
    except (OSError, RuntimeError, ValueError) as err:
        print("W (0) heap: no thread: %r" % err)
        return False
    finally:
        thread.stack_size(0)  # for every thread that comes
    return True


def _wait(lock: "Any") -> None:
    lock.acquire()
    lock.release()


def _fill(regions: "Callable[[], list[Any]]") -> "bytearray | None":
    """Takes memory until the port grows; returns the piece that made it, the new area's first."""
    before = _largest(regions())
    chain: Any = None
    for _ in range(_PIECES):
        piece = bytearray(_PIECE_BYTES)
        chain = (chain, piece)
        if _largest(regions()) <= before - _SEEN_BYTES:
            return piece
    return None


def _growth(regions: "Callable[[], list[Any]]", free_before: int, stack: int) -> int:
    """How much of the system's memory Python has taken, once the thread's stack is back."""
    for _ in range(_THREAD_END_MS // 10):
        if free_before - _free(regions()) < stack:
            break
        time.sleep(0.01)
    return free_before - _free(regions())


def _largest(regions: "list[Any]") -> int:
    largest: int = max([region[2] for region in regions])
    return largest


def _free(regions: "list[Any]") -> int:
    free: int = sum([region[1] for region in regions])
    return free
