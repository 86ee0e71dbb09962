"""Started by MicroPython after boot.py: the gadget, until power-off or Ctrl-C."""

import asyncio
import gc

import machine

gc.threshold(1024)  # while modules load: what stays must not come to lie between garbage
from postlamp.modules import drop  # noqa: E402
from postlamp.starting import start  # noqa: E402

heart = start(machine)
del start
drop("postlamp.starting")
try:
    from postlamp import gadget

    running = gadget.assemble(heart)
    del gadget
    drop("postlamp.gadget")
    gc.collect()
    gc.threshold(2048)  # a light step waits no longer for one than for another
    asyncio.run(running)
except Exception as error:  # noqa: BLE001 (whatever it is, the next start tells of it)
    try:
        from postlamp.app.crash import crash

        crash(error, heart)
    finally:  # without memory to tell of it, without
        machine.reset()
finally:
    heart.end()  # no watchdog bites a deploy
    running = None  # type: ignore[assignment]
    asyncio.new_event_loop()  # forgets the tasks; what is collected closes its connection
    gc.collect()
