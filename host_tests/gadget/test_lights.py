"""Each kind of light but the ring, on the whole gadget: decoded from its wire or its pins."""

from typing import Any

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, glows, is_blue, is_teal, lit, on_lamp, shows
from tools.sim.board import SimBoard

RGB = {"kind": "rgb", "pin": 25, "green": 26, "blue": 27}
RGBW = {"kind": "strip", "pin": 14, "pixels": 8, "order": "GRBW"}


@pytest.mark.parametrize(("light", "pixels"), [(RGB, 1), (RGBW, 8)])
def test_mail_is_blue_and_none_is_teal(server: Dovecot, light: dict[str, Any], pixels: int):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        await glows(board, "teal", lambda seen: len(lit(seen)) == 1 and is_teal(lit(seen)[0]))
        assert len(board.light) == pixels
        server.deliver()
        await shows(board, state="new")
        board.press()
        await shows(board, state="unread")
        await glows(board, "blue", lambda seen: len(lit(seen)) == 1 and is_blue(lit(seen)[0]))

    on_lamp(config(account(server.tls_port), light=light), use, server.ca_pem)


def test_an_rgb_led_without_its_pins_is_told(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="needs_you", cause="config")
        assert "green and blue" in board.status["detail"]

    settings = config(account(server.tls_port), light={"kind": "rgb", "pin": 25})
    on_lamp(settings, use, server.ca_pem)
