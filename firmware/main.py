"""Started by MicroPython after boot.py: the gadget, until power-off or Ctrl-C."""

import asyncio
import gc

from postlamp import gadget
from postlamp.modules import drop

running = gadget.assemble()
del gadget
drop("postlamp.gadget")
gc.collect()
asyncio.run(running)
