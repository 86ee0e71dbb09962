"""What the resident modules take once loaded: on 64 bit, where the simulator runs, and on 32.

The ratio tells which -X heapsize of the simulator stands for the heap of a plain ESP32.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from host_tests.support import wasm
from tools import build
from tools.bench.figure import Figure
from tools.bench.sizes import resident
from tools.sim.runtime import find_micropython

_TIMEOUT_S = 60
_COUNT = """
import gc, sys, json, asyncio
gc.collect()
before = gc.mem_alloc()
for name in sys.argv[1:]:
    __import__(name)
    gc.collect()
print(gc.mem_alloc() - before)
"""


def measure() -> Iterator[Figure]:
    """Heap of the same .mpy files on both, and the ratio."""
    reason = wasm.missing()
    if reason:
        print(f"loaded modules on 32 bit: not measured, {reason}")
        return
    files = build.deploy_set("SIM")
    names = list(resident(files))
    with tempfile.TemporaryDirectory(prefix="postlamp-bench-") as name:
        folder = Path(name)
        build.write(files, folder)
        wide, narrow = _on_64_bit(folder, names), _on_32_bit(folder, names)
    note = f"{len(names)} modules; {wide / 1000:.1f} kB on 64 bit"
    yield Figure("resident modules loaded, 32 bit", narrow / 1000, "kB", None, note)
    yield Figure("loaded modules, 64 bit / 32 bit", wide / narrow, "x")


def _on_64_bit(folder: Path, names: list[str]) -> int:
    command = [find_micropython(), "-c", _COUNT, *names]
    environment = {**os.environ, "MICROPYPATH": f"{folder}/lib:.frozen"}
    return _number(command, environment)


def _on_32_bit(folder: Path, names: list[str]) -> int:
    script = Path(__file__).with_name("loaded.mjs")
    command = ["node", str(script), str(wasm.FOLDER), str(folder), *names]
    return _number(command, dict(os.environ))


def _number(command: list[str], environment: dict[str, str]) -> int:
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
    return int(done.stdout.split()[-1])
