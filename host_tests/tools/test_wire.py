"""Frames between host and shims, and colours out of a strip's bytes."""

from __future__ import annotations

import pytest

from tools.sim import strip, wire
from tools.sim.wire import Frame, FrameReader

STREAM = wire.encode("I", 60, b"\x40abc") + wire.encode("R") + wire.encode("N", 13, b"x" * 300)
FRAMES = [Frame("I", 60, b"\x40abc"), Frame("R", 0, b""), Frame("N", 13, b"x" * 300)]


def test_frames_come_back_whole() -> None:
    assert FrameReader().feed(STREAM) == FRAMES


def test_frames_cut_at_every_byte_come_back_whole() -> None:
    for cut in range(len(STREAM) + 1):
        reader = FrameReader()
        assert reader.feed(STREAM[:cut]) + reader.feed(STREAM[cut:]) == FRAMES


def test_a_payload_of_65535_bytes_fits_and_one_more_does_not() -> None:
    payload = bytes(65535)
    assert FrameReader().feed(wire.encode("I", 1, payload)) == [Frame("I", 1, payload)]
    with pytest.raises(ValueError, match="65535"):
        wire.encode("I", 1, payload + b"\0")


def test_frames_to_the_board() -> None:
    assert wire.button(0, 1) == b"B\x00\x01\x00\x01"
    assert wire.jump(95_000) == b"T\x00\x04\x00\x18\x73\x01\x00"
    assert wire.network(up=False) == b'F\x00\x0d\x00{"up": false}'


@pytest.mark.parametrize(
    ("order", "colour"),
    [("GRB", (2, 1, 3)), ("RGB", (1, 2, 3)), ("BRG", (2, 3, 1)), ("BGR", (3, 2, 1))],
)
def test_the_strips_own_order_decides_the_colour(order: str, colour: tuple[int, int, int]) -> None:
    assert strip.decode(b"\x01\x02\x03", order) == [colour]


def test_white_adds_to_all_three_and_stops_at_full() -> None:
    assert strip.decode(b"\x01\x02\x03\x0a\x00\xff\x00\x40", "GRBW") == [
        (12, 11, 13),
        (255, 64, 64),
    ]


def test_half_a_pixel_at_the_end_shows_nothing() -> None:
    assert strip.decode(b"\x01\x02\x03\x04", "RGB") == [(1, 2, 3)]


def test_a_dim_led_is_not_dark() -> None:
    assert strip.decode_duty(b"\x00\x00") == [(0, 0, 0)]
    assert strip.decode_duty(b"\x10\x00") == [(1, 1, 1)]
    assert strip.decode_duty(b"\xff\xff") == [(255, 255, 255)]
