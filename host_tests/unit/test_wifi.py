"""Joining Wi-Fi with a station that behaves as the ESP32's: its codes, its stale reasons."""

import sys

from chip import CONNECTING, HANDSHAKE, NO_ADDRESS, NO_AP, WRONG, FakeTime, Station, Threads
from postlamp.errors import LinkError
from postlamp.net import joining
from postlamp.net.wifi import WiFi
from raising import failing, raises

STATIC = ("192.0.2.9", "255.255.255.0", "192.0.2.1", "192.0.2.1")


def _network(ssid, password="secret word", hidden=False, static=None, pm=1):
    return {"ssid": ssid, "password": password, "hidden": hidden, "ifconfig": static, "pm": pm}


HOME, PHONE = _network("home"), _network("phone", "")


def _wifi(air, *networks, points=None):
    return WiFi(list(networks), Station(FakeTime(), air, points))


def _stop(error):
    """The first failure is enough."""
    raise error


def _join(wifi, threads=None, report=_stop):
    """What is reported first, or None; how long it took is in the station's time."""
    joining.time = joining.asyncio = wifi.station.time
    real, sys.modules["_thread"] = sys.modules.get("_thread"), threads or Threads()
    try:
        joining.join(wifi, report).send(None)
    except LinkError as err:
        return err
    except StopIteration:
        return None
    finally:
        del sys.modules["_thread"]
        if real:
            sys.modules["_thread"] = real
    raise AssertionError("it waited for something else than time")


def _cause(wifi):
    error = _join(wifi)
    return error.args if error else None


def _tried(wifi):
    """The names that were tried, in order."""
    return [call[0] for call in wifi.station.calls if call[0] in ("home", "phone", "cellar")]


def test_the_first_network_is_joined_with_its_password():
    wifi = _wifi({"home": None, "phone": None}, HOME, PHONE)
    assert not wifi.is_up() and wifi.rssi() is None
    assert _join(wifi) is None
    assert wifi.station.calls == [("scan",), ("pm", 1), ("home", "secret word", b"bssid0")]
    assert wifi.is_up() and wifi.ssid == "home" and wifi.rssi() == -60


def test_an_open_network_is_joined_without_a_key():
    wifi = _wifi({"phone": None}, PHONE)
    assert _join(wifi) is None
    assert wifi.station.calls[-1] == ("phone", None, b"bssid0")


def test_the_owner_s_order_counts_not_the_strength():
    points = [("phone", -30), ("home", -85)]
    wifi = _wifi({"home": None, "phone": None}, HOME, PHONE, points=points)
    assert _join(wifi) is None
    assert _tried(wifi) == ["home"]


def test_of_access_points_with_one_name_the_strongest_is_joined():
    points = [("home", -80), ("home", -45), ("phone", -30), ("home", -70)]
    wifi = _wifi({"home": None}, HOME, points=points)
    assert _join(wifi) is None
    assert wifi.station.calls[-1] == ("home", "secret word", b"bssid1")


def test_where_the_strongest_fails_another_one_may_do():
    wifi = _wifi({"home": [203, None]}, HOME)
    assert _join(wifi) is None
    assert [call[2] for call in wifi.station.calls[1:] if call[0] == "home"] == [
        b"bssid0",
        None,
    ]


def test_what_is_there_is_tried_before_what_is_not():
    wifi = _wifi({"phone": None}, HOME, PHONE)
    assert _join(wifi) is None
    assert _tried(wifi) == ["phone"] and wifi.ssid == "phone"


def test_a_hidden_network_keeps_its_place_and_others_may_have_been_overheard():
    hidden = _network("cellar", hidden=True)
    wifi = _wifi({"cellar": None, "home": None}, hidden, HOME, points=[("home", -50)])
    assert _join(wifi) is None
    assert _tried(wifi) == ["cellar"]
    wifi = _wifi({"home": None}, HOME, points=[])
    assert _join(wifi) is None
    wifi = _wifi({"phone": None}, hidden, HOME, PHONE)
    assert _join(wifi) is None
    assert _tried(wifi) == ["cellar", "phone"]


