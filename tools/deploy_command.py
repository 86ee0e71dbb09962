"""The command `postlamp deploy`. Loads what it needs only when it runs."""

from __future__ import annotations

import json
from typing import Any

import click

from tools.board_commands import CODES, at_port, told


@click.command(short_help="Renew the firmware on a board; settings stay.", epilog=CODES)
@at_port
@click.option("--board", help="Which board it is, if it has no Postlamp yet.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, no bar.")
def deploy(port: str | None, board: str | None, dry_run: bool, as_json: bool) -> None:
    """Write the files of the firmware that have changed on a board that runs Postlamp.

    The board checks what it was sent, takes it up all at once and starts anew; a cable that is
    pulled in between leaves the old version. Configuration, passwords and MicroPython stay.
    """
    from tools import deploy as deploying
    from tools.board_progress import Bar

    with told(as_json), Bar(as_json) as bar:
        change = deploying.deploy(board, port, dry_run, bar)
    _tell(change, dry_run, as_json)


def _tell(change: Any, is_dry: bool, as_json: bool) -> None:
    facts = {
        "ok": True,
        "changed": bool(change.written or change.removed) and not is_dry,
        "board": change.board,
        "port": change.port,
        "bytes": change.size,
        "written": [file.path for file in change.written],
        "removed": change.removed,
    }
    if as_json:
        click.echo(json.dumps(facts))
    elif not (change.written or change.removed):
        click.echo(f"{change.board} at {change.port} has this version already. It starts anew.")
    else:
        does = "Would write" if is_dry else "Wrote"
        click.echo(
            f"{does} {len(change.written)} files ({change.size / 1024:.0f} KiB) and remove"
            f"{'' if is_dry else 'd'} {len(change.removed)} on {change.board} at {change.port}. "
            + ("Nothing was changed." if is_dry else "It starts with them now.")
        )
