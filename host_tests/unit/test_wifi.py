"""Joining Wi-Fi with a station that behaves as the ESP32's: its codes, its stale reasons."""

from postlamp.errors import LinkError
from postlamp.net.wifi import WiFi

PERIOD = 1 << 30
CONNECTING, NO_AP, WRONG = 1001, 201, 202
HOME = {"ssid": "home", "password": "secret word", "hidden": False}
PHONE = {"ssid": "phone", "password": "", "hidden": False}


class FakeTime:
    """Passes only when somebody sleeps; wraps in the middle."""

    now = PERIOD - 1000

    def ticks_ms(self):
        return self.now % PERIOD

    def ticks_add(self, ticks, ms):
        return (ticks + ms) % PERIOD

    def ticks_diff(self, end, start):
        return (end - start + PERIOD // 2) % PERIOD - PERIOD // 2

    async def sleep_ms(self, ms):
        self.now += ms


class FakeStation:
    """Knows networks by name: the polls of `status` until joined, or a reason that stays."""

    def __init__(self, **air):
        self.air = air
        self.calls = []
        self._polls = 0
        self._ssid = None

    def active(self, on):
        self.calls.append("active")

    def connect(self, ssid, key):
        self.calls.append((ssid, key))
        self._ssid, self._polls = ssid, 0

    def disconnect(self):
        self._ssid = None

    def isconnected(self):
        outcome = self.air.get(self._ssid, NO_AP)
        return outcome < 200 and outcome <= self._polls

    def status(self):
        self._polls += 1
        outcome = self.air.get(self._ssid, NO_AP)
        return outcome if 200 <= outcome < 1000 else CONNECTING

    def config(self, what):
        return "given"


def _wifi(networks, station):
    time = FakeTime()
    return WiFi(networks, station, time, time.sleep_ms)


def _join(wifi, deadline_ms):
    """What `join` raises, or None; how long it took is in the fake time."""
    try:
        wifi.join(deadline_ms).send(None)
    except LinkError as err:
        return err.args
    except StopIteration:
        return None
    raise AssertionError("it waited for something else than time")


def _took_ms(station, deadline_ms):
    time = FakeTime()
    assert _join(WiFi([HOME], station, time, time.sleep_ms), deadline_ms) == ("wifi", "home")
    return time.now - FakeTime.now


def test_the_first_network_is_joined_with_its_password():
    station = FakeStation(home=2, phone=0)
    wifi = _wifi([HOME, PHONE], station)
    assert not wifi.is_up()
    assert _join(wifi, 5000) is None
    assert station.calls == ["active", ("home", "secret word")]
    assert wifi.name() == "home"


def test_the_second_is_tried_and_asked_first_the_next_time():
    station = FakeStation(phone=0)
    wifi = _wifi([HOME, PHONE], station)
    assert _join(wifi, 2400) is None
    assert station.calls == ["active", ("home", "secret word"), ("phone", None)]
    station.disconnect()
    assert _join(wifi, 2400) is None
    assert station.calls[-1] == ("phone", None)


def test_a_network_that_is_not_there_is_named_before_the_deadline():
    assert 4000 < _took_ms(FakeStation(), 20000) < 5000


def test_wrong_credentials_are_believed_only_when_they_last():
    assert 9000 < _took_ms(FakeStation(home=WRONG), 20000) < 10000


def test_a_station_that_goes_on_trying_ends_with_the_deadline():
    assert 20000 <= _took_ms(FakeStation(home=10**9), 20000) < 20200


def test_what_is_up_is_left_alone():
    station = FakeStation(home=0)
    wifi = _wifi([HOME], station)
    _join(wifi, 1000)
    station.calls.clear()
    assert _join(wifi, 1000) is None
    assert station.calls == []


def test_without_networks_it_waits_for_what_the_station_does():
    station = FakeStation(given=1)
    wifi = _wifi([], station)
    assert _join(wifi, 150) == ("wifi", "given")
    station.connect("given", None)
    assert _join(wifi, 1000) is None


def test_a_station_that_cannot_start_is_the_same_trouble():
    class Broken(FakeStation):
        def connect(self, ssid, key):
            raise OSError("Wifi Internal State Error")

    assert _join(_wifi([HOME], Broken()), 1000) == ("wifi", "home")
