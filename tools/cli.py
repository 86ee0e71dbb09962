"""The `postlamp` command. Each subcommand loads what it needs only when it runs."""

from __future__ import annotations

import io
import math
import sys
from pathlib import Path

import click

from tools import board_commands, boards_command, deploy_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="postlamp")
def main() -> None:
    """A desk light that knows when mail waits, and says so when it doesn't know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal can show every sender


def _no_nan(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """FloatRange takes nan for a number that is not too small."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no time.", param=option)
    return value


@main.command(
    short_help="Run the gadget on this computer, in a web page.",
    epilog="Ends with 0 when told to end, 1 when something failed, 2 when what was given to it "
    "cannot be used.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Watch the accounts of this configuration (JSON); the file is never written.",
)
@click.option(
    "--ca",
    type=click.Path(path_type=Path),
    help="With --config: trust servers that this authority (PEM) vouches for.",
)
@click.option("--headless", is_flag=True, help="No web page.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON line on standard output for every change."
)
@click.option(
    "--seconds", type=click.FloatRange(min=0), callback=_no_nan, help="End after this long."
)
@click.option(
    "--frames",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep every picture of the display in this folder as PNG.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the web page (0: any)."
)
@click.option(
    "--quiet", is_flag=True, help="Open no browser, and let no first mail come by itself."
)
def sim(
    config: Path | None,
    ca: Path | None,
    headless: bool,
    as_json: bool,
    seconds: float | None,
    frames: Path | None,
    port: int,
    quiet: bool,
) -> None:
    """Run the gadget on this computer, with a mail server of its own unless --config is given."""
    from tools.sim import run

    options = run.Options(config, ca, headless, as_json, seconds, frames, port, quiet)
    sys.exit(run.simulate(options))


@main.command(short_help="Show in the terminal what the gadget does.")
def demo() -> None:
    """Show in this terminal what the gadget does, in under 40 seconds; fails if it does not."""
    from tools.sim import demo

    sys.exit(demo.show())


@main.command(short_help="Compile the firmware for a board into a folder.")
@click.argument("board")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def files(board: str, folder: Path) -> None:
    """Compile the firmware for BOARD (a folder of boards/) into FOLDER, ready to be copied."""
    from tools import build

    try:
        if folder.exists() and any(folder.iterdir()):
            raise click.ClickException(f"{folder} is not empty; name a new folder.")
        made = build.deploy_set(board)
        build.write(made, folder)
    except build.BuildError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from error
    size_kib = sum(len(file.content) for file in made) / 1024
    click.echo(f"{len(made)} files, {size_kib:.0f} KiB, in {folder}")


@main.command(short_help="Write Mozilla's roots as a board looks them up.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def roots(file: Path) -> None:
    """Write the roots that Mozilla trusts into FILE, as a board looks them up (roots.bin)."""
    from tools import roots

    packed = roots.mozilla()
    try:
        file.write_bytes(packed.content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    size_kib = len(packed.content) / 1024
    click.echo(f"{packed.number} roots of certifi {packed.release}, {size_kib:.0f} KiB, in {file}")


@main.command(short_help="Pack the display's fonts.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--source",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where 5x8.pcf.gz and 6x13.pcf.gz are; by default where xfonts-base puts them.",
)
def fonts(folder: Path, source: Path | None) -> None:
    """Pack X11's 5x8 and 6x13 into FOLDER, as a board reads them (firmware/assets has them)."""
    from tools import fonts

    try:
        said = fonts.write(folder, source or fonts.SOURCE)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"The fonts cannot be packed: {error}") from error
    click.echo("\n".join(said))


@main.command(short_help="Draw every page and every light into pictures.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def gallery(folder: Path) -> None:
    """Draw every page of the screen and its light into FOLDER (PNG), each language by itself."""
    from tools import gallery
    from tools.sim.board import SimBoardError

    try:
        taken = gallery.take()
        sheets = gallery.write(taken, folder)
        sheets += gallery.write_small(gallery.take(height=32), folder)
    except (SimBoardError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(taken.pictures)} pictures and {len(sheets)} sheets of them, in {folder}")


main.add_command(boards_command.boards)
main.add_command(deploy_command.deploy)
main.add_command(board_commands.flash)
main.add_command(board_commands.image)

if __name__ == "__main__":
    main()
