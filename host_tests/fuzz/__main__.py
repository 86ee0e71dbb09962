"""Fuzzes every target for a given time and says what was found, and how to keep and replay it."""

import argparse
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread

from host_tests.fuzz.vocabulary import WORDS

_ROOT = Path(__file__).resolve().parents[2]
_SEEDS = Path("host_tests/fuzz/corpus")
_GROWN = Path(".build/fuzz")  # what earlier runs learned; of use, not of value
_FOUND = _GROWN / "found"
_INPUT_BYTES = 4096
_INPUT_S = 10  # an input that takes longer is a finding
_MEMORY_MB = 1024
_PATHS = ("firmware", "host_tests/support/portable", "host_tests/support/cpython_shims", ".")
_NOT_HERE = """Fuzzing needs atheris, which has wheels for Linux x86_64 and Python 3.11 to 3.13; \
this is {system} {machine}, Python {python}.
`make test` runs the same checks with fixed inputs, on every platform."""


def main() -> int:
    """The exit code: 1 for a finding, 2 where there is no atheris."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(WORDS))
    options = parser.parse_args()
    if not set(options.targets) <= set(WORDS):
        parser.error("targets are " + ", ".join(WORDS))
    if importlib.util.find_spec("atheris") is None:
        here = {"system": platform.system(), "machine": platform.machine()}
        print(_NOT_HERE.format(python=platform.python_version(), **here))
        return 2
    names = options.targets or list(WORDS)
    # The engine deserves as much as all others together, and two cores take one lane each.
    lanes = [names[:1], names[1:]]
    runs = [Lane(lane, options.seconds) for lane in lanes if lane]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    is_clean = all(run.is_clean for run in runs)
    print("No finding." if is_clean else "There are findings.")
    return not is_clean


class Lane(Thread):
    """Fuzzes targets one after another, within a time for all of them."""

    def __init__(self, names: list[str], seconds: int) -> None:
        super().__init__()
        self.is_clean = False  # until it has come to its end: who dies on the way found something
        self._names = names
        self._seconds = max(1, seconds // len(names))

    def run(self) -> None:
        """Print a line for each target."""
        is_clean = True
        for name in self._names:
            log = _fuzz(name, self._seconds)
            text = log.read_text(errors="replace")
            found = re.findall(r"Test unit written to (\S+)", text)
            print(_summary(name, self._seconds, text), flush=True)
            if found or "DONE" not in text:
                is_clean = False
                print(_finding(name, text, found, log), flush=True)
        self.is_clean = is_clean


def _fuzz(name: str, seconds: int) -> Path:
    """Run one target in a process of its own; the log it wrote."""
    grown = _GROWN / name
    for folder in (grown, _FOUND):
        (_ROOT / folder).mkdir(parents=True, exist_ok=True)
    flags = {
        "max_total_time": seconds,
        "max_len": _INPUT_BYTES,
        "timeout": _INPUT_S,
        "rss_limit_mb": _MEMORY_MB,
        "artifact_prefix": f"{_FOUND}/{name}-",
        "print_final_stats": 1,
    }
    command = [sys.executable, "-m", "host_tests.fuzz.child", name, str(grown)]
    command += [str(_SEEDS / name), *[f"-{flag}={value}" for flag, value in flags.items()]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(_PATHS)}
    log = _ROOT / _GROWN / f"{name}.log"
    with log.open("wb") as file:
        subprocess.run(
            command, cwd=_ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False
        )
    return log


def _summary(name: str, seconds: int, text: str) -> str:
    runs = re.findall(r"number_of_executed_units: +(\d+)", text)
    edges = re.findall(r"cov: (\d+)", text)
    counts = f"{int(runs[-1]):,} inputs" if runs else "broke off"
    return f"{name:9} {seconds:4} s  {counts}, {edges[-1] if edges else 0} edges"


def _finding(name: str, text: str, found: list[str], log: Path) -> str:
    """What broke, and what to type to keep and to replay the input."""
    if not found:
        return f"  The run ended early; its output is in {log}"
    broken = re.findall(r"^\w*(?:Error|Exception|Interrupt).*|^==\d+== ?ERROR.*", text, re.M)
    kept = f"{_SEEDS}/{name}/what-it-shows"
    return "\n".join(
        (
            f"  FOUND {broken[0] if broken else 'something, see ' + str(log)}",
            f"  keep it:   cp {found[-1]} {kept}",
            '  replay it: make test ARGS="host_tests/fuzz/test_corpus.py -n 0 -k what-it-shows"',
        )
    )


if __name__ == "__main__":
    sys.exit(main())
