"""What outlasts a reset: passwords in NVS and in no file, and the last good configuration."""

import json
from collections.abc import Awaitable, Callable

from host_tests.gadget.conftest import ODD_PASSWORD
from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, on_lamp, shows
from tools.sim.board import SimBoard

WIFI_PASSWORD = "the Wi-Fi's own"
POINTS = [{"ssid": "home", "password": WIFI_PASSWORD}]


def settings(server: Dovecot):
    odd = account(server.tls_port, user="odd", password=ODD_PASSWORD)
    return config(odd, wifi=[{"ssid": "home", "password": WIFI_PASSWORD}])


def files_with(board: SimBoard, *secrets: str) -> list[str]:
    """Names of the files on the board's flash that hold one of them, as text or as JSON."""
    wanted = [secret.encode() for secret in secrets]
    wanted += [json.dumps(s, ensure_ascii=False)[1:-1].encode() for s in secrets]
    files = [path for path in board.flash.rglob("*") if path.is_file()]
    return [path.name for path in files if any(text in path.read_bytes() for text in wanted)]


def on_settled(server: Dovecot, use: Callable[[SimBoard], Awaitable[None]]) -> None:
    """Run `use` when the gadget has counted, once, with what its owner wrote."""

    async def settle(board: SimBoard) -> None:
        board.wifi(points=POINTS)
        await shows(board, state="nothing", unseen=0)
        await use(board)
        assert not any(WIFI_PASSWORD in line or ODD_PASSWORD in line for line in board.log)

    on_lamp(settings(server), settle, server.ca_pem)


def owned(board: SimBoard):
    """The configuration as it stands on flash."""
    return json.loads((board.flash / "config.json").read_text(encoding="utf-8"))


def test_no_file_holds_a_password_and_after_a_reset_it_still_signs_in(server: Dovecot):
    logins = server.log().count("Login: user=<odd>")

    async def use(board: SimBoard) -> None:
        assert files_with(board, WIFI_PASSWORD, ODD_PASSWORD) == []
        found = owned(board)
        for entry, secret in (
            (found["wifi"][0], WIFI_PASSWORD),
            (found["accounts"][0], ODD_PASSWORD),
        ):
            assert list(entry["password"]) == ["nvs"]
            entry["password"] = secret
        assert found == settings(server)
        await board.reset()
        await shows(board, state="nothing", unseen=0, cause=None)
        assert server.log().count("Login: user=<odd>") == logins + 2

    on_settled(server, use)


def test_a_password_is_not_told_to_a_server_it_was_not_given_for(server: Dovecot):
    async def use(board: SimBoard) -> None:
        changed = owned(board)
        changed["accounts"][0]["host"] = "127.0.0.1"
        (board.flash / "config.json").write_text(json.dumps(changed), encoding="utf-8")
        logins = server.log().count("Login:")
        await board.reset()
        await shows(board, state="needs_you", cause="config", unseen=None)
        assert "accounts[0].password: was given for another server" in board.status["detail"]
        assert server.log().count("Login:") == logins
        changed["accounts"][0]["password"] = ODD_PASSWORD
        changed["accounts"][0]["host"] = "localhost"
        (board.flash / "config.json").write_text(json.dumps(changed), encoding="utf-8")
        await board.reset()
        await shows(board, state="nothing", unseen=0)
        assert files_with(board, ODD_PASSWORD) == []

    on_settled(server, use)


def test_a_copy_that_was_interrupted_leaves_it_watching(server: Dovecot):
    async def use(board: SimBoard) -> None:
        (board.flash / "config.json").write_text('{"accounts": [{"host": "imap.', "utf-8")
        await board.reset()
        await shows(board, state="nothing", unseen=0)
        assert any(
            "a text is not closed" in x and "the last good one is used" in x for x in board.log
        )

    on_settled(server, use)


def test_an_authority_that_was_not_copied_is_asked_for(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="needs_you", cause="config", unseen=None)
        assert "accounts[0].trust: needs the file ca.pem" in board.status["detail"]

    on_lamp(settings(server), use)
