"""Runs under MicroPython: mounts the file system of an image and copies its files to a folder.

Mounted as the ESP32 does it; a file is written on it and read back first.
"""

import os
import sys

import vfs

from flash import Flash, Power

_SIZES = {"readsize": 32, "progsize": 32, "lookahead": 32}


def copy(source, target):
    """A folder with all that is in it."""
    for entry in os.ilistdir(source):
        name, kind = entry[0], entry[1]
        if kind == 0x4000:
            os.mkdir(target + "/" + name)
            copy(source + "/" + name, target + "/" + name)
        else:
            with open(source + "/" + name, "rb") as file:
                content = file.read()
            with open(target + "/" + name, "wb") as file:
                file.write(content)


with open(sys.argv[1], "rb") as image:
    flash = Flash(0, Power(), image.read())
vfs.mount(vfs.VfsLfs2(flash, **_SIZES), "/flash")
with open("/flash/written", "w") as file:
    file.write("x" * 9000)
with open("/flash/written") as file:
    assert file.read() == "x" * 9000
os.remove("/flash/written")
copy("/flash", sys.argv[2])
