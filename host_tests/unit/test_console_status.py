"""What `status` tells: everything that is known, since when, and what is wrong."""

from asking import NOW, Gadget
from postlamp.errors import LinkError, ServerError


def test_the_status_tells_the_age_of_both_proofs():
    gadget = Gadget()
    gadget.account.proved_count(3, NOW - 75)
    gadget.account.link_proven_at = NOW - 12
    told = gadget.ask_json("status")
    assert (told["ok"], told["mode"], told["state"], told["unseen"]) == (
        True,
        "watching",
        "unread",
        3,
    )
    (account,) = told["accounts"]
    assert (account["account"], account["unseen"]) == ("work", 3)
    assert (account["counted_age_s"], account["heard_age_s"]) == (75, 12)
    printed = gadget.ask("status")
    for words in ("mail waits", "work", "1 min 15 s ago", "12 s ago", "1 d 1 h", "home"):
        assert words in printed


def test_the_status_tells_a_cause_and_the_next_try():
    gadget = Gadget()
    gadget.account.fail(ServerError("password", "AUTHENTICATIONFAILED", "No way"), NOW + 3600)
    (account,) = gadget.ask_json("status")["accounts"]
    assert (account["cause"], account["detail"], account["retry_in_s"]) == (
        "password",
        "No way",
        3600,
    )
    printed = gadget.ask("status")
    for words in ("needs you (2 blinks)", "password: No way", "1 h 0 min", "never"):
        assert words in printed


def test_the_status_tells_of_the_board():
    told = Gadget().ask_json("status")
    assert (told["uptime_s"], told["heap_free"]) == (90000, 31000)
    assert told["last_crash"] == "MemoryError in light"
    assert told["state"] == "not_sure" and "rssi" not in told
    printed = Gadget().ask("status")
    for words in ("1 d 1 h", "31000", "MemoryError in light", "max free sz"):  # in no JSON
        assert words in printed


def test_the_status_tells_how_an_account_is_connected():
    gadget = Gadget()
    gadget.account.way = "implicit SCRAM-SHA-256"
    gadget.account.has_push = True
    (account,) = gadget.ask_json("status")["accounts"]
    assert (account["tls"], account["sign_in"], account["push"]) == (
        "implicit",
        "SCRAM-SHA-256",
        True,
    )
    assert "plain text" not in gadget.ask("status")


def test_an_account_without_tls_is_named_as_such_before_it_connects():
    gadget = Gadget()
    gadget.account.way = "none"
    (account,) = gadget.ask_json("status")["accounts"]
    assert (account["tls"], account["sign_in"], account["push"]) == ("none", None, False)
    assert "NONE: everything is sent in plain text" in gadget.ask("status")


def test_what_was_never_proved_has_no_age():
    (account,) = Gadget().ask_json("status")["accounts"]
    assert account["unseen"] is account["counted_age_s"] is account["heard_age_s"] is None


def test_the_signal_is_told_in_words_and_dbm():
    for dbm, words in (
        (-50, "strong, -50 dBm"),
        (-67, "strong, -67 dBm"),
        (-68, "fair, -68 dBm"),
        (-78, "fair, -78 dBm"),
        (-79, "weak, -79 dBm"),
    ):
        gadget = Gadget()
        gadget.wifi.dbm = dbm
        assert words in gadget.ask("status")
        assert gadget.ask_json("status")["signal_dbm"] == dbm


def test_without_wifi_there_is_no_signal():
    gadget = Gadget()
    gadget.wifi.dbm = None
    gadget.account.fail(LinkError("wifi", "home"), NOW + 5)
    assert gadget.ask_json("status")["signal_dbm"] is None
    assert "wifi: home" in gadget.ask("status")


def test_in_service_mode_there_is_no_wifi_at_all():
    gadget = Gadget("service")
    gadget.wifi = None
    told = gadget.ask_json("status")
    assert (told["mode"], told["wifi"], told["signal_dbm"]) == ("service", "", None)


def test_a_clock_that_is_not_set_is_told():
    gadget = Gadget()
    assert gadget.ask_json("status")["clock_is_set"] is True
    gadget.clock.is_known = False
    assert gadget.ask_json("status")["clock_is_set"] is False


def test_every_state_has_words():
    from postlamp.app.states import STATES

    gadget = Gadget()
    gadget.status.watch([])
    for state in STATES:
        gadget.status.state = state
        assert gadget.ask_json("status")["state"] == state
        assert "state " in gadget.ask("status")
