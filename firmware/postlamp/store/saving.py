"""The file of the small state: one JSON object of lists. Layer store; loaded on use, then dropped.

Never believes what it reads: a state from a damaged file would be worse than none.
"""

import json
import os

from micropython import const

from postlamp.store.files import replace

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_LIMIT_BYTES = const(2048)


def read(path: str) -> "dict[str, Any]":
    """The state in the file; empty when there is none, or not such a one."""
    try:
        if os.stat(path)[6] > _LIMIT_BYTES:
            return {}
        with open(path) as file:
            state = json.load(file)
    except (OSError, ValueError):
        return {}
    return state if _is_state(state) else {}


def write(path: str, state: "dict[str, Any]") -> None:
    """Puts it in place of the file; OSError leaves that as it was."""
    replace(path, json.dumps(state).encode())


def _is_state(state: object) -> bool:
    """Whether it is an object of lists of whole numbers, or null."""
    if not isinstance(state, dict):
        return False
    for numbers in state.values():
        if not isinstance(numbers, list):
            return False
        for number in numbers:
            if number is not None and type(number) is not int:
                return False
    return True
