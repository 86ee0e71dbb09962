"""Runs under MicroPython: an update on real littlefs, its power cut at every single write.

argv: the installer (.mpy), and whether half of the last write is done. A line of JSON for each
cut: what the board's next start finds.
"""

import binascii
import json
import os
import sys

import vfs

from flash import Flash, Power, PowerCutError

_SIZES = {"readsize": 32, "progsize": 32, "lookahead": 32}
_BLOCKS = 48
OLD = {
    "boot.py": "old",
    "main.py": "same",
    "postlamp/a.mpy": "old" * 999,
    "postlamp/deep/gone.mpy": "old",
    "config.json": "the owner's",
}
NEW = {"boot.py": "new", "postlamp/a.mpy": "new" * 999, "assets/more/b.bin": "new" * 3000}


class RestartedError(Exception):
    """The board starts anew."""


class Machine:
    """The module machine, as far as the installer asks for it."""

    def reset(self):
        """No more of this start."""
        raise RestartedError


def write(files, folder):
    """Files with their folders."""
    for path, content in files.items():
        parts = (folder + path).split("/")
        for end in range(1, len(parts)):
            if "/".join(parts[:end]) not in made:
                made.add("/".join(parts[:end]))
                os.mkdir("/".join(parts[:end]))
        with open(folder + path, "wb") as file:
            file.write(content)


def read(folder=""):
    """All files by path, in hexadecimal."""
    found = {}
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name if folder else name
        if kind == 0x4000:
            found.update(read(path))
        else:
            with open(path, "rb") as file:
                found[path] = str(binascii.hexlify(file.read()), "ascii")
    return found


def mounted(flash):
    """Its files are those of the working folder from now on."""
    vfs.mount(vfs.VfsLfs2(flash, **_SIZES), "/flash")
    os.chdir("/flash")


def unmounted():
    """As after the power is gone."""
    os.chdir("/")
    vfs.umount("/flash")


def boot():
    """As boot.py begins; whether it installed."""
    if "new" not in os.listdir():
        return False
    for name in ("new.install", "new"):
        sys.modules.pop(name, None)
    try:
        __import__("new.install")
    except RestartedError:
        return True
    raise AssertionError("it did not restart")


def staged():
    """A flash with the old version, and the new one beside it."""
    flash = Flash(_BLOCKS, Power())
    vfs.VfsLfs2.mkfs(flash, **_SIZES)
    mounted(flash)
    made.clear()
    write(OLD, "")
    write(NEW, "new.part/")
    write({"install.mpy": installer, "gone": "postlamp/deep/gone.mpy\n"}, "new.part/")
    unmounted()
    return flash.content


with open(sys.argv[1], "rb") as file:
    installer = file.read()
tears = sys.argv[2] == "tears"
sys.modules["machine"] = Machine()
sys.path[:] = ["", ".frozen"]
made = set()
start = staged()
for writes in range(10_000):
    power = Power(writes)
    flash = Flash(_BLOCKS, power, start, tears)
    mounted(flash)
    try:
        os.rename("new.part", "new")
        boot()
    except (OSError, PowerCutError):
        if not power.is_over:
            raise
    unmounted()
    flash = Flash(_BLOCKS, Power(), bytes(flash.content))
    mounted(flash)
    starts = 0
    while boot():
        starts += 1
    print(json.dumps({"over": power.is_over, "starts": starts, "files": read()}))
    unmounted()
    if not power.is_over:
        break
