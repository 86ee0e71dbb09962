"""What the console answers: to a person in lines and a prompt, to a tool in one line of JSON."""

import json

from postlamp.app.status import Status
from postlamp.errors import LinkError, ServerError
from postlamp.mail.account import Account
from postlamp.service import commands, overview
from raising import raises

NOW = 90000
SECRET = "hunter2-marked"


class Clock:
    """Since NOW seconds; `is_known` says whether the time of day is set."""

    def __init__(self):
        self.is_known = True
        self.now = 0

    def now_s(self):
        return self.now

    def is_set(self):
        return self.is_known

    def local(self):
        return (14, 7, 0, 23) if self.is_known else None


class WiFi:
    ssid = "home"
    dbm = -58
    networks = [{"ssid": "home", "password": SECRET}]

    def is_up(self):
        return self.dbm is not None

    def rssi(self):
        return self.dbm


class Watcher:
    def __init__(self, account):
        self.account = account
        self.settings = {"password": SECRET}


class Log:
    def __init__(self):
        self.kept = ['I (3) link: up as "home"', "W (9) work: dns"]

    def lines(self):
        return self.kept


class Gadget:
    """What the commands are handed, and what they print and ask for."""

    def __init__(self, mode="watching"):
        self.clock, self.wifi, self.log = Clock(), WiFi(), Log()
        self.account = Account("work", 60, lambda: None)
        self.status = Status(self.clock)
        self.status.watch([self.account])
        self.clock.now = NOW
        self.mode = mode
        self.restarts = []
        self.printed = ""

    async def restart(self, mode):
        self.restarts.append(mode)
        self.print("(restarted)")

    def print(self, *words, sep=" ", end="\n"):
        self.printed += sep.join([str(word) for word in words]) + end

    async def sleep_ms(self, ms):
        """Nobody else has anything to do."""

    def collect(self):
        """Nothing is garbage here."""

    def mem_free(self):
        return 31000

    def ask(self, line):
        """Everything that is printed for a line."""
        self.status.refresh()
        self.printed = ""
        kept = commands.asyncio, overview.asyncio, overview.gc
        commands.asyncio = overview.asyncio = overview.gc = self
        commands.print = overview.print = self.print
        facts = self.status, [Watcher(self.account)], self.wifi, self.clock
        line = line if isinstance(line, bytes) else line.encode()
        answer = commands.obey(line, self.mode, self.log, self.restart, *facts)
        try:
            raises(StopIteration, answer.send, None)
        finally:
            commands.asyncio, overview.asyncio, overview.gc = kept
            del commands.print, overview.print
        assert SECRET not in self.printed
        return self.printed

    def ask_json(self, line):
        """The one line that a tool gets, as what it holds."""
        printed = self.ask("@json " + line)
        first, _, rest = printed.partition("\n")
        assert first.startswith("@json ") and rest in ("", "(restarted)\n")
        return json.loads(first[len("@json ") :])


def test_help_lists_every_command_and_a_prompt_follows():
    printed = Gadget().ask("help")
    for name in ("help", "status", "log", "reboot", "service"):
        assert "\n" + name + " " in printed
    assert printed.endswith("\nwatching> ")


def test_the_prompt_names_the_mode():
    for mode, prompt in (
        ("watching", "watching> "),
        ("service", "postlamp> "),
        ("safe", "safe> "),
    ):
        assert Gadget(mode).ask("").endswith("\n" + prompt)


def test_enter_alone_says_who_is_there():
    assert "Postlamp watches mail" in Gadget().ask("")
    assert "does not watch mail" in Gadget("service").ask("")
    assert "crashed too often" in Gadget("safe").ask("  ")


def test_a_command_may_have_capitals_and_spaces_around_it():
    assert "status   " in Gadget().ask("  HELP ")


def test_the_log_is_told_line_by_line():
    gadget = Gadget()
    assert "\n".join(gadget.log.kept) in gadget.ask("log")


def test_an_unknown_command_is_told_the_nearest():
    for typed, meant in (
        ("hlep", "help"),
        ("stat", "status"),
        ("lgo", "log"),
        ("sevrice", "service"),
        ("rebot", "reboot"),
        ("serivce", "service"),
        ("x" * 200, "help"),
    ):
        assert typed + ": no such command; " + meant + "? help lists them" in Gadget().ask(typed)


def test_a_command_with_something_after_it_is_not_done():
    gadget = Gadget()
    assert "reboot takes nothing after it" in gadget.ask("reboot now")
    assert gadget.restarts == []


def test_reboot_and_service_answer_before_they_restart():
    for name, mode in (("reboot", "watching"), ("service", "service")):
        gadget = Gadget()
        assert "it starts anew\n(restarted)\n" in gadget.ask(name)
        assert gadget.restarts == [mode]


def test_a_tool_is_answered_before_it_restarts():
    gadget = Gadget("service")
    assert gadget.ask_json("reboot")["ok"]
    assert gadget.printed.endswith("(restarted)\n")
    assert gadget.restarts == ["watching"]


def test_a_line_of_200_bytes_is_read_and_a_longer_one_is_not():
    gadget = Gadget()
    assert "help     " in gadget.ask("help" + " " * 196)
    answer = gadget.ask("help" + " " * 197)
    assert "at most 200 bytes" in answer and "help     " not in answer
    assert gadget.ask_json("x" * 195)["error"] == "a line has at most 200 bytes; nothing was done"


def test_what_is_no_text_is_refused():
    gadget = Gadget()
    assert "not text in UTF-8" in gadget.ask(b"\xff\xfe")
    assert "not text in UTF-8" in gadget.ask(b"@json \xc3")


def test_a_tool_is_answered_in_one_line_whatever_it_asks():
    gadget = Gadget()
    assert gadget.ask_json("help")["help"][0].startswith("help ")
    assert gadget.ask_json("log") == {"ok": True, "log": gadget.log.kept}
    assert gadget.ask_json("")["ok"]
    assert gadget.ask_json("hlep") == {
        "ok": False,
        "error": "hlep: no such command; help? help lists them",
    }


def test_an_empty_log_is_an_empty_list():
    gadget = Gadget()
    gadget.log.kept = []
    assert gadget.ask_json("log") == {"ok": True, "log": []}


def test_quotes_and_control_characters_in_the_log_stay_json():
    gadget = Gadget()
    gadget.log.kept = ['a "quoted"\tone', "Привет \\ é"]
    assert gadget.ask_json("log")["log"] == gadget.log.kept


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
