"""What a single LED's pin is told."""

from needs import needs
from postlamp.ui.led import LED


class _FakePWM:
    def __init__(self):
        self.duty = None
        self.calls = 0

    def duty_u16(self, duty):
        self.duty = duty
        self.calls += 1


def _duty(colours, **options):
    pwm = _FakePWM()
    LED(pwm, **options).show(bytearray(colours))
    return pwm.duty


def test_full_brightness_is_always_on():
    assert _duty(b"\xff\xff\xff", brightness=100) == 65535


def test_dark_is_off():
    assert _duty(b"\x00\x00\x00") == 0


def test_the_brightest_primary_counts():
    assert _duty(b"\x10\xff\x20", brightness=25) == 65535 * 25 // 100


def test_an_led_to_the_supply_is_lit_by_a_low_pin():
    assert _duty(b"\x00\x00\x00", active=0) == 65535
    assert _duty(b"\xff\x00\x00", brightness=100, active=0) == 0


def test_the_faintest_level_is_not_off():
    assert _duty(b"\x01\x00\x00", brightness=1) > 0


def test_the_pin_is_told_only_of_changes():
    pwm = _FakePWM()
    led = LED(pwm)
    for level in (0, 0, 9, 9, 9, 0):
        led.show(bytearray([level, 0, 0]))
    assert pwm.calls == 3


def test_it_is_one_pixel():
    assert LED(_FakePWM()).pixels == 1


@needs("micropython")
def test_showing_allocates_nothing():
    import micropython

    led = LED(_FakePWM())
    colours = bytearray(b"\xff\x80\x01")
    micropython.heap_lock()
    try:
        led.show(colours)
    finally:
        micropython.heap_unlock()
