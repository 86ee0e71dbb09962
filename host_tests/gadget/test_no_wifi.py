"""Wi-Fi that fails in each of its ways: what the gadget shows, and that it comes back."""

import sys

import pytest

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, blinks, config, in_time, on_lamp, says, shows
from tools.sim.board import SimBoard

HOME = {"ssid": "home", "password": "long enough"}
PHONE = {"ssid": "phone", "password": "also long enough"}
CALM_MS, STALE_MS, MUTE_MS = 181_000, 91_000, 301_000


def at_home(server: Dovecot, *networks: dict):
    return config(account(server.tls_port), wifi=list(networks or [HOME]))


async def recovers(board: SimBoard, unseen: int = 0) -> None:
    """Wait until the count is known again; the pause before the next try is skipped."""
    await in_time(
        board, lambda b: (b.status["cause"], b.status["unseen"]) == (None, unseen), "it recovers"
    )


def has_failed(times: int):
    """Whether so many tries to join have come to nothing."""
    return lambda board: sum("link: LinkError" in line for line in board.log) >= times


def test_a_wrong_password_needs_the_owner_and_a_right_one_ends_it(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(fault="password")
        await shows(board, state="needs_you", cause="wifi_password", detail="home", unseen=None)
        await says(board, "2 blinks", "Wi-Fi password wrong?", "home", "config.json")
        assert await blinks(board) == 2
        board.wifi(fault=None)
        await recovers(board)
        assert not any("long enough" in line for line in board.log)

    on_lamp(at_home(server), use, server.ca_pem)


def test_a_network_that_is_not_there_is_named_and_found_when_it_comes(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(fault="not_found")
        await shows(board, state="connecting", cause="wifi", detail="home")
        board.jump(CALM_MS)
        await shows(board, state="not_sure", cause="wifi", unseen=None)
        await says(board, 'Wi-Fi "home" is gone', "count not known yet")
        board.wifi(fault=None)
        await recovers(board)

    on_lamp(at_home(server), use, server.ca_pem)


def test_tries_become_rare_but_a_press_of_the_button_is_one(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(fault="not_found")
        await in_time(board, has_failed(5), "it has failed five times")
        await shows(board, cause="wifi", detail="home")
        before = board.t_ms
        board.wifi(fault=None)
        board.press()
        await shows(board, state="nothing", cause=None, unseen=0)
        assert board.t_ms - before < 8_000  # of the sixteen seconds that it would have waited
        assert board.status["reconnects"] == 0  # no connection ended

    on_lamp(at_home(server), use, server.ca_pem)


def test_the_second_network_is_joined_when_the_first_is_away(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(points=[{**PHONE, "rssi": -70}])
        await shows(board, state="nothing", unseen=0)
        board.wifi(points=[HOME])
        await shows(board, cause="wifi", detail="phone")
        await shows(board, cause=None, unseen=0)

    on_lamp(at_home(server, HOME, PHONE), use, server.ca_pem)


def test_a_hidden_network_is_joined(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(points=[{"ssid": "neighbour", "password": "?"}, {**HOME, "hidden": True}])
        await shows(board, state="nothing", unseen=0)

    on_lamp(at_home(server, {**HOME, "hidden": True}), use, server.ca_pem)


def test_nobody_gives_an_address(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(fault="dhcp")
        await in_time(board, lambda b: b.status.get("cause") == "wifi_address", "nobody gives one")
        await shows(board, state="connecting", detail="home")
        board.jump(CALM_MS)
        await shows(board, state="not_sure", cause="wifi_address", unseen=None)
        await says(board, "No address from Wi-Fi", "restart the router?")
        board.wifi(fault=None)
        await recovers(board)

    on_lamp(at_home(server), use, server.ca_pem)


def test_a_fixed_address_needs_nobody_who_gives_one(server: Dovecot):
    async def use(board: SimBoard) -> None:
        board.wifi(fault="dhcp")
        await shows(board, state="nothing", cause=None, unseen=0)

    fixed = {**HOME, "address": "192.0.2.9/24", "gateway": "192.0.2.1"}
    on_lamp(at_home(server, fixed), use, server.ca_pem)


def test_a_connection_that_drops_is_back_before_it_is_trouble(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        server.deliver()
        board.wifi(fault="drop")
        await shows(board, cause="wifi")
        await shows(board, cause=None, state="new", unseen=1)
        assert "not_sure" not in [status["state"] for status in board.statuses]

    on_lamp(at_home(server), use, server.ca_pem)


def test_a_network_that_goes_and_comes_back(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.wifi(False)
        await shows(board, state="nothing", cause="wifi", detail="home")
        board.jump(STALE_MS)
        await shows(board, state="not_sure", cause="wifi", unseen=None)
        await says(board, 'Wi-Fi "home" is gone', "was 0")
        server.deliver()
        board.wifi(True)
        await recovers(board, 1)
        assert board.status["reconnects"] == 1

    on_lamp(at_home(server), use, server.ca_pem)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops what comes for a socket")
def test_a_black_hole_is_not_believed_and_left_after_five_minutes(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.wifi(fault="black_hole")
        lost_at_ms = board.t_ms
        await in_time(board, lambda b: b.status["cause"] == "silent", "it notices", 5_000)
        assert board.status["state"] == "nothing"
        await in_time(board, lambda b: b.status["state"] == "not_sure", "it is not sure", 5_000)
        assert board.t_ms - lost_at_ms < 100_000
        assert not any("link" in line for line in board.log)  # Wi-Fi still says that all is well
        board.jump(MUTE_MS)
        await recovers(board)

    on_lamp(at_home(server), use, server.ca_pem)
