"""config.json: defaults, every kind of mistake with its place, and no secret in any message."""

import json

from needs import needs
from postlamp.errors import ConfigError
from postlamp.store.config import parse
from raising import raises

ACCOUNT = {"host": "imap.example.org", "user": "anna@example.org", "password": "hunter2"}


def _config(**changes):
    config = {"accounts": [dict(ACCOUNT)]}
    config.update(changes)
    return config


def _account(**changes):
    account = dict(ACCOUNT)
    account.update(changes)
    return _config(accounts=[account])


def _parse(config):
    return parse(json.dumps(config).encode())


def _home(**changes):
    network = {"ssid": "home"}
    network.update(changes)
    return network


def _refused(config, where):
    err = raises(ConfigError, _parse, config)
    assert err.where == where, err.where
    assert "hunter2" not in str(err)
    return err.problem


def test_a_small_file_is_filled_with_defaults():
    config = _parse(_config())
    account = config["accounts"][0]
    assert config["language"] == "en"
    assert config["wifi"] == []
    assert config["timezone"] is None
    assert config["screen"] == {}  # as the board says
    assert config["light"] == {}
    assert account["port"] == 993
    assert account["tls"] == "implicit"
    assert account["mailboxes"] == ["INBOX"]
    assert account["search"] == "UNSEEN UNDELETED"
    assert account["poll_s"] == 60
    assert account["idle"] is True
    assert account["trust"] == "mozilla"
    assert account["name"] == "anna"


def test_what_is_given_is_kept():
    config = _parse(_account(port=1993, poll_s=120, mailboxes=["Work"], tls="none", name="work"))
    account = config["accounts"][0]
    assert (account["port"], account["poll_s"], account["name"]) == (1993, 120, "work")
    assert account["mailboxes"] == ["Work"]


def test_defaults_are_not_shared():
    first, second = _parse(_config()), _parse(_config())
    first["accounts"][0]["mailboxes"].append("x")
    assert second["accounts"][0]["mailboxes"] == ["INBOX"]


def test_the_design_s_example_is_accepted():
    config = _parse(
        {
            "version": 1,
            "name": "desk",
            "language": "en",
            "timezone": "CET-1CEST,M3.5.0,M10.5.0/3",
            "wifi": [{"ssid": "home", "password": "long enough", "hidden": False}],
            "accounts": [
                {
                    "name": "work",
                    "host": "imap.example.org",
                    "port": 993,
                    "tls": "implicit",
                    "user": "me",
                    "password": "…",
                    "auth": "auto",
                    "mailboxes": ["INBOX"],
                    "search": "UNSEEN UNDELETED",
                    "baseline": "all",
                    "access": "read-only",
                    "idle": True,
                    "poll_s": 60,
                    "trust": "mozilla",
                }
            ],
            "rules": [],
            "quiet": [],
            "light": {},
            "screen": {},
            "sound": {},
            "privacy": "full",
        }
    )
    assert config["wifi"][0]["password"] == "long enough"
    assert config["timezone"] == (3600, 7200, (3, 5, 0, 7200), (10, 5, 0, 10800))


def test_a_missing_key_says_what_it_is():
    account = dict(ACCOUNT)
    del account["host"]
    problem = _refused(_config(accounts=[account]), "accounts[0].host")
    assert problem == "is missing; it is the IMAP server, for example imap.example.org"
    assert "is missing" in _refused({}, "accounts")
    assert "must not be empty" in _refused(_account(user=""), "accounts[0].user")


def test_an_unknown_key_gets_a_suggestion():
    assert 'did you mean "password"?' in _refused(_account(pasword="x"), "accounts[0].pasword")
    assert 'did you mean "poll_s"?' in _refused(_account(Poll_S=1), "accounts[0].Poll_S")
    assert 'did you mean "max_ma"?' in _refused(_config(light={"max-mA": 1}), "light.max-mA")
    assert 'did you mean "accounts"?' in _refused(_config(account=[]), "account")
    assert "known here: ssid, password, hidden" in _refused(
        _config(wifi=[{"network": "x"}]), "wifi[0].network"
    )


def test_a_wrong_type_says_which_is_right():
    problem = _refused(_account(port="993"), "accounts[0].port")
    assert problem == 'must be a whole number, not "993"; remove the quotes'
    assert "whole number, not true" in _refused(_account(port=True), "accounts[0].port")
    assert "whole number, not 60.5" in _refused(_account(poll_s=60.5), "accounts[0].poll_s")
    assert "true or false, not 1" in _refused(_account(idle=1), "accounts[0].idle")
    assert "a list in [brackets]" in _refused(_config(accounts=ACCOUNT), "accounts")
    assert "an object in {braces}" in _refused(_config(accounts=["x"]), "accounts[0]")
    assert "not a list" in _refused(_config(light=[]), "light")
    assert "not null" in _refused(_account(host=None), "accounts[0].host")


def test_a_secret_of_the_wrong_type_is_not_shown():
    assert "4711" not in _refused(_account(password=4711), "accounts[0].password")
    assert "4711" not in _refused(_account(password=["4711"]), "accounts[0].password")


