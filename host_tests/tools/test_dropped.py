"""What is loaded to be dropped leaves its names behind, once, and nothing more."""

import json
import subprocess
from pathlib import Path

from tools import build
from tools.bench.sizes import modules, resident
from tools.sim.runtime import find_micropython

# Of the 64-bit port, whose objects are twice the chip's: names, and tables of names
_NAMES_BYTES = 18 * 1024  # 7 of them the table that doubles
_SLACK_BYTES = 256

_DRIVER = """
import gc, json, sys
for name in {resident}:
    __import__(name)
from modules import drop
gc.collect()
told = [gc.mem_alloc()]
for turn in range(4):
    for name in {dropped}:
        __import__(name)
        drop(*[each for each in {dropped} if each in sys.modules])
    gc.collect()
    told.append(gc.mem_alloc())
print(json.dumps(told))
"""
# What no stock MicroPython for computers has; and what is not fitted on the simulator
_NEEDS_CHIP = ("starting", "gadget", "led")


def test_what_is_loaded_and_dropped_again_and_again_leaves_its_names_once(tmp_path: Path):
    files = build.deploy_set("SIM")
    build.write(files, tmp_path)
    kept = list(resident(files))
    dropped = [name for name in modules(files) if name not in kept and name not in _NEEDS_CHIP]
    script = _DRIVER.format(resident=kept, dropped=dropped)
    done = subprocess.run(
        [find_micropython(), "-c", script],
        cwd=tmp_path,
        env={"MICROPYPATH": f"{tmp_path}/lib:.frozen"},
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told[1] - told[0] <= _NAMES_BYTES, told
    assert max(told[1:]) - told[1] <= _SLACK_BYTES, told
    assert len(dropped) > 40
