"""The simulator's page with everything real behind it: a mail sent by its form lights the ring."""

import asyncio
import time

import aiohttp

from host_tests.support.lamp import glows, is_blue, lit, says, shows
from tools.sim import web
from tools.sim.board import SimBoard
from tools.sim.mailserver import MailServer
from tools.sim.run import account_for

LIGHT_S = 2  # from the press of "Send" to the ring and the display


def test_a_mail_sent_by_the_form_lights_the_ring_and_shows_who_and_what():
    async def run() -> None:
        mail = MailServer()
        await mail.start()
        try:
            async with SimBoard(account_for(mail), ca_pem=mail.ca_pem) as board:
                await shows(board, state="nothing")
                address, runner = await web.serve(board, mail, 0)
                try:
                    await send_and_look(board, address)
                finally:
                    await runner.cleanup()
        finally:
            await mail.close()

    asyncio.run(run())


async def send_and_look(board: SimBoard, address: str) -> None:
    """Do what the page's script does when "Send" is pressed, and look at the decoded wires."""
    origin = address.rstrip("/")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(origin + "/live", origin=origin) as page,
    ):
        began = time.monotonic()
        subject = "Обід у четвер?"
        await page.send_json({"do": "send", "sender": "Deniz <d@example.org>", "subject": subject})
        await says(board, "NEW in work", "Deniz", subject, timeout_s=LIGHT_S)
        await glows(board, "all blue", lambda x: len(lit(x)) == 12 and all(map(is_blue, x)))
        assert time.monotonic() - began < LIGHT_S
