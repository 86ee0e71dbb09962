"""The smallest heap in which the firmware boots, connects over TLS and counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tools.bench.figure import Figure
from tools.sim.board import SimBoard, SimBoardError
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

_FITS_KIB = 160
_STEP_KIB = 2
_COUNT_S = 10
_BUDGET_KIB = 110


def measure() -> Iterator[Figure]:
    """By bisection of -X heapsize; 64 bit, so about 80 kB of it on the chip for 110."""
    smallest = asyncio.run(_bisect())
    name = "smallest -X heapsize that boots and counts"
    yield Figure(name, smallest, "KiB", _BUDGET_KIB, f"to {_STEP_KIB} KiB; OLED and ring")


async def _bisect() -> int:
    mail = MailServer()
    await mail.start()
    try:
        for number in range(3):
            await mail.deliver("Ann <ann@example.org>", f"Hello {number}")
        if not await _counts(mail, _FITS_KIB):
            raise RuntimeError(f"the firmware does not count in {_FITS_KIB} KiB")
        fails, fits = 0, _FITS_KIB
        while fits - fails > _STEP_KIB:
            middle = (fits + fails) // 2
            if await _counts(mail, middle):
                fits = middle
            else:
                fails = middle
        return fits
    finally:
        await mail.close()


async def _counts(mail: MailServer, heap_kib: int) -> bool:
    board = SimBoard(account_for(mail), ca_pem=mail.ca_pem, heapsize=f"{heap_kib}k")
    try:
        await board.start()
        await board.wait_for(lambda b: b.status.get("unseen") == 3, _COUNT_S, "three unread")
    except SimBoardError:
        return False
    finally:
        await board.stop()
    return True
