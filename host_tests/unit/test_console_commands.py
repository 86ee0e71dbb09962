"""What the console answers: to a person in lines and a prompt, to a tool in one line of JSON."""

from asking import Gadget


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
    assert "\n".join(gadget.kept) in gadget.ask("log")


def test_an_unknown_command_is_told_the_nearest():
    for typed, meant in (
        ("hlep", "help"),
        ("stat", "status"),
        ("lgo", "log"),
        ("sevrice", "service"),
        ("rebot", "reboot"),
        ("serwice", "service"),
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
    assert gadget.ask_json("log") == {"ok": True, "log": gadget.kept}
    assert gadget.ask_json("")["ok"]
    assert gadget.ask_json("hlep") == {
        "ok": False,
        "error": "hlep: no such command; help? help lists them",
    }


def test_an_empty_log_is_an_empty_list():
    gadget = Gadget()
    gadget.kept = []
    assert gadget.ask_json("log") == {"ok": True, "log": []}


def test_quotes_and_control_characters_in_the_log_stay_json():
    gadget = Gadget()
    gadget.kept = ['a "quoted"\tone', "Привет \\ é"]
    assert gadget.ask_json("log")["log"] == gadget.kept
