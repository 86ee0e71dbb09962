"""The smallest heap in which the firmware boots, counts, shows a new mail and reconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tools.bench.figure import Figure
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

_FITS_KIB = 160
_BUDGET_KIB = 110  # about 77 kB on a chip that has 83; the simulator gives what stands for those
_STEP_KIB = 1
_WAIT_S = 10
_WAITING = 3
_SENDER = "Żaneta Ćwikła"


def measure() -> Iterator[Figure]:
    """By bisection of -X heapsize."""
    smallest = asyncio.run(_bisect())
    name = "smallest -X heapsize: TLS, count, new mail, reconnect"
    yield Figure(name, smallest, "KiB", _BUDGET_KIB, f"to {_STEP_KIB} KiB; OLED and ring")


async def _bisect() -> int:
    mail = MailServer()
    await mail.start()
    try:
        if not await _works(mail, _FITS_KIB):
            raise RuntimeError(f"the firmware does not work in {_FITS_KIB} KiB")
        fails, fits = 0, _FITS_KIB
        while fits - fails > _STEP_KIB:
            middle = (fits + fails) // 2
            if await _works(mail, middle):
                fits = middle
            else:
                fails = middle
        return fits
    finally:
        await mail.close()


async def _works(mail: MailServer, heap_kib: int) -> bool:
    """Whether the firmware does all that it does in a day, without ever saying "memory"."""
    await mail.expunge_all()
    for number in range(_WAITING):
        await mail.deliver("Ann <ann@example.org>", f"Hello {number}")
    board = SimBoard(account_for(mail), ca_pem=mail.ca_pem, heapsize=f"{heap_kib}k")
    try:
        await board.start()
        await _live_a_day(board, mail)
    except SimBoardError:
        return False
    finally:
        await board.stop()
    return not any("MemoryError" in line for line in board.log)


async def _live_a_day(board: SimBoard, mail: MailServer) -> None:
    """Unread mail, a new one with a long subject, the server away and back with one more."""
    await board.wait_for(lambda b: b.status.get("unseen") == _WAITING, _WAIT_S, "the count")
    await mail.deliver(f"{_SENDER} <z@example.org>", "Zażółć gęślą jaźń, a potem jeszcze raz")
    await board.wait_for(
        lambda b: b.status["state"] == "new" and _SENDER in " ".join(b.status["screen"]),
        _WAIT_S,
        "the new mail",
    )
    await mail.stop_listening()
    await board.wait_for(lambda b: b.status["cause"], _WAIT_S, "the loss is noticed")
    await mail.deliver("Ann <ann@example.org>", "Back again")
    await mail.start_listening()
    await board.wait_for(lambda b: b.status["unseen"] == _WAITING + 2, _WAIT_S, "the link is back")
