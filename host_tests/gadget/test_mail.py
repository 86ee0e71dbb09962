"""The whole gadget on real MicroPython against Dovecot: what mail does to light and screen."""

import asyncio
import re

import pytest

from host_tests.gadget.conftest import ODD_PASSWORD
from host_tests.support.dovecot import EVERY_MECHANISM, Dovecot
from host_tests.support.lamp import (
    account,
    config,
    glows,
    is_blue,
    is_teal,
    lit,
    on_lamp,
    says,
    shows,
)
from tools.sim.board import SimBoard


def watching(server: Dovecot, **more):
    return config(account(server.tls_port, **more))


def test_nothing_waits(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0, cause=None)
        await says(board, "Nothing waiting", "checked")
        await glows(board, "one teal pixel", lambda x: len(lit(x)) == 1 and is_teal(lit(x)[0]))

    on_lamp(watching(server), use, server.ca_pem)


def test_unread_after_power_up_is_not_new(server: Dovecot):
    for number in range(3):
        server.deliver("Ann <ann@example.org>", f"Hello {number}")

    async def use(board: SimBoard) -> None:
        await shows(board, state="unread", unseen=3)
        await says(board, "Ann", "Hello 2", "unread")
        await glows(board, "three blue", lambda x: len(lit(x)) == 3 and all(map(is_blue, lit(x))))

    on_lamp(watching(server), use, server.ca_pem)


def test_a_delivery_lights_the_ring_and_shows_who(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        server.deliver("Zażółć Gęślą <z@example.org>", "Новое письмо: Привет")
        await shows(board, 3, state="new", unseen=1)
        await says(board, "NEW in work", "Zażółć Gęślą", "Новое письмо: Привет")
        await glows(board, "all blue", lambda x: len(lit(x)) == 12 and all(map(is_blue, x)))
        board.press()
        await shows(board, state="unread", unseen=1)
        await glows(board, "one blue", lambda x: len(lit(x)) == 1 and is_blue(lit(x)[0]))

    on_lamp(watching(server), use, server.ca_pem)


def test_reading_elsewhere_puts_it_out(server: Dovecot):
    server.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, state="unread", unseen=1)
        await asyncio.to_thread(server.mark_seen)
        await shows(board, state="reached_zero", unseen=0)
        await shows(board, state="nothing", unseen=0)

    on_lamp(watching(server), use, server.ca_pem)


def test_expunge_lowers_the_count(server: Dovecot):
    for _ in range(3):
        server.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, unseen=3)
        await asyncio.to_thread(server.expunge, 1)
        await shows(board, unseen=2)

    on_lamp(watching(server), use, server.ca_pem)


def test_without_idle_it_polls(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        server.deliver()
        await asyncio.sleep(1)  # that nothing is pushed without IDLE is the point
        assert board.status["state"] == "nothing"
        board.jump(61000)
        await shows(board, state="new", unseen=1)

    on_lamp(watching(server, idle=False), use, server.ca_pem)


def test_a_restarted_server_is_found_again_with_the_right_count(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, unseen=0)
        await asyncio.to_thread(server.shut_down)
        await board.wait_for(lambda b: b.status["cause"], 15, "the loss is noticed")
        assert board.status["state"] == "nothing"  # no alarm in the first 90 s
        server.deliver()
        await asyncio.to_thread(server.start)
        await shows(board, 15, unseen=1, cause=None)

    on_lamp(watching(server), use, server.ca_pem)


def test_a_server_that_stays_away_is_not_sure_and_the_old_count_says_so(server: Dovecot):
    server.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, state="unread")
        await asyncio.to_thread(server.crash)
        try:
            await board.wait_for(lambda b: b.status["cause"], 10, "the loss is noticed")
            board.jump(91000)
            await shows(board, state="not_sure", unseen=None)
            await says(board, "1?", "was 1")
        finally:
            await asyncio.to_thread(server.start)
        await shows(board, 20, state="unread", unseen=1)

    on_lamp(watching(server), use, server.ca_pem)


def test_wifi_gone_and_back(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        board.wifi(False)
        await shows(board, cause="wifi", state="nothing")
        board.jump(91000)
        await shows(board, cause="wifi", state="not_sure")
        await says(board, "Wi-Fi")
        server.deliver()
        board.wifi(True)
        await shows(board, 20, unseen=1)

    on_lamp(watching(server), use, server.ca_pem)


@pytest.mark.parametrize("auth", ["auto", "LOGIN"])
def test_a_password_of_any_characters_works(server: Dovecot, auth: str):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        assert not any("пароль" in line for line in board.log)

    settings = config(account(server.tls_port, "odd", ODD_PASSWORD, auth=auth))
    on_lamp(settings, use, server.ca_pem)


def test_a_server_with_every_mechanism_lets_us_in_and_in_again_after_an_outage():
    server = Dovecot(more=EVERY_MECHANISM)  # its capabilities alone are a kilobyte

    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        server.crash()
        await shows(board, cause="refused")
        board.jump(91000)
        await shows(board, state="not_sure")
        server.start()
        board.press()
        await shows(board, state="nothing", unseen=0)
        assert not any("MemoryError" in line for line in board.log)

    try:
        on_lamp(watching(server), use, server.ca_pem)
        ways = re.findall(r"Login: user=<\w+>, method=([\w-]+)", server.log())
        assert len(ways) == 2
        assert set(ways) <= {"SCRAM-SHA-256", "CRAM-MD5"}  # the second where memory is short
    finally:
        server.stop()
