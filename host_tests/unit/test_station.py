"""The station that plays the chip's in these tests is as strict as the chip's."""

from chip import FakeTime, Station
from station_rules import BY_THE_CHIP, walk


def test_it_refuses_what_the_chip_refuses():
    time = FakeTime()

    def wait():
        time.now += 3000

    assert walk(Station(time, {"home": None}), wait) == BY_THE_CHIP
