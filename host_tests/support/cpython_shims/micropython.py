"""CPython's stand-in for MicroPython's built-in module, so that pure device modules import."""

from typing import TypeVar

_T = TypeVar("_T")


def const(value: _T) -> _T:
    """Return the value; mpy-cross folds it into the code instead."""
    return value