def test_the_second_is_joined_when_the_first_has_no_address_to_give():
    wifi = _wifi({"home": NO_ADDRESS, "phone": None}, HOME, PHONE)
    assert _join(wifi) is None
    assert wifi.ssid == "phone"


def test_a_network_that_is_not_there_is_told_soon():
    wifi = _wifi({}, HOME)
    assert _cause(wifi) == ("wifi", "home")
    assert wifi.station.time.passed_ms() < 3000


def test_each_way_of_refusing_a_password_is_told_as_such_when_it_happens_twice():
    for reason in (HANDSHAKE, WRONG, 204, 210, 211):
        wifi = _wifi({"home": reason}, HOME)
        assert _cause(wifi) == ("wifi_password", "home"), reason
        assert _tried(wifi) == ["home", "home"]
        assert wifi.station.time.passed_ms() < 12000


def test_a_password_refused_once_only_is_not_blamed():
    for outcomes in ([WRONG, 203], [WRONG, NO_AP], [203, WRONG]):
        assert _cause(_wifi({"home": outcomes}, HOME)) == ("wifi", "home")
    wifi = _wifi({"home": [HANDSHAKE, None]}, HOME)
    assert _join(wifi) is None


def test_any_other_reason_is_a_lost_network():
    for reason in (2, 39, 200, 203, 212):
        assert _cause(_wifi({"home": reason}, HOME)) == ("wifi", "home"), reason


def test_a_reason_of_the_try_before_proves_nothing():
    wifi = _wifi({"home": [WRONG, WRONG, None]}, HOME)
    assert _cause(wifi) == ("wifi_password", "home")
    assert wifi.station.status() == WRONG
    assert _join(wifi) is None


def test_a_reason_that_lasts_is_believed_after_a_try_s_time():
    wifi = _wifi({"home": WRONG}, HOME)
    for least_ms, most_ms in ((11000, 12000), (18000, 20000)):
        before = wifi.station.time.now
        assert _cause(wifi) == ("wifi_password", "home")
        assert least_ms < wifi.station.time.now - before < most_ms


def test_no_address_is_told_after_twenty_seconds_though_an_old_reason_stays():
    wifi = _wifi({"home": [NO_AP, NO_ADDRESS]}, HOME, points=[])
    assert _cause(wifi) == ("wifi", "home")
    before = wifi.station.time.now
    assert _cause(wifi) == ("wifi_address", "home")
    assert 20000 <= wifi.station.time.now - before < 20500


def test_an_address_that_comes_late_is_kept():
    wifi = _wifi({"home": NO_ADDRESS}, HOME)
    assert _cause(wifi) == ("wifi_address", "home")
    wifi.station.is_up = True
    wifi.station.calls.clear()
    raises(StopIteration, wifi.join(_stop).send, None)
    assert wifi.station.calls == []


def test_an_address_that_comes_in_the_pause_ends_it():
    wifi = _wifi({"home": NO_ADDRESS}, HOME)

    def come(error):
        assert error.args == ("wifi_address", "home")
        wifi.station.is_up = True

    assert _join(wifi, report=come) is None
    assert wifi.station.time.passed_ms() < 21000


def test_what_asks_most_of_the_owner_is_told():
    air = {"home": NO_ADDRESS, "phone": WRONG}
    assert _cause(_wifi(air, HOME, PHONE, _network("cellar"))) == ("wifi_password", "phone")
    assert _cause(_wifi({"home": NO_ADDRESS}, PHONE, HOME)) == ("wifi_address", "home")


