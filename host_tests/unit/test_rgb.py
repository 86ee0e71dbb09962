"""What the three pins of an RGB LED are told."""

from needs import needs
from postlamp.ui.rgb import RGBLED


class _FakePWM:
    def __init__(self):
        self.duty = None
        self.calls = 0

    def duty_u16(self, duty):
        self.duty = duty
        self.calls += 1


def _duties(colours, **options):
    pwms = [_FakePWM() for _ in range(3)]
    RGBLED(pwms, **options).show(bytearray(colours))
    return [pwm.duty for pwm in pwms]


def test_each_primary_has_its_own_pin():
    assert _duties(b"\xff\x80\x00", brightness=100) == [65535, 0x8080, 0]


def test_brightness_scales_every_primary():
    assert _duties(b"\xff\xff\x00", brightness=25) == [16383, 16383, 0]


def test_the_faintest_level_is_not_off():
    assert min(_duties(b"\x01\x01\x01", brightness=1)) > 0


def test_an_led_to_the_supply_is_lit_by_low_pins():
    assert _duties(b"\x00\x00\xff", brightness=100, active=0) == [65535, 65535, 0]


def test_the_first_frame_is_told_even_if_dark_and_then_only_changes():
    pwms = [_FakePWM() for _ in range(3)]
    led = RGBLED(pwms)
    for colours in (b"\x00\x00\x00", b"\x00\x00\x00", b"\x00\x09\x00", b"\x00\x09\x00"):
        led.show(bytearray(colours))
    assert [pwm.calls for pwm in pwms] == [1, 2, 1]


def test_it_is_one_pixel():
    assert RGBLED([]).pixels == 1


@needs("micropython")
def test_showing_allocates_nothing():
    import micropython

    led = RGBLED([_FakePWM() for _ in range(3)])
    frames = (bytearray(b"\xff\x80\x01"), bytearray(b"\x00\x50\xff"))
    micropython.heap_lock()
    try:
        for step in range(40):
            led.show(frames[step & 1])
    finally:
        micropython.heap_unlock()
