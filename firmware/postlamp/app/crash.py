"""The end of a crash: its words are kept for the next start. Application layer.

Loaded when the gadget has crashed; it restarts right after.
"""

import gc
import io
import sys
import time

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_RAISED = const(2)
_SAFE = const(2)
_LIMIT = const(2000)
_PAUSE_S = const(30)


def crash(error: Exception, heart: "Any") -> None:
    """Restart after an error that nothing could go on from."""
    sys.print_exception(error)
    told = b""
    try:
        told = words(error, heart.last_words())
    except MemoryError:
        gc.collect()  # the next start says that there was a crash, not which
    heart.note(_RAISED, told)
    if heart.start[0] == _SAFE:  # nothing simpler is left
        time.sleep(_PAUSE_S)
    heart.reset()


def words(error: Exception, lines: "Iterable[str]") -> bytes:
    """The error, its traceback, the last lines of the log, the newest first: 2,000 bytes."""
    trace = io.StringIO()
    sys.print_exception(error, trace)
    told: bytes = (repr(error) + "\n" + trace.getvalue()).encode()[:_LIMIT]
    for line in reversed(list(lines)):
        raw = line.encode() + b"\n"
        if len(told) + len(raw) > _LIMIT:
            break
        told += raw
    return told
