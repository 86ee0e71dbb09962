"""Secrets in NVS: taken out of the file, bound to where they may go, and erased when not named."""

import json

from flash import NVS, Power
from postlamp.errors import ConfigError
from postlamp.store.config import parse
from postlamp.store.secrets import fill, forget, take
from raising import raises

ACCOUNT = {"host": "imap.example.org", "user": "anna@example.org", "password": "hunter2"}
HOME = {"ssid": "home", "password": "long enough"}
PIN = "pin:" + "0a" * 32


def _data(**changes):
    config = {"accounts": [dict(ACCOUNT)], "wifi": [dict(HOME)]}
    config.update(changes)
    return json.dumps(config).encode()


def _with(entry, **changes):
    changed = dict(entry)
    changed.update(changes)
    return changed


def _read(data, nvs):
    config = parse(data)
    return config, fill(config, nvs)


def _taken(data, nvs, kept=b""):
    return take(_read(data, nvs)[0], data, kept, nvs)


def _passwords(config):
    return [entry["password"] for entry in config["wifi"] + config["accounts"]]


def test_secrets_leave_the_file_and_come_back_in_memory():
    for secret in ("x", "hunter2", "Пароль 😀", ' two  "words" back\\slash ', "t" * 4096):
        nvs = NVS({}, Power(), waits=True)
        data = _data(accounts=[_with(ACCOUNT, password=secret)])
        named = _taken(data, nvs)
        assert json.dumps(secret).encode() not in named and b"long enough" not in named
        assert sorted(nvs.stored) == ["secret00", "secret01"]
        config, has_texts = _read(named, nvs)
        assert _passwords(config) == ["long enough", secret]
        assert not has_texts


def test_all_else_stays_as_its_owner_wrote_it():
    text = """\ufeff{
  "wifi": [ {"password" :\t"long enough", "ssid": "x \\"password\\": \\"y\\""}, {"ssid":"open",
             "password": ""}],
  "accounts" : [{"user":"Жанна 😀","password":"\\u0068unter2", "host": "h",
                 "search": "UNSEEN FROM \\"Жанна\\"", "name": "\\ud83d\\ude00"}]
}
"""
    nvs = NVS({}, Power())
    named = _taken(text.encode(), nvs)
    expected = text.replace('"long enough"', '{"nvs": "secret00"}')
    assert str(named, "utf-8") == expected.replace('"\\u0068unter2"', '{"nvs": "secret01"}')
    config, has_texts = _read(named, nvs)
    assert _passwords(config) == ["long enough", "", "hunter2"]
    assert not has_texts


def test_one_that_is_written_anew_gets_a_key_of_its_own():
    nvs = NVS({}, Power())
    kept = _taken(_data(), nvs)
    changed = kept.replace(b'{"nvs": "secret01"}', b'"another"')
    named = _taken(changed, nvs, kept)
    assert sorted(nvs.stored) == ["secret00", "secret01", "secret02"]
    assert _passwords(_read(kept, nvs)[0]) == ["long enough", "hunter2"]
    assert _passwords(_read(named, nvs)[0]) == ["long enough", "another"]
    forget(named, kept, nvs)
    assert len(nvs.stored) == 3
    forget(named, b"", nvs)
    assert sorted(nvs.stored) == ["secret00", "secret02"]
    forget(b"", b"", nvs)
    assert nvs.stored == {}


def test_the_most_secrets_that_there_may_be_find_their_keys_three_times():
    accounts = [_with(ACCOUNT, name=str(number)) for number in range(4)]
    wifi = [_with(HOME, ssid=str(number)) for number in range(4)]
    nvs = NVS({}, Power())
    data = _data(accounts=accounts, wifi=wifi)
    first = _taken(data, nvs)
    second = _taken(data, nvs, first)
    third = _taken(data, nvs, first + second)
    assert len(nvs.stored) == 24
    forget(third, b"", nvs)
    assert len(nvs.stored) == 8
    assert _passwords(_read(third, nvs)[0]) == ["long enough"] * 4 + ["hunter2"] * 4


def test_a_secret_is_used_only_for_what_it_was_given_for():
    nvs = NVS({}, Power())
    config = json.loads(str(_taken(_data(), nvs), "utf-8"))
    account, network = config["accounts"][0], config["wifi"][0]
    for change in (
        {"host": "imap.example.com"},
        {"port": 994},
        {"user": "bob"},
        {"tls": "starttls", "port": 993},
        {"trust": "ca"},
        {"trust": PIN},
    ):
        data = _data(accounts=[_with(account, **change)], wifi=[network])
        err = raises(ConfigError, _read, data, nvs)
        assert err.where == "accounts[0].password"
        assert "given for another server; write it here again" in err.problem
        assert "hunter2" not in str(err)
    err = raises(
        ConfigError, _read, _data(accounts=[account], wifi=[_with(network, ssid="other")]), nvs
    )
    assert err.where == "wifi[0].password" and "another network" in err.problem


def test_what_a_secret_is_not_bound_to_may_change():
    nvs = NVS({}, Power())
    config = json.loads(str(_taken(_data(), nvs), "utf-8"))
    account, network = config["accounts"][0], config["wifi"][0]
    same = _with(account, host="IMAP.example.org", port=993, name="work", poll_s=90, auth="PLAIN")
    other = _with(network, hidden=True)
    found, _ = _read(_data(accounts=[same], wifi=[_with(HOME, ssid="x"), other]), nvs)
    assert _passwords(found) == ["long enough", "long enough", "hunter2"]


def test_one_account_cannot_take_the_secret_of_another():
    nvs = NVS({}, Power())
    both = [dict(ACCOUNT), _with(ACCOUNT, user="bob", password="other")]
    config = json.loads(str(_taken(_data(accounts=both, wifi=[]), nvs), "utf-8"))
    one, other = config["accounts"]
    one["password"], other["password"] = other["password"], one["password"]
    raises(ConfigError, _read, _data(accounts=[one, other], wifi=[]), nvs)


def test_a_secret_that_is_not_there_any_more():
    data = _data(accounts=[_with(ACCOUNT, password={"nvs": "secret00"})])
    long = _data(accounts=[_with(ACCOUNT, password={"nvs": "x" * 15})])
    for nvs in (None, NVS({}, Power()), NVS({"secret00": b"too short"}, Power())):
        for one in (data, long):
            err = raises(ConfigError, _read, one, nvs)
            assert err.where == "accounts[0].password"
            assert "write it here again" in err.problem


def test_a_file_that_has_no_room_for_the_names_is_refused_before_anything_is_written():
    nvs = NVS({}, Power())
    room = 8192 - len(_taken(_data(), NVS({}, Power())))
    fits, does_not = _data() + b" " * room, _data() + b" " * (room + 1)
    assert "shorten it" in raises(ConfigError, _taken, does_not, nvs).problem
    assert nvs.stored == {}
    assert len(_taken(fits, nvs)) == 8192