def test_a_text_in_place_of_what_holds_a_secret_is_not_shown():
    # _refused looks for the secret
    assert "not a text" in _refused(_config(wifi="home:hunter2"), "wifi")
    assert "not a text" in _refused(_config(accounts="imaps://me:hunter2@host"), "accounts")
    assert "not a text" in _refused(_config(accounts=["me:hunter2@host"]), "accounts[0]")


def test_a_number_out_of_its_range():
    for value in (0, 65536, -1, 2**31):
        assert "must be 1 to 65535" in _refused(_account(port=value), "accounts[0].port")
    for value in (1, 65535):
        assert _parse(_account(port=value))["accounts"][0]["port"] == value
    assert "1 to 100, not 101" in _refused(_config(light={"brightness": 101}), "light.brightness")


def test_a_choice_names_the_others():
    problem = _refused(_account(tls="tls"), "accounts[0].tls")
    assert problem == 'must be implicit or starttls or none, not "tls"'


def test_what_is_not_built_yet_says_so():
    assert "not built yet" in _refused(_config(rules=[{"name": "Boss"}]), "rules")
    assert "not built yet" in _refused(_config(sound={"new": 1}), "sound")


def test_too_many_or_too_few_entries():
    assert "1 to 4 entries, not 0" in _refused(_config(accounts=[]), "accounts")
    assert "1 to 4 entries, not 5" in _refused(_config(accounts=[ACCOUNT] * 5), "accounts")
    assert "must have 1 to 8" in _refused(_account(mailboxes=[]), "accounts[0].mailboxes")


def test_a_text_is_measured_in_bytes():
    assert _parse(_config(name="ж" * 16))["name"] == "ж" * 16
    assert "too long: 34 bytes, at most 32" in _refused(_config(name="ж" * 17), "name")


def test_controls_beyond_ascii_are_refused_too():
    for code in (0x80, 0x9F):
        bad = "a" + chr(code)
        assert "control" in _refused(_account(mailboxes=[bad]), "accounts[0].mailboxes[0]")
    assert _parse(_account(mailboxes=["a\xa0b"]))["accounts"][0]["mailboxes"] == ["a\xa0b"]


def test_control_characters_are_refused_everywhere():
    for text in ("a\r\nb", "a\0b", "a\x7f"):
        assert "control character" in _refused(_account(user=text), "accounts[0].user")
        assert "control character" in _refused(_account(password=text), "accounts[0].password")


def test_spaces_around_are_a_slip_but_not_in_a_password():
    assert "a space" in _refused(_account(user="anna "), "accounts[0].user")
    assert _parse(_account(password=" a b "))["accounts"][0]["password"] == " a b "


def test_a_password_of_any_letters_comes_through():
    for password in ('sp ace "quote" back\\slash', "Пароль-äöü", "emoji 😀 end", "😀"):
        config = _parse(_account(password=password))
        assert config["accounts"][0]["password"].encode() == password.encode()


def test_wifi_passwords_have_eight_letters_or_none():
    wifi = [{"ssid": "home", "password": "seven77"}]
    assert "too short" in _refused(_config(wifi=wifi), "wifi[0].password")
    assert _parse(_config(wifi=[{"ssid": "open"}]))["wifi"][0]["password"] == ""


def test_a_secret_may_be_the_name_of_one_that_is_kept_elsewhere():
    name = {"nvs": "secret07"}
    config = _parse(_config(accounts=[dict(ACCOUNT, password=name)], wifi=[_home(password=name)]))
    assert config["accounts"][0]["password"] == name == config["wifi"][0]["password"]
    gmail = _parse(_account(host="imap.gmail.com", password=name))
    assert gmail["accounts"][0]["password"] == name
    where = "accounts[0].password.nvs"
    for key in ("", "a letter too man", 7, name):
        _refused(_account(password={"nvs": key}), where)
    assert _parse(_account(password={"nvs": "fifteen letters"}))
    assert "is missing" in _refused(_account(password={}), where)
    both = {"nvs": "secret07", "text": "hunter2"}
    assert "not a known key" in _refused(_account(password=both), "accounts[0].password.text")


def test_null_leaves_it_to_the_board():
    assert _parse(_config(light={"pin": None, "pixels": 8}))["light"] == {"pixels": 8}
    assert _parse(_account(port=None))["accounts"][0]["port"] == 993


def test_a_time_zone_is_a_posix_rule():
    assert "POSIX rule such as" in _refused(_config(timezone="Europe/Berlin"), "timezone")
    assert _parse(_config(timezone="<+0530>-5:30"))["timezone"] == (19800,)


@needs("unix")
def test_letters_never_seen_before_leave_nothing_in_memory():
    import gc

    letters = bytearray()
    for code in range(0x500, 0x578):
        letters += bytes((0xC0 | code >> 6, 0x80 | code & 0x3F))
    data = json.dumps(_account()).encode()
    parse(data)
    data = data.replace(b"hunter2", letters)
    gc.collect()
    before = gc.mem_alloc()
    parse(data)
    gc.collect()
    assert gc.mem_alloc() - before < 200
