"""`postlamp demo`: the gadget's day in half a minute, drawn in the terminal, each step checked."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.text import Text

from tools.build import BuildError
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.ending import until_told
from tools.sim.mailserver import MailServer, MailServerError
from tools.sim.run import account_for
from tools.sim.runtime import NoRuntimeError
from tools.sim.strip import Colour

_TOLD_TO_END = 130  # what a shell makes of Ctrl-C
_STEP_S = 6.0
_ALL_S = 40.0
_FRAME_COLUMNS = 4
_LOOK_S = 1.0  # the display finishes drawing, and a person gets to look
_RECOUNT_MS = 61_000  # read elsewhere is seen at the next recount, once a minute
_GRACE_MS = 95_000  # trouble lights up after 90 s without proof
_RETRY_MS = 301_000  # longer than any wait before the next try

_MAILS = (
    ("Anna Kovač <anna@example.org>", "Can you bring the keys at seven?"),
    ("Иван Петров <ivan@example.org>", "Новое письмо: Привет из Москвы"),
    ("Boss <boss@example.org>", "Quarterly figures, please"),
)

Act = Callable[[], Awaitable[None]]
Check = Callable[[SimBoard], object]


class Demo:
    """The steps, each with what must then be seen on the light, on the panel and in the status."""

    def __init__(self, board: SimBoard, mail: MailServer, console: Console) -> None:
        self._board = board
        self._mail = mail
        self._console = console
        self._picture = bytes(board.panel.width * board.panel.height)
        self._number = 0

    async def play(self) -> None:
        """Plays all steps; SimBoardError names the one that did not show in its time."""
        await self._step("Power on: it connects, checks, and finds nothing", None, _is_calm)
        for count, mail in enumerate(_MAILS, start=1):
            sender = mail[0].split(" <")[0]
            title = f"A mail from {sender}: {mail[1]}"
            await self._step(title, self._delivery(mail), _announced(sender, count))
        await self._step("A press on the button ends the swelling", self._press, _is_unread)
        await self._step("One is read on the phone", self._read_one, _waiting(2))
        await self._step("The server goes away; 95 seconds later", self._go_away, _is_not_sure)
        await self._step("The server is back", self._come_back, _waiting(2))

    def _delivery(self, mail: tuple[str, str]) -> Act:
        async def deliver() -> None:
            await self._mail.deliver(*mail)

        return deliver

    async def _press(self) -> None:
        self._board.press()

    async def _read_one(self) -> None:
        await self._mail.mark_read(1)
        self._board.jump(_RECOUNT_MS)

    async def _go_away(self) -> None:
        await self._mail.stop_listening()
        self._board.jump(_GRACE_MS)

    async def _come_back(self) -> None:
        await self._mail.start_listening()
        self._board.jump(_RETRY_MS)

    async def _step(self, title: str, act: Act | None, check: Check) -> None:
        self._number += 1
        heading = f"{self._number}. {title}"
        if act is not None:
            await act()
        await self._board.wait_for(check, _STEP_S, f"{heading}: light and status")
        light = list(self._board.light)  # a blink is soon over
        await self._board.wait_for(self._is_new_picture, _STEP_S, f"{heading}: display")
        await asyncio.sleep(_LOOK_S)
        self._picture = self._board.panel.pixels()
        self._draw(heading, light)

    def _is_new_picture(self, board: SimBoard) -> bool:
        return not board.panel.problems and board.panel.pixels() != self._picture

    def _draw(self, heading: str, colours: list[Colour]) -> None:
        board = self._board
        self._console.print(f"\n[bold]{heading}[/bold]", highlight=False)
        light = Text("  light  ")
        for colour in colours:
            light.append("● " if any(colour) else "○ ", style=_style(colour))
        unseen = board.status.get("unseen")
        state = str(board.status.get("state")).replace("_", " ")
        light.append(f"  {state}, {'unknown' if unseen is None else unseen} unread")
        self._console.print(light)
        is_narrow = self._console.width < board.panel.width + _FRAME_COLUMNS
        is_small = is_narrow and self._console.is_terminal  # a file is as wide as it needs
        rows = board.panel.small_rows() if is_small else board.panel.rows()
        edge = "─" * len(rows[0])
        self._console.print(f"  ┌{edge}┐", highlight=False)
        for row in rows:
            self._console.print(Text(f"  │{row}│"), no_wrap=True, crop=False, overflow="ignore")
        self._console.print(f"  └{edge}┘", highlight=False)


def show() -> int:
    """Plays the demo in this terminal; returns the exit code."""
    try:
        code = asyncio.run(until_told(_show(Console(soft_wrap=True))))
    except TimeoutError:
        print(f"the demo took longer than {_ALL_S:g} s", file=sys.stderr)
        return 1
    except (SimBoardError, BuildError, MailServerError, NoRuntimeError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return _TOLD_TO_END if code is None else code


async def _show(console: Console) -> int:
    async with asyncio.timeout(_ALL_S):
        mail = MailServer()
        await mail.start()
        try:
            async with SimBoard(account_for(mail), ca_pem=mail.ca_pem) as board:
                await Demo(board, mail, console).play()
        finally:
            await mail.close()
    console.print("\nSteady: I know. Swelling: mail. Blinking: trouble.")
    return 0


def _is_calm(board: SimBoard) -> bool:
    """Nothing waits: one teal pixel."""
    lit = _lit(board)
    is_teal = len(lit) == 1 and lit[0][0] < lit[0][2] <= lit[0][1]
    return _state(board) == "nothing" and board.status.get("unseen") == 0 and is_teal


def _waiting(count: int) -> Check:
    """So many wait: blue, as many pixels as wait, or all while it swells."""

    def check(board: SimBoard) -> bool:
        lit = _lit(board)
        is_blue = bool(lit) and all(blue >= red for red, _, blue in lit)
        is_swelling = _state(board) == "new" and len(lit) == len(board.light)
        is_lit = is_blue and (is_swelling or len(lit) == count)
        is_counted = board.status.get("unseen") == count
        return _state(board) in ("new", "unread") and is_counted and is_lit

    return check


def _is_unread(board: SimBoard) -> bool:
    """All mails wait, and nothing swells any more."""
    return _state(board) == "unread" and bool(_waiting(len(_MAILS))(board))


def _announced(sender: str, count: int) -> Check:
    """A mail has just come: it swells, and the screen names who wrote."""

    def check(board: SimBoard) -> bool:
        lines = board.status.get("screen", [])
        is_named = any(sender in line for line in lines)
        return _state(board) == "new" and is_named and bool(_waiting(count)(board))

    return check


def _is_not_sure(board: SimBoard) -> bool:
    """The server is gone: amber blinks, and no count is claimed."""
    amber = [red > green > blue for red, green, blue in _lit(board)]
    is_unknown = board.status.get("unseen") is None
    return _state(board) == "not_sure" and is_unknown and any(amber)


def _state(board: SimBoard) -> str:
    return str(board.status.get("state"))


def _lit(board: SimBoard) -> list[Colour]:
    return [colour for colour in board.light if any(colour)]


def _style(colour: Colour) -> str:
    """The colour for a terminal: a lamp's few percent would look black there."""
    if not any(colour):
        return "bright_black"
    top = max(colour)
    red, green, blue = (int(255 * (part / top) ** 0.6) for part in colour)
    return f"rgb({red},{green},{blue})"
