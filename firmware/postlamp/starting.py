"""Begins a start: what the last one left behind, and the watchdog. Composition layer; dropped."""

import _thread

from micropython import const

from postlamp.heart import Heart
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_STACK_BYTES = const(4096)


def start(machine: "Any") -> Heart:
    """The heart of this start, watched over by a thread; `machine` is the module of the chip."""
    from postlamp.app.ladder import head, rise

    rtc = machine.RTC()
    is_power_on = machine.reset_cause() == machine.PWRON_RESET
    begun = rise(rtc.memory(), is_power_on)
    heart = Heart(rtc, machine.reset, begun, head(*begun))
    del head, rise
    drop("postlamp.app.ladder")
    heart.note()
    try:
        _thread.stack_size(_STACK_BYTES)
        _thread.start_new_thread(heart.watch, ())
    except OSError as error:  # no memory for a thread: then without
        print("W (0) watchdog: %r" % error)
    finally:
        _thread.stack_size(0)  # for every thread that comes
    return heart
