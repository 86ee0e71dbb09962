"""Small files on flash, read whole and replaced safely. Layer store; loaded on use, then dropped.

A power cut at any moment leaves the old content or the new one, never a part of either.
"""

import os

from micropython import const

from postlamp.errors import ConfigError

LIMIT_BYTES = const(8192)
_NEW = ".new"
_CHUNK = const(256)


def load(path: str) -> bytes:
    """All of a file. ConfigError if it cannot be read or is larger than LIMIT_BYTES."""
    try:
        # read(n) would take n bytes of heap at once, however short the file is
        size = os.stat(path)[6]
        if size > LIMIT_BYTES:
            raise ConfigError(path, "is larger than %d bytes" % LIMIT_BYTES)
        with open(path, "rb") as file:
            data: bytes = file.read()
            return data
    except OSError as err:
        raise ConfigError(path, "cannot be read (error %s); is it there?" % err.args[0])


def replace(path: str, data: bytes) -> None:
    """Puts `data` in place of the file, or leaves it as it was and raises OSError (disk full)."""
    try:
        with open(path + _NEW, "wb") as file:
            file.write(data)
            file.flush()
        os.rename(path + _NEW, path)
    except OSError:
        clear(path)
        raise


def clear(path: str) -> None:
    """Removes what a replacing of this file left behind that was cut short."""
    if path + _NEW in os.listdir():
        os.remove(path + _NEW)


def is_same(path: str, data: bytes) -> bool:
    """Whether the file is there and holds `data`, read in small pieces."""
    if path not in os.listdir() or os.stat(path)[6] != len(data):
        return False
    with open(path, "rb") as file:
        for at in range(0, len(data), _CHUNK):
            if file.read(_CHUNK) != data[at : at + _CHUNK]:
                return False
    return True
