"""What a strip sends over its wire."""

from needs import needs
from postlamp.ui.strip import Strip


class _FakePixels:
    """A neopixel.NeoPixel as far as a strip uses it."""

    def __init__(self, pixels, bpp=3):
        self.buf = bytearray(pixels * bpp)
        self.bpp = bpp
        self.writes = 0

    def write(self):
        self.writes += 1


def _shown(colours, brightness=100, max_ma=10000, order="GRB", bpp=3):
    pixels = len(colours) // 3
    wire = _FakePixels(pixels, bpp)
    Strip(wire, pixels, brightness, max_ma, order).show(bytearray(colours))
    return bytes(wire.buf)


def test_bytes_are_in_the_order_of_the_wire():
    assert _shown(b"\x01\x02\x03\x04\x05\x06") == b"\x02\x01\x03\x05\x04\x06"
    assert _shown(b"\x01\x02\x03", order="RGB") == b"\x01\x02\x03"
    assert _shown(b"\x01\x02\x03", order="BRG") == b"\x03\x01\x02"


def test_a_white_diode_gives_what_the_primaries_have_in_common():
    assert _shown(b"\x01\x02\x03\x40\x40\x40", order="GRBW", bpp=4) == (
        b"\x01\x00\x02\x01\x00\x00\x00\x40"
    )
    assert _shown(b"\x00\x02\x03", order="RGBW", bpp=4) == b"\x00\x02\x03\x00"


def test_the_current_of_four_diodes_is_limited():
    for colour in (b"\xff\xff\xff", b"\xff\x80\x80", b"\xff\x00\x00"):
        wire = _shown(colour * 60, brightness=100, max_ma=300, order="GRBW", bpp=4)
        assert sum(wire) * 20 // 255 + 60 <= 300, colour


def test_brightness_scales_every_byte():
    assert _shown(b"\xff\x80\x00", brightness=25, order="RGB") == b"\x3f\x20\x00"


def test_a_faint_light_never_becomes_dark():
    assert _shown(b"\x01\x00\x01", brightness=1, order="RGB") == b"\x01\x00\x01"


def test_the_current_is_limited():
    for pixels in (12, 60, 144):
        wire = _shown(b"\xff\xff\xff" * pixels, brightness=100, max_ma=300)
        drawn_ma = sum(wire) * 20 // 255 + pixels
        assert 300 - pixels < drawn_ma <= 300, drawn_ma


def test_the_limit_does_not_touch_what_is_below_it():
    assert _shown(b"\xff\x00\x00", max_ma=21, order="RGB") == b"\xff\x00\x00"
    assert _shown(b"\xff\x00\x00", max_ma=20, order="RGB")[0] < 255


def test_an_unchanged_frame_is_sent_again_only_now_and_then():
    wire = _FakePixels(2)
    strip = Strip(wire, 2)
    for _ in range(50):
        strip.show(bytearray(b"\x10\x20\x30\x40\x50\x60"))
    assert wire.writes == 1
    strip.show(bytearray(b"\x10\x20\x30\x40\x50\x60"))
    assert wire.writes == 2
    strip.show(bytearray(b"\x10\x20\x30\x40\x50\xf0"))
    assert wire.writes == 3


def test_the_first_frame_is_sent_even_if_dark():
    wire = _FakePixels(2)
    strip = Strip(wire, 2)
    for _ in range(50):
        strip.show(bytearray(6))
    assert wire.writes == 1


@needs("micropython")
def test_showing_allocates_nothing():
    import micropython

    for size, order in ((3, "GRB"), (4, "GRBW")):
        strip = Strip(_FakePixels(60, size), 60, order=order)
        frames = (bytearray(b"\xff\x80\x01" * 60), bytearray(b"\x10\x20\x30" * 60))
        micropython.heap_lock()
        try:
            for step in range(40):
                strip.show(frames[step & 1])
        finally:
            micropython.heap_unlock()
