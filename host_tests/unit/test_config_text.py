"""The text of config.json before anything in it counts: what is no JSON, doubled keys, cuts."""

import json

from postlamp.errors import ConfigError
from postlamp.store.config import parse
from raising import raises

ACCOUNT = {"host": "imap.example.org", "user": "anna@example.org", "password": "hunter2"}
DATA = json.dumps({"accounts": [ACCOUNT]}).encode()


def test_json_halves_are_joined_and_lone_ones_refused():
    text = '{"accounts": [{"host": "h", "user": "%s", "password": "p"}]}'
    config = parse((text % "a\\ud83d\\ude00b").encode())
    assert config["accounts"][0]["user"].encode() == "a😀b".encode()
    for half in ("\\ud83d", "\\ude00", "\\ud83dx", "\\ud83d\\ud83d"):
        err = raises(ConfigError, parse, (text % half).encode())
        assert err.where == "accounts[0].user"


def test_a_key_that_stands_twice_is_named():
    for text, where in (
        ('{"version": 1, "accounts": [], "version": 1}', "version"),
        ('{"accounts": [{"host": "a", "user": "b", "host": "hunter2"}]}', "accounts[0].host"),
        ('{"wifi": [{"ssid": "a"}, {"ssid": "a", "ssid": "b"}]}', "wifi[1].ssid"),
        ('{"light": {"pin": 1, "p\\u0069n": 2}}', "light.pin"),
    ):
        err = raises(ConfigError, parse, text.encode())
        assert (err.where, err.problem) == (where, "stands there twice; remove one of the two")


def test_what_only_the_board_s_json_takes_is_refused_as_by_any_other():
    for text, words in (
        ("{1: 2}", "a key must be a text"),
        ("{null: 1}", "a key must be a text"),
        ('{"accounts": [{true: 1}]}', "a key must be a text"),
        ('{"light": {-1.5: 2}}', "a key must be a text"),
        ('{"light" }', "a key has no value"),
        ('{"wifi": [}', "closes nothing"),
        ('{"light": {"pin": 1]}', "closes nothing"),
        ('{"accounts": [{"host"]"user": "u"]}', "closes nothing"),
        ('{"us\\u","password":"p"}', "four hexadecimal digits"),
        ('{"name": "\\u12"   }', "four hexadecimal digits"),
        ('{"name": "\\u00zz"}', "four hexadecimal digits"),
    ):
        problem = raises(ConfigError, parse, text.encode()).problem
        assert words in problem, (text, problem)


def test_a_file_that_is_no_configuration():
    err = raises(ConfigError, parse, b'{"a": 1', "my.json")
    assert str(err) == "my.json: line 1: the { opened here is never closed"
    assert "must be an object" in str(raises(ConfigError, parse, b"[]"))
    assert "UTF-8" in str(raises(ConfigError, parse, b'{"name": "\xff"}'))
    assert "empty" in str(raises(ConfigError, parse, b""))


def test_a_byte_order_mark_is_skipped():
    assert parse(b"\xef\xbb\xbf" + DATA)["version"] == 1


def test_every_cut_of_a_file_is_an_error_of_ours():
    for end in range(len(DATA)):
        raises(ConfigError, parse, DATA[:end])
