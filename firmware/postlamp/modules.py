"""Gives back the memory of modules that are needed seldom: loaded on use, dropped after.

Bottom layer. Stock boards copy every loaded module into RAM (1.3 to 1.55 times its .mpy size); a
dropped one gives back its code, never its names.
"""

import gc
import sys


def drop(*names: str) -> None:
    """Forget modules by full name, also as attributes of their packages. Absent ones are fine.

    Functions of theirs that somebody still holds go on working and keep their module in memory.
    """
    was_loaded = False
    for name in names:
        if sys.modules.pop(name, None) is not None:
            was_loaded = True
            package, _, module = name.rpartition(".")
            if hasattr(sys.modules.get(package), module):
                delattr(sys.modules[package], module)
    if was_loaded:
        gc.collect()  # at once: what is loaded next takes the same place
