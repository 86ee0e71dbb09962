"""`postlamp sim`: puts the board, its mail server and its web page together, and ends them all."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.build import BuildError
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.ending import until_told
from tools.sim.frames import FrameFolder
from tools.sim.mailserver import MailServer, MailServerError
from tools.sim.report import FrameReport, JSONReport, WordsReport
from tools.sim.runtime import NoRuntimeError

_FIRST_MAIL_S = 5
_FIRST_MAIL = ("Anna Kovač <anna@example.org>", "Can you bring the keys at seven?")
_LOG_TAIL = 20
_FAILED, _UNUSABLE = 1, 2


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    config: Path | None = None
    ca: Path | None = None
    headless: bool = False
    as_json: bool = False
    seconds: float | None = None
    frames: Path | None = None
    port: int = 0
    quiet: bool = False


class UnusableError(Exception):
    """A file that was named cannot be used; the text is for the person who named it."""


def simulate(options: Options) -> int:
    """Runs the simulator until it is told to end; returns the exit code."""
    try:
        return asyncio.run(until_told(_session(options), options.seconds)) or 0
    except UnusableError as error:
        _say(str(error))
        return _UNUSABLE
    except (BuildError, MailServerError, NoRuntimeError, SimBoardError, OSError) as error:
        _say(str(error))
        return _FAILED


def account_for(mail: MailServer) -> dict[str, Any]:
    """The configuration that watches the simulator's own mail server."""
    account = {
        "name": "work",
        "host": mail.host,
        "port": mail.port,
        "user": mail.user,
        "password": mail.password,
        "trust": "ca",
    }
    return {"version": 1, "name": "desk", "accounts": [account]}


def read_config(path: Path) -> Any:
    """The user's configuration, its sense unjudged; raises UnusableError unless it is JSON."""
    try:
        config = json.loads(path.read_text(encoding="utf-8-sig"))
        json.dumps(config, ensure_ascii=False).encode()  # as the board will be given it
    except OSError as error:
        raise UnusableError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path} is not text in UTF-8.") from error
    except UnicodeEncodeError as error:  # its own text would quote the configuration
        raise UnusableError(f"{path} holds half of a character (\\ud800 to \\udfff).") from error
    except RecursionError as error:
        raise UnusableError(f"{path} is nested too deep.") from error
    except ValueError as error:
        raise UnusableError(f"{path} is not JSON: {error}.") from error
    return config


def trust_ca(config: Any) -> Any:
    """A copy in which accounts that do not say whom they trust trust the given authority."""
    if not isinstance(config, dict) or not isinstance(config.get("accounts"), list):
        return config  # the firmware says what is wrong with it
    accounts = [
        {**account, "trust": "ca"}
        if isinstance(account, dict) and "trust" not in account
        else account
        for account in config["accounts"]
    ]
    return {**config, "accounts": accounts}


async def _session(options: Options) -> int:
    async with contextlib.AsyncExitStack() as stack:
        config, ca_pem, mail = await _mail_to_watch(options, stack)
        board = SimBoard(config, ca_pem=ca_pem)
        _report(options, board, stack)
        ended = asyncio.Event()
        board.on_change.append(lambda what: ended.set() if what == "end" else None)
        stack.push_async_callback(board.stop)
        if not options.headless:
            await _open_page(options, board, mail, stack)
        await board.start()
        if mail is not None and not options.quiet:
            stack.push_async_callback(_end, asyncio.create_task(_first_mail(mail)))
        try:
            await ended.wait()
        except asyncio.CancelledError:
            _check_use(options, board)
            raise
        tail = "\n  ".join(board.log[-_LOG_TAIL:])
        _say(f"The firmware ended with code {board.exit_code}. It said:\n  {tail}")
        return _FAILED


async def _mail_to_watch(
    options: Options, stack: contextlib.AsyncExitStack
) -> tuple[Any, bytes, MailServer | None]:
    """The configuration, the authority to trust, and the own server when there is no --config."""
    if options.config is None:
        if options.ca is not None:
            raise UnusableError(
                "--ca goes with --config: the own server brings its own authority."
            )
        mail = MailServer()
        await mail.start()
        stack.push_async_callback(mail.close)
        return account_for(mail), mail.ca_pem, mail
    config = read_config(options.config)
    if options.ca is None:
        _check_authority(config)
        return config, b"", None
    try:
        return trust_ca(config), options.ca.read_bytes(), None
    except OSError as error:
        raise UnusableError(f"{options.ca} cannot be read: {error.strerror}.") from error


def _check_authority(config: Any) -> None:
    """Raises UnusableError when an account trusts an authority that nobody named."""
    accounts = config.get("accounts") if isinstance(config, dict) else None
    for index, account in enumerate(accounts if isinstance(accounts, list) else []):
        if isinstance(account, dict) and account.get("trust") == "ca":
            raise UnusableError(
                f"accounts[{index}].trust is ca: name the authority's file (PEM) with --ca."
            )


def _check_use(options: Options, board: SimBoard) -> None:
    """Raises UnusableError when the gadget has refused its configuration."""
    if board.status.get("cause") == "config":
        raise UnusableError(f"{options.config} was refused: {board.status['detail']}.")


def _report(options: Options, board: SimBoard, stack: contextlib.AsyncExitStack) -> None:
    if options.as_json and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # RFC 8259 §8.1, whatever the terminal is
    report = JSONReport(board, _print) if options.as_json else WordsReport(board, _print)
    stack.callback(report.close)
    if options.frames is not None:
        try:
            folder = FrameFolder(options.frames)
        except OSError as error:
            raise UnusableError(f"{options.frames}: {error.strerror}.") from error
        stack.callback(FrameReport(board, folder, _say).close)


async def _open_page(
    options: Options, board: SimBoard, mail: MailServer | None, stack: contextlib.AsyncExitStack
) -> None:
    from tools.sim import web  # aiohttp is slow to load, and --headless does without

    try:
        address, runner = await web.serve(board, mail, options.port)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise UnusableError(f"Port {options.port}: {why}. --port names another.") from error
    stack.push_async_callback(runner.cleanup)
    _say(f"Postlamp is at {address} - Ctrl-C ends it.")
    if not options.quiet and _has_desktop():
        _open_browser(address)


def _has_desktop() -> bool:
    """Whether a browser has a window to open: one for text would take this terminal."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return named or sys.platform == "darwin"


def _open_browser(address: str) -> None:
    """Opens the page without waiting: a browser may take seconds, and talks on its output."""
    subprocess.Popen(
        [sys.executable, "-m", "webbrowser", address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


async def _first_mail(mail: MailServer) -> None:
    await asyncio.sleep(_FIRST_MAIL_S)
    try:
        await mail.deliver(*_FIRST_MAIL)
    except (MailServerError, OSError) as error:
        _say(f"The first mail could not be delivered: {error}")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:  # who read us has enough, as `| head` has: end as if told to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        signal.raise_signal(signal.SIGTERM)


def _say(words: str) -> None:
    """Words for a person: standard output may be read by a program."""
    print(words, file=sys.stderr, flush=True)