def test_tries_come_less_and_less_often_and_at_once_after_success():
    wifi = _wifi({"home": [NO_AP] * 8 + [None, NO_AP]}, HOME, points=[])
    time, told = wifi.station.time, []
    assert _join(wifi, report=lambda error: told.append((error.wait_s, time.now))) is None
    assert [wait_s for wait_s, _ in told] == [1, 2, 4, 8, 16, 32, 60, 60]
    for at in range(7):
        try_ms = told[at + 1][1] - told[at][1] - told[at][0] * 1000
        assert 2500 < try_ms < 5000
    wifi.close()
    assert _join(wifi).wait_s == 1


def test_whoever_forgets_the_failures_ends_the_pause():
    wifi = _wifi({"home": [NO_AP] * 6 + [None]}, HOME, points=[])
    time, told = wifi.station.time, []

    def report(error):
        told.append((error.wait_s, time.now))
        if len(told) == 5:
            wifi.failures = 0

    assert _join(wifi, report=report) is None
    assert [wait_s for wait_s, _ in told] == [1, 2, 4, 8, 16, 1]
    assert told[5][1] - told[4][1] < 5000


def test_a_fixed_address_and_power_save_are_told_to_the_chip_first():
    wifi = _wifi({"home": None}, _network("home", static=STATIC, pm=0))
    assert _join(wifi) is None
    assert wifi.station.calls[1:3] == [("static", STATIC), ("pm", 0)]


def test_a_station_that_is_still_connecting_is_stopped_first():
    wifi = _wifi({"home": None}, HOME)
    wifi.station.active(True)
    wifi.station.connect("elsewhere", None)
    assert _join(wifi) is None


def test_a_scan_needs_no_thread_and_may_fail():
    wifi = _wifi({"home": None}, HOME)
    assert _join(wifi, Threads(False)) is None
    wifi = _wifi({"home": None}, HOME)
    wifi.station.scan = failing(OSError("STA must be active"))
    assert _join(wifi) is None
    assert wifi.station.calls[-1] == ("home", "secret word", None)


def test_a_scan_that_never_ends_is_not_waited_for():
    class Stuck(Threads):
        def start_new_thread(self, run, args):
            """It never comes to an end."""

    wifi = _wifi({"home": None}, HOME)
    assert _join(wifi, Stuck()) is None


def test_a_station_that_cannot_start_is_a_lost_network():
    for error in (OSError("Wifi Internal Error"), RuntimeError("Wifi Unknown Error 0x0102")):
        wifi = _wifi({"home": None}, HOME)
        wifi.station.connect = failing(error)
        assert _cause(wifi) == ("wifi", "home")


def test_without_networks_it_waits_for_what_the_station_does():
    wifi = _wifi({"given": None})
    assert _cause(wifi) == ("wifi", "")
    wifi.station.connect("given", None)
    assert _join(wifi) is None
    assert wifi.ssid == "given"
    assert wifi.station.status() != CONNECTING


def test_a_network_that_took_the_password_before_is_weak_not_changed():
    told = []

    def report(error):
        told.append(error.cause)
        if len(told) == 4:
            raise error

    wifi = _wifi({"home": None}, HOME)
    assert _join(wifi) is None
    wifi.station.air["home"] = WRONG
    wifi.close()
    _join(wifi, report=report)
    assert told == ["wifi", "wifi", "wifi", "wifi_password"]
    assert _cause(_wifi({"home": WRONG}, HOME))[0] == "wifi_password"


def test_a_radio_that_does_not_start_is_tried_again():
    told = []
    wifi = _wifi({"home": None}, HOME)
    wifi.station.deaf = 2
    assert _join(wifi, report=lambda error: told.append(error.cause)) is None
    assert told == ["wifi", "wifi"] and wifi.ssid == "home"


def test_a_station_that_joined_by_itself_does_so_again_when_it_is_left():
    wifi = _wifi({"home": None})
    wifi.station.active(True)
    wifi.station.connect("home", "secret word")
    assert _join(wifi) is None
    wifi.close()
    assert not wifi.is_up()
    assert _join(wifi) is None
