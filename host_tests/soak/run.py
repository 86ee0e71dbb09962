"""Lets a simulated gadget live its weeks on MicroPython, and judges it line by line."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from host_tests.soak import plan, watchdog
from host_tests.soak.judge import Judge, ViolationError
from host_tests.soak.life import STEPS_MS
from host_tests.soak.report import Report
from tools import build
from tools.sim.runtime import find_micropython

# What the driver and its world take of the heap, with what the server has on its way; a test
# holds it to that. On a board none of it is there.
WORLD_BYTES = 68 * 1024
# What the drivers of light and screen and the transport take, which are not here.
_ABSENT_BYTES = 20 * 1024
# Which short texts the last page and the last error left differs from night to night.
HEAP_TOLERANCE = 512  # bytes
_SILENCE_S = 60  # of real time; a simulated day takes a few seconds
_DEVICE = Path(__file__).parent / "device"
_TLS = ("starttls", "implicit")  # by the seed
_SETTINGS = {
    "name": "work",
    "host": "imap.example.org",
    "port": 993,
    "user": "me",
    "password": "secret",
    "auth": "auto",
    "mailboxes": ["INBOX"],
    "search": "UNSEEN UNDELETED",
    "baseline": "all",
    "access": "read-only",
    "idle": True,
    "poll_s": 60,
}


@dataclass(frozen=True)
class Outcome:
    """How a soak ended: `violation` is "" when all was well."""

    violation: str
    now_ms: int
    tail: list[str]
    report: Report


def heap_bytes() -> int:
    """-X heapsize: what boards/SIM gives the firmware, and the world's share."""
    share_kib = int(build.board_description("SIM")["heap"].rstrip("k"))
    return share_kib * 1024 - _ABSENT_BYTES + WORLD_BYTES


def soak(
    seed: int,
    days: int,
    *,
    lie: str = "",
    lines: list[str] | None = None,
    silence_s: float = _SILENCE_S,
    on_day: Callable[[int], None] | None = None,
) -> Outcome:
    """Simulates `days` of the plan of `seed`, or the plan in `lines`; calls `on_day` for each.

    `lie` is one of device/lies.py. After `silence_s` without a line it is killed.
    """
    judge = Judge(HEAP_TOLERANCE)
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        _lay_out(folder)
        text = "\n".join(lines if lines is not None else plan.lines(seed, days)) + "\n"
        (folder / "plan").write_text(text)
        order = {
            "seed": seed,
            "waiting": 3,
            "steps": STEPS_MS,
            "plan": str(folder / "plan"),
            "lie": lie,
            "settings": {**_SETTINGS, "tls": _TLS[seed % 2]},
        }
        with _started(folder) as process:
            violation = _follow(process, silence_s, order, judge, on_day)
    return Outcome(violation, judge.life.now, list(judge.tail), judge.report)


def _lay_out(folder: Path) -> None:
    """The flash of a board, and beside it the driver's own files."""
    build.write(build.deploy_set("SIM", is_short=False), folder / "flash")  # lies reach inside
    (folder / "driver").mkdir()
    for path in sorted(_DEVICE.glob("*.py")):
        compiled = build.compile_file(path, path.stem)
        (folder / "driver" / f"{path.stem}.mpy").write_bytes(compiled)


def _started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [find_micropython(), "-X", f"heapsize={heap_bytes()}", "-c", "import driver"],
        cwd=folder / "flash",
        env={**os.environ, "MICROPYPATH": f"{folder}/driver:{folder}/flash:.frozen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1 << 16,
    )


def _follow(
    process: subprocess.Popen[str],
    silence_s: float,
    order: dict[str, object],
    judge: Judge,
    on_day: Callable[[int], None] | None,
) -> str:
    day = 0
    assert process.stdin
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        with closing(watchdog.lines(process, silence_s)) as said:
            for line in said:
                if not line.endswith("\n"):  # it died in the middle of a word
                    continue
                judge.feed(line)
                if on_day and judge.life.now // plan.DAY_MS > day:
                    day = judge.life.now // plan.DAY_MS
                    on_day(day)
        judge.close()
    except (ViolationError, watchdog.SilenceError) as violation:
        return str(violation)
    finally:
        process.kill()
    return ""


def clock_of(now_ms: int) -> str:
    """Virtual time as people write it."""
    seconds = now_ms // 1000
    hours, minutes = seconds % 86400 // 3600, seconds % 3600 // 60
    return f"day {seconds // 86400 + 1}, {hours:02}:{minutes:02}:{seconds % 60:02}"


def told(outcome: Outcome, seed: int) -> str:
    """A violation with what was before it, and how to see it again."""
    days = outcome.now_ms // plan.DAY_MS + 1
    return "\n".join(
        (
            "The last events:",
            *("    " + line for line in outcome.tail),
            f"VIOLATION on {clock_of(outcome.now_ms)} ({outcome.now_ms} ms), seed {seed}:",
            outcome.violation,
            f'Again: make soak ARGS="--seed {seed} --days {days} --reconnects 0"',
        )
    )
