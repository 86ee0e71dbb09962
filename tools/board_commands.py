"""The commands of `postlamp` that make or write what is on a board.

Each loads what it needs only when it runs. Faults are told in a sentence, or in one line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

CODES = (
    "Ends with 0 when it is done, 1 when it failed, 2 when the command itself cannot be used, "
    "3 when there is no board to be reached (nothing was changed), 4 when it ended in the middle "
    "of writing (run it again)."
)
_FILE = click.Path(path_type=Path, dir_okay=False)


def fail(message: str, code: int, as_json: bool) -> NoReturn:
    """Ends the command with a sentence for its user, told as it was asked to."""
    if as_json:
        click.echo(json.dumps({"ok": False, "error": message}, ensure_ascii=False))
    else:
        click.echo(f"Error: {message}", err=True)
    sys.exit(code)


@contextmanager
def told(as_json: bool) -> Iterator[None]:
    """Turns what can go wrong for a user into a sentence."""
    from tools.boardport import BoardError
    from tools.build import BuildError
    from tools.imagefile import ImageError

    try:
        yield
    except BoardError as error:
        fail(str(error), error.code, as_json)
    except (BuildError, ImageError) as error:
        fail(str(error), 1, as_json)
    except OSError as error:
        fail(f"{error.strerror}: {error.filename}", 1, as_json)


def _flash_size(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """4MB as bytes."""
    if value is None:
        return None
    digits = value.upper().removesuffix("MB")
    if not digits.isdigit() or int(digits) not in (2, 4, 8, 16, 32):
        raise click.BadParameter("is one of 2MB, 4MB, 8MB, 16MB, 32MB")
    return int(digits) << 20


def _contents(command: Any) -> Any:
    """The options of what a board gets, the same wherever a board gets it."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One line of JSON, no bar."),
        click.option("--ca", type=_FILE, help="The authority (PEM) of a server of your own."),
        click.option(
            "--no-config", is_flag=True, help="No configuration goes with it (the default)."
        ),
        click.option(
            "--config", type=_FILE, help="This configuration (JSON) goes with it, passwords too."
        ),
        click.option(
            "--image", type=_FILE, help="This image of MicroPython (.bin), not the board's own."
        ),
    ):
        command = option(command)
    return command


def _mixed(config: Path | None, no_config: bool) -> None:
    if config and no_config:
        raise click.UsageError("--config and --no-config: which?")


@click.command(short_help="Make one file for `esptool write-flash`.", epilog=CODES)
@click.argument("board")
@click.argument("file", type=_FILE)
@click.option(
    "--flash-size",
    callback=_flash_size,
    help="Of the board, by default 4MB or 8MB as its description says.",
)
@_contents
def image(
    board: str,
    file: Path,
    flash_size: int | None,
    image: Path | None,
    config: Path | None,
    no_config: bool,
    ca: Path | None,
    as_json: bool,
) -> None:
    """Make one .bin of MicroPython and the compiled firmware for BOARD (a folder of boards/).

    MicroPython is loaded from its own site and kept, or named by --image. The file system inside
    reaches to the end of the flash: its size must be the board's.
    """
    _mixed(config, no_config)
    from tools import build
    from tools import image as images
    from tools.board_progress import Bar

    with told(as_json), Bar(as_json) as bar:
        description = build.board_description(board)
        if not description["image"]:
            _no_hardware(board, as_json)
        own = images.own_files(config, ca)
        bar.step("Finding MicroPython")
        source = images.source(description, image, bar.at)
        bar.step("Compiling the firmware")
        files = [*build.deploy_set(board), *own]
        bar.step("Writing the image")
        size = flash_size or int(description["flash"]["size_bytes"])
        parts = images.parts(source.image, files, size)
        content = images.joined(parts)
        _write(file, content, is_secret=config is not None)
    _tell_image(file, board, source, parts, size, config, as_json)


def _no_hardware(board: str, as_json: bool) -> NoReturn:
    fail(f"{board} is no board to be flashed: `postlamp sim` runs it.", 2, as_json)


