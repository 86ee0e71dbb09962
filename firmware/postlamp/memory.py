"""How much memory is free: Python's and the system's. Composition layer; loaded to look."""

import gc
import sys


def free() -> "tuple[int, int, int]":
    """Free bytes of Python's and of the system's memory, and the system's largest block."""
    python = gc.mem_free()
    try:
        from esp32 import HEAP_DATA, idf_heap_info
    except ImportError:
        return python, 0, 0
    regions = idf_heap_info(HEAP_DATA)
    largest = max([region[2] for region in regions])
    if sys.platform == "esp32":  # this port counts what it could still take
        python -= largest
    return python, sum([region[1] for region in regions]), largest
