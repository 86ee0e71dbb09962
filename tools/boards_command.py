"""The command `postlamp boards`: what Postlamp knows, what is plugged in, how a board is wired."""

from __future__ import annotations

import json
from typing import Any

import click

from tools.board_commands import CODES, told


@click.command(short_help="List the boards, or show how one is wired.", epilog=CODES)
@click.argument("board", required=False)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def boards(board: str | None, as_json: bool) -> None:
    """List the boards that Postlamp knows and the ports where one may be plugged in.

    With the name of a BOARD: how it is wired, from its board.md.
    """
    from tools import boardport, build

    with told(as_json):
        if board is not None:
            _show(board, as_json)
            return
        names = sorted(path.parent.name for path in build.BOARDS.glob("*/board.json"))
        known = [build.board_description(name) for name in names]
        ports = boardport.ports()
    if as_json:
        rows = [_facts(description) for description in known]
        found = [{"path": port.path, "what": port.what} for port in ports]
        click.echo(json.dumps({"ok": True, "boards": rows, "ports": found}))
        return
    width = max(len(description["board"]) for description in known)
    for description in known:
        chip = "this computer" if description["image"] is None else description["chip"]
        click.echo(f"{description['board']:<{width}}  {chip:<13}  {description['title']}")
    click.echo()
    if ports:
        names_of = ", ".join(f"{port.path} ({port.what})" for port in ports)
        click.echo(f"Plugged in: {names_of}. `postlamp flash --dry-run` tells which chip it is.")
    else:
        click.echo("No board is plugged in. Many cables only charge.")


def _show(board: str, as_json: bool) -> None:
    from tools import build

    description = build.board_description(board)
    wiring = (build.BOARDS / board / "board.md").read_text(encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"ok": True, **_facts(description), "wiring": wiring}))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    if console.is_terminal:
        console.print(Markdown(wiring))
    else:
        click.echo(wiring.rstrip())


def _facts(description: dict[str, Any]) -> dict[str, Any]:
    image = description["image"] or {}
    return {
        "board": description["board"],
        "title": description["title"],
        "chip": description["chip"],
        "micropython_file": image.get("file"),
    }
