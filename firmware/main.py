"""Started by MicroPython after boot.py: the gadget, until power-off or Ctrl-C."""

import asyncio
import gc

gc.threshold(1024)  # while modules load: what stays must not come to lie between garbage
from postlamp import gadget  # noqa: E402
from postlamp.modules import drop  # noqa: E402

running = gadget.assemble()
del gadget
drop("postlamp.gadget")
gc.collect()
gc.threshold(2048)  # a light step waits no longer for one than for another
asyncio.run(running)
