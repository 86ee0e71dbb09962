"""Runs every measurement and prints a line for each figure; JSON=file keeps the same as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from tools.bench import flat, heap, latency, loaded, peers, quiet, sizes, speed
from tools.bench.figure import HEAD, Figure

MEASUREMENTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "sizes": sizes.measure,
    "loaded": loaded.measure,
    "speed": speed.measure,
    "flat": flat.measure,
    "peers": peers.measure,
    "heap": heap.measure,
    "latency": latency.measure,
    "quiet": quiet.measure,
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option(
    "--json", "path", type=click.Path(path_type=Path), help="Write the figures here too."
)
def main(names: tuple[str, ...], path: Path | None) -> None:
    """Measure NAMES, or everything. Exit code 1 when a figure is over its budget."""
    figures = []
    print(HEAD, flush=True)
    for name in names or MEASUREMENTS:
        for figure in MEASUREMENTS[name]():
            figures.append(figure)
            print(figure.line(), flush=True)
    named = path or (Path(os.environ["JSON"]) if os.environ.get("JSON") else None)
    if named is not None:
        records = [figure.record() for figure in figures]
        text = json.dumps(records, indent=2, ensure_ascii=False) + "\n"
        named.write_text(text, encoding="utf-8")
    sys.exit(any(figure.verdict == "OVER" for figure in figures))


if __name__ == "__main__":
    main()
