"""Wi-Fi networks and time servers in config.json: passwords, fixed addresses, power save."""

import json

from postlamp.errors import ConfigError
from postlamp.store.config import parse
from raising import raises

ACCOUNT = {"host": "imap.example.org", "user": "anna@example.org", "password": "hunter2"}
FIXED = {"address": "192.168.1.50/24", "gateway": "192.168.1.1"}


def _parsed(**config):
    config["accounts"] = [ACCOUNT]
    return parse(json.dumps(config).encode())


def _network(**facts):
    facts["ssid"] = "home"
    return _parsed(wifi=[facts])["wifi"][0]


def _refused(where, **facts):
    error = raises(ConfigError, lambda: _network(**facts))
    assert error.where == "wifi[0]." + where, error.where
    return error.problem


def test_a_name_is_enough():
    assert _network() == {
        "ssid": "home",
        "password": "",
        "hidden": False,
        "pm": 1,
        "ifconfig": None,
    }


def test_a_password_has_8_to_63_characters_or_is_a_key():
    for password in ("", "8 letter", "x" * 63, "0123456789abcdefABCDEF0000000000" * 2):
        assert _network(password=password)["password"] == password
    secret = "hunter2"
    for password in (secret[:1], secret, secret * 9 + "x", secret * 10):
        problem = _refused("password", password=password)
        assert secret not in problem
    assert "too short" in _refused("password", password="7 lette")
    assert "64 hexadecimal digits" in _refused("password", password="x" * 64)
    assert "too long" in _refused("password", password="0" * 65)


def test_a_fixed_address_becomes_what_the_chip_takes():
    assert _network(**FIXED)["ifconfig"] == (
        "192.168.1.50",
        "255.255.255.0",
        "192.168.1.1",
        "192.168.1.1",
    )
    given = _network(address="10.9.8.7/8", gateway="10.0.0.1", dns="9.9.9.9")
    assert given["ifconfig"] == ("10.9.8.7", "255.0.0.0", "10.0.0.1", "9.9.9.9")
    given = _network(address="10.9.8.6/30", gateway="10.9.8.5")
    assert given["ifconfig"][1] == "255.255.255.252"


def test_each_mistake_in_an_address_is_named_at_its_place():
    for address in (
        "192.168.1.50",
        "192.168.1.50/",
        "192.168.1.50/7",
        "192.168.1.50/31",
        "192.168.1.50/x",
        "192.168.1/24",
        "192.168.1.256/24",
        "192.168..50/24",
        "192.168.1.x/24",
        "/24",
    ):
        problem = _refused("address", address=address, gateway="192.168.1.1")
        assert "must be like 192.168.1." in problem, address
    for gateway in ("", "192.168.1", "router"):
        assert "must be like" in _refused("gateway", address=FIXED["address"], gateway=gateway)
    for gateway in ("192.168.2.1", "192.168.1.50"):
        assert "same network" in _refused("gateway", address=FIXED["address"], gateway=gateway)
    assert "must be like" in _refused("dns", dns="dns.example", **FIXED)


def test_a_gateway_without_an_address_is_a_mistake():
    assert "missing" in _refused("address", gateway="192.168.1.1")
    assert "missing" in _refused("address", dns="192.168.1.1")


def test_every_cut_of_an_address_is_one_or_is_refused():
    whole = FIXED["address"]
    for end in range(1, len(whole)):
        _refused("address", address=whole[:end], gateway=FIXED["gateway"])


def test_power_save_has_the_chip_s_numbers():
    for number, word in enumerate(("none", "performance", "powersave")):
        assert _network(power_save=word)["pm"] == number
    assert "none or performance or powersave" in _refused("power_save", power_save="off")


def test_time_servers_are_the_owner_s_or_left_to_the_firmware():
    assert _parsed()["ntp"] == []
    names = ["ntp.example.org", "192.168.1.1", "a", "b"]
    assert _parsed(ntp=names)["ntp"] == names
    for wrong in (names + ["c"], [""], ["x" * 254]):
        assert raises(ConfigError, lambda wrong=wrong: _parsed(ntp=wrong)).where[:3] == "ntp"
