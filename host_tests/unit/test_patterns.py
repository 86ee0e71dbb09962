"""Every pattern, pixel by pixel, on a ring and on one LED."""

from needs import needs
from postlamp.app.looks import LOOKS
from postlamp.app.patterns import drawing

_PIXELS = 12
_BLUE_15 = (0, 0x50 * 153 >> 8, 0xFF * 153 >> 8)


def _drawn(name, ms=0, pixels=_PIXELS, count=0, last_count=0):
    colours = bytearray(b"\x55" * (3 * pixels))
    drawing(pixels)(LOOKS[name], ms, colours, count, last_count)
    return [tuple(colours[i : i + 3]) for i in range(0, 3 * pixels, 3)]


def _lit(drawn):
    return [i for i in range(len(drawn)) if drawn[i] != (0, 0, 0)]


def _rises(name, pixels, until_ms):
    """How often the last pixel comes up from half its range in the time, seen every 10 ms."""
    seen = [max(_drawn(name, ms, pixels)[-1]) for ms in range(0, until_ms, 10)]
    half = (max(seen) + min(seen)) // 2
    return sum(1 for i in range(len(seen)) if seen[i] > half and (i == 0 or seen[i - 1] <= half))


def test_unread_lights_as_many_pixels_as_mails():
    for count in (1, 3, _PIXELS):
        drawn = _drawn("unread", count=count)
        assert _lit(drawn) == list(range(count))
        assert drawn[0] == _BLUE_15


def test_more_mails_than_pixels_light_all():
    assert len(_lit(_drawn("unread", count=4372))) == _PIXELS


def test_nothing_waits_is_the_first_pixel_dim_and_steady():
    assert _lit(_drawn("nothing")) == [0]
    assert _drawn("nothing") == _drawn("nothing", ms=123456)
    assert 0 < max(_drawn("nothing")[0]) < 30


def test_starting_walks_round_once_in_two_seconds():
    assert [_lit(_drawn("starting", ms))[0] for ms in range(0, 2000, 167)] == list(range(12))


def test_not_set_up_breathes_and_never_goes_dark():
    for pixels in (1, _PIXELS):
        levels = [_drawn("not_set_up", ms, pixels)[0][0] for ms in range(0, 4000, 50)]
        assert min(levels) > 0
        assert max(levels) > 4 * min(levels)


def test_new_swells_three_times_then_once_in_ten_seconds():
    for pixels in (1, _PIXELS):
        assert _rises("new", pixels, 3600) == 3
        assert _rises("new", pixels, 3600 + 8000) == 3
        assert _rises("new", pixels, 3600 + 30000) == 6


def test_new_mail_swells_on_all_pixels_to_a_whiter_blue():
    top = _drawn("new", 600)
    assert len(_lit(top)) == _PIXELS
    assert top[0][2] == 255 and top[0][0] > 100


def test_between_swells_new_mail_is_not_dark():
    assert _lit(_drawn("new", 5000, count=2)) == [0, 1]
    assert _lit(_drawn("new", 5000, count=0)) == [0]
    assert _lit(_drawn("new", 5000, pixels=1)) == [0]


def test_a_named_sender_swells_twice_and_pauses():
    for pixels in (1, _PIXELS):
        assert _rises("vip", pixels, 1600) == 2


def test_trouble_blinks_as_often_as_it_must():
    for name, blinks in (("not_sure", 1), ("needs_you", 2), ("refused", 3)):
        for pixels in (1, _PIXELS):
            assert _rises(name, pixels, 4000) == blinks, name
            assert _rises(name, pixels, 8000) == 2 * blinks, name


def test_a_blink_is_150_ms_on_and_250_ms_off():
    lit = [ms for ms in range(0, 4000, 10) if _drawn("needs_you", ms)[-1] != (0, 0, 0)]
    assert lit == list(range(0, 150, 10)) + list(range(400, 550, 10))


def test_not_sure_keeps_the_last_count_at_half_level():
    drawn = _drawn("not_sure", ms=2000, last_count=3)
    assert _lit(drawn) == [0, 1, 2]
    assert drawn[0] == tuple(c * 76 >> 8 for c in (0, 0x50, 0xFF))


def test_the_known_count_stays_beside_the_trouble():
    drawn = _drawn("needs_you", ms=0, count=2, last_count=4)
    assert _lit(drawn) == [0, 1, 2, 3, 11]
    assert drawn[1] == _BLUE_15
    assert max(drawn[2]) < max(drawn[1])


def test_the_trouble_pixel_is_never_taken_by_a_count():
    assert _lit(_drawn("not_sure", ms=2000, last_count=400)) == list(range(_PIXELS - 1))


def test_reached_zero_sweeps_once():
    assert [_lit(_drawn("reached_zero", ms)) for ms in (0, 500, 999)] == [[0], [6], [11]]
    assert _drawn("reached_zero", 1000) == _drawn("reached_zero", 5000)
    assert _lit(_drawn("reached_zero", 1000)) == [0]


def test_one_led_dips_briefly_while_starting():
    levels = [_drawn("starting", ms, pixels=1)[0][0] for ms in range(0, 2000, 100)]
    assert levels[:18] == [levels[0]] * 18
    assert 0 < levels[18] < levels[0]


def test_one_led_shows_the_level_of_the_table_in_its_brightest_primary():
    assert max(_drawn("unread", pixels=1)[0]) == 255 * (20 * 256 // 25) >> 8
    assert max(_drawn("nothing", pixels=1)[0]) in (9, 10)


def test_one_led_is_lit_in_every_steady_look():
    for name in ("nothing", "unread", "seen"):
        assert _lit(_drawn(name, pixels=1)) == [0], name


def test_seen_is_the_first_and_the_middle_pixel():
    assert _lit(_drawn("seen")) == [0, 6]


def test_off_is_dark():
    assert _lit(_drawn("off")) == []
    assert _lit(_drawn("off", pixels=1)) == []


def test_no_look_goes_above_three_hertz():
    for name in LOOKS:
        for pixels in (1, _PIXELS):
            for start_ms in (0, 500):
                rises = sum(
                    1
                    for ms in range(start_ms, start_ms + 1000, 10)
                    if max(_drawn(name, ms, pixels)[-1])
                    > 2 * max(_drawn(name, ms - 10, pixels)[-1])
                    and max(_drawn(name, ms - 10, pixels)[-1]) == 0
                )
                assert rises <= 3, name


def test_every_look_draws_at_any_time_and_size():
    for name in LOOKS:
        for pixels in (1, 2, 7, 24):
            for ms in (-5000, -1, 0, 1, 399, 400, 3599, 3600, 13599, 2**29):
                _drawn(name, ms, pixels, count=5, last_count=9)


@needs("micropython")
def test_drawing_allocates_nothing():
    import micropython

    colours = {1: bytearray(3), _PIXELS: bytearray(3 * _PIXELS)}
    for name in LOOKS:
        look = LOOKS[name]
        for pixels in colours:
            draw = drawing(pixels)
            micropython.heap_lock()
            try:
                for ms in (0, 100, 700, 1700, 5000, 12500, 400000):
                    draw(look, ms, colours[pixels], 3, 5)
            finally:
                micropython.heap_unlock()