def _write(file: Path, content: bytes, is_secret: bool) -> None:
    """Writes it by rename; a file with passwords is for its owner alone."""
    new = file.with_name(f".{file.name}.new")
    try:
        new.touch(0o600 if is_secret else 0o644)
        new.write_bytes(content)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def _tell_image(
    file: Path,
    board: str,
    source: Any,
    parts: list[Any],
    size: int,
    config: Path | None,
    as_json: bool,
) -> None:
    chip = source.image.chip.lower().replace("-", "")
    facts = {
        "ok": True,
        "board": board,
        "chip": source.image.chip,
        "file": str(file),
        "offset": parts[0].offset,
        "bytes": file.stat().st_size,
        "flash_bytes": size,
        "micropython": source.image.version,
        "micropython_file": str(source.path),
        "parts": _facts(parts),
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    tell_source(source)
    click.echo(
        f"{file}: {facts['bytes'] / (1 << 20):.2f} MiB for a board with {size >> 20} MiB of flash."
    )
    click.echo(f"esptool --chip {chip} write-flash {parts[0].offset:#x} {file}")
    if config:
        click.echo("It holds your configuration with its passwords: give it to nobody.")


def tell_source(source: Any) -> None:
    """Which MicroPython it is, and its sum when nobody knew it before."""
    click.echo(f"MicroPython {source.image.version or 'of no version'} ({source.path})")
    if source.is_new:
        click.echo(f"SHA-256 {source.sha256}, remembered; nothing to compare it with was known.")


def at_port(command: Any) -> Any:
    """The option of all that talk to a board."""
    return click.option(
        "--port",
        envvar=["POSTLAMP_PORT", "ESPTOOL_PORT"],
        help="Where the board is plugged in (/dev/ttyUSB0); not needed if it is the only one.",
    )(command)


@click.command(short_help="Write MicroPython and the firmware on a board.", epilog=CODES)
@at_port
@click.option("--board", help="Which board it is, if its chip does not tell.")
@click.option("--erase", is_flag=True, help="Erase all of the flash before.")
@click.option("--dry-run", is_flag=True, help="Look, load and compile, but write nothing.")
@click.option("--baud", type=click.IntRange(9600, 2_000_000), default=460_800, show_default=True)
@click.option("--no-stub", is_flag=True, help="Without esptool's helper on the chip; slower.")
@_contents
def flash(
    port: str | None,
    board: str | None,
    erase: bool,
    dry_run: bool,
    baud: int,
    no_stub: bool,
    image: Path | None,
    config: Path | None,
    no_config: bool,
    ca: Path | None,
    as_json: bool,
) -> None:
    """Write MicroPython and the compiled firmware on the board that is plugged in.

    What was on it goes, its configuration and its passwords too. All is read back and compared,
    then the board starts. `postlamp deploy` renews the firmware alone and keeps the rest.
    """
    _mixed(config, no_config)
    if erase and no_stub:
        raise click.UsageError("--erase needs esptool's helper on the chip: not with --no-stub.")
    from tools import flash as flashing
    from tools.board_progress import Bar

    wish = flashing.Wish(board, port, image, config, ca, erase, dry_run, baud, not no_stub)
    with told(as_json), Bar(as_json) as bar:
        plan = flashing.flash(wish, bar)
    _tell_flash(plan, config, dry_run, as_json)


def _tell_flash(plan: Any, config: Path | None, is_dry: bool, as_json: bool) -> None:
    facts = {
        "ok": True,
        "written": not is_dry,
        "board": plan.board,
        "port": plan.port,
        "chip": plan.found.chip,
        "mac": plan.found.mac,
        "flash_bytes": plan.found.flash_bytes,
        "micropython": plan.source.image.version,
        "micropython_file": str(plan.source.path),
        "parts": _facts(plan.parts),
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    tell_source(plan.source)
    places = ", ".join(f"{part.name} at {part.offset:#x}" for part in plan.parts)
    where = f"{plan.board} ({plan.found.chip}, {plan.found.flash_bytes >> 20} MiB, {plan.port})"
    if is_dry:
        click.echo(f"Would write {places} on {where}. Nothing was written.")
        return
    click.echo(f"Written on {where}, and read back: {places}. It starts now.")
    if not config:
        click.echo('It has no configuration yet: README.md, "On a real board", says how.')


def _facts(parts: list[Any]) -> list[dict[str, Any]]:
    return [{"name": p.name, "offset": p.offset, "bytes": len(p.content)} for p in parts]
