"""Runs under MicroPython: the firmware's files on real littlefs, power and room as it is told.

An order is a line of JSON: what is on flash and in NVS, the work to do, and after how many writes
the power goes (or the room). The answer tells what came of it, and of the boot after it.
"""

import json
import os
import sys

import vfs

from flash import BLOCK_BYTES, NVS, Flash, Power, PowerCutError
from postlamp.modules import drop
from postlamp.store.files import replace
from postlamp.store.state import State

_BLOCKS = 16
_SIZES = {"readsize": 32, "progsize": 32, "lookahead": 32}
_FILLER = "filler"
_STATE = "state.json"


class Chip:
    """The module esp32, as far as the firmware asks for it."""

    def __init__(self, nvs):
        self.NVS = lambda namespace: nvs


def empty():
    """A formatted flash."""
    flash = Flash(_BLOCKS, Power())
    vfs.VfsLfs2.mkfs(flash, **_SIZES)
    return flash.content


def mounted(flash):
    """Its files are those of the working folder from now on."""
    vfs.mount(vfs.VfsLfs2(flash, **_SIZES), "/flash")
    os.chdir("/flash")


def unmounted():
    """As after the power is gone."""
    os.chdir("/")
    vfs.umount("/flash")


def boot(order):
    """What the firmware reads at its start, as far as it matters here."""
    from postlamp.settings import read

    config, error = read()
    del read
    drop("postlamp.settings")
    answer = {"error": str(error or ""), "name": config.get("name")}
    entries = config.get("wifi", []) + config.get("accounts", [])
    answer["passwords"] = [entry["password"] for entry in entries]
    return answer


def remember(order):
    """Saves a state, later another one."""
    state = State(_STATE)
    state.put("work", [1, 2, 3, None])
    failed = state.save(0) is not None
    return {"failed": failed, "again": state.save(600) is not None}


def recall(order):
    """The state after a boot."""
    return {"state": State(_STATE).get("work")}


def put(order):
    """Puts a file in place of another."""
    replace("config.json", order["text"].encode())


def rest(order):
    """Does not even boot."""


def attempted(work, order):
    """What came of it: an answer, or the error."""
    try:
        return WORKS[work](order)
    except PowerCutError:
        return None
    except OSError as error:
        return "error " + str(error.args[0])


def fill(blocks):
    """Leaves so many blocks of the flash free."""
    for size in range(os.statvfs("/flash")[3], 0, -1):
        try:
            with open(_FILLER, "wb") as file:
                for _ in range(size - blocks):
                    file.write(b"\xff" * BLOCK_BYTES)
            return
        except OSError:
            os.remove(_FILLER)


def run(order):
    """One life: the work, its end, and the boot after it."""
    flash = Flash(_BLOCKS, Power(), EMPTY)
    mounted(flash)
    for name, text in order["files"].items():
        with open(name, "wb") as file:
            file.write(text.encode())
    if "free" in order:
        fill(order["free"])
    unmounted()
    power = Power(order["writes"], order["is_full"])
    flash = Flash(_BLOCKS, power, flash.content, order["tears"])
    stored = {key: bytes.fromhex(blob) for key, blob in order["nvs"].items()}
    sys.modules["esp32"] = Chip(NVS(stored, power, order["waits"]))
    mounted(flash)
    answer = {"came": attempted(order["work"], order), "then": list(os.listdir())}
    answer["is_over"] = power.is_over
    if power.is_out:
        answer["came"] = "cut"  # whatever came after it changed nothing
    unmounted()
    mounted(Flash(_BLOCKS, Power(), flash.content))
    if _FILLER in os.listdir():
        os.remove(_FILLER)
    sys.modules["esp32"] = Chip(NVS(stored, Power()))
    answer["next"] = attempted(order["next"], order)
    answer["files"] = {}
    for name in os.listdir():
        with open(name, "rb") as file:
            answer["files"][name] = str(file.read(), "utf-8")
    answer["nvs"] = {key: blob.hex() for key, blob in stored.items()}
    unmounted()
    return answer


WORKS = {"boot": boot, "remember": remember, "recall": recall, "put": put, "rest": rest}
EMPTY = empty()
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))))
