"""The decoder of SSD1306 and SH1106: a right driver shows right, each wrong one otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.sim.panel import Panel

WIDTH, HEIGHT = 128, 64
START = bytes.fromhex("ae 2000 40 a1 a83f c8 d300 da12 d580 d9f1 db30 81ff a4 a6 8d14 af")
WHOLE = bytes.fromhex("21007f 220007")


def commands(panel: Panel, data: bytes) -> None:
    """Sends commands as one stream."""
    panel.receive(b"\x00" + data)


def started(*, without: bytes = b"", instead: bytes = b"") -> Panel:
    """A panel after the usual initialisation, one part of it left out or replaced."""
    panel = Panel()
    commands(panel, START.replace(without, instead) if without else START)
    commands(panel, WHOLE)
    return panel


def picture_of_one_pixel(panel: Panel, x: int = 3, y: int = 10) -> list[tuple[int, int]]:
    """Sends a whole frame with one pixel set at x, y; where it is seen."""
    frame = bytearray(WIDTH * HEIGHT // 8)
    frame[(y >> 3) * WIDTH + x] = 1 << (y & 7)
    panel.receive(b"\x40" + frame)
    return lit(panel)


def lit(panel: Panel) -> list[tuple[int, int]]:
    """All pixels that shine."""
    return [(i % WIDTH, i // WIDTH) for i, pixel in enumerate(panel.pixels()) if pixel]


def test_the_usual_initialisation_shows_a_pixel_where_it_was_drawn() -> None:
    panel = started()
    assert picture_of_one_pixel(panel) == [(3, 10)]
    assert panel.problems == []
    assert panel.contrast == 0xFF


def test_corners_are_where_they_belong() -> None:
    for corner in ((0, 0), (127, 0), (0, 63), (127, 63)):
        assert picture_of_one_pixel(started(), *corner) == [corner]


def test_a_panel_without_initialisation_is_dark() -> None:
    assert picture_of_one_pixel(Panel()) == []


@pytest.mark.parametrize("missing", [b"\xaf", b"\x8d\x14"])
def test_without_display_on_or_charge_pump_it_is_dark(missing: bytes) -> None:
    assert picture_of_one_pixel(started(without=missing)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "seen"),
    [
        (b"\xa1", b"\xa0", [(124, 10)]),  # mirrored
        (b"\xc8", b"\xc0", [(3, 53)]),  # upside down
        (b"\x40", b"\x42", [(3, 8)]),  # start line
        (b"\xd3\x00", b"\xd3\x04", [(3, 6)]),  # display offset
        (b"\xda\x12", b"\xda\x02", [(3, 20)]),  # COM pins: the halves interleave
        (b"\xa8\x3f", b"\xa8\x1f", [(3, 42)]),  # half of the rows are driven
    ],
)
def test_a_wrong_initialisation_is_seen(
    right: bytes, wrong: bytes, seen: list[tuple[int, int]]
) -> None:
    assert picture_of_one_pixel(started(without=right, instead=wrong)) == seen


def test_inverted_shows_all_but_the_pixel() -> None:
    panel = started()
    commands(panel, b"\xa7")
    assert len(picture_of_one_pixel(panel)) == WIDTH * HEIGHT - 1


def test_all_on_ignores_the_memory_and_goes_back() -> None:
    panel = started()
    commands(panel, b"\xa5")
    assert len(lit(panel)) == WIDTH * HEIGHT
    commands(panel, b"\xa4")
    assert lit(panel) == []


def test_off_and_on_keeps_the_picture() -> None:
    panel = started()
    picture_of_one_pixel(panel)
    commands(panel, b"\xae")
    assert lit(panel) == []
    commands(panel, b"\xaf")
    assert lit(panel) == [(3, 10)]


def test_a_window_fills_row_by_row_and_begins_anew() -> None:
    panel = started()
    commands(panel, bytes.fromhex("210a0b 220304"))
    panel.receive(b"\x40\x01\x02\x04\x08\x80")
    # Four bytes fill the window; the fifth is back at its first column and page.
    assert lit(panel) == [(11, 25), (10, 31), (10, 34), (11, 35)]


def test_vertical_addressing_goes_down_the_pages_first() -> None:
    panel = started(without=b"\x20\x00", instead=b"\x20\x01")
    panel.receive(b"\x40\x01\x02")
    assert lit(panel) == [(0, 0), (0, 9)]


def test_page_addressing_stays_in_its_page() -> None:
    panel = started(without=b"\x20\x00", instead=b"\x20\x02")
    commands(panel, b"\xb2\x0e\x17")
    panel.receive(b"\x40\x01\x01\x01")
    assert lit(panel) == [(0, 16), (126, 16), (127, 16)]


def test_page_addressing_is_what_power_up_leaves() -> None:
    panel = Panel()
    commands(panel, b"\xa1\xc8\x8d\x14\xaf")
    panel.receive(b"\x40" + b"\x01" * 130)
    assert {y for _, y in lit(panel)} == {0}


def test_single_command_control_bytes_may_be_mixed_with_data() -> None:
    panel = started()
    panel.receive(b"\x80\x21\x80\x05\x80\x06\x80\x22\x80\x00\x80\x00\x40\x01")
    assert lit(panel) == [(5, 0)]


def test_commands_may_be_split_between_writes() -> None:
    panel = Panel()
    for byte in START + WHOLE:
        panel.receive(bytes((0x80, byte)))
    assert picture_of_one_pixel(panel) == [(3, 10)]


@pytest.mark.parametrize("data", [b"\x00\xff", b"\x11\xaf"])
def test_what_no_ssd1306_knows_is_reported(data: bytes) -> None:
    panel = started()
    panel.receive(data)
    assert panel.problems


def test_rows_are_half_blocks() -> None:
    panel = started()
    picture_of_one_pixel(panel, 0, 0)
    rows = panel.rows()
    assert (len(rows), len(rows[0])) == (32, 128)
    assert rows[0].startswith("▀ ")


def test_png_is_a_picture_four_times_as_large(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    panel = started()
    picture_of_one_pixel(panel, 2, 1)
    panel.png(tmp_path / "panel.png")
    picture = image.open(tmp_path / "panel.png").convert("RGB")
    assert picture.size == (512, 256)
    inside, outside = picture.getpixel((11, 7)), picture.getpixel((12, 7))
    assert inside != outside
    assert picture.getpixel((8, 4)) == inside


def test_braille_rows_hold_every_pixel_at_half_the_width() -> None:
    panel = started()
    picture_of_one_pixel(panel, x=3, y=10)
    rows = panel.small_rows()
    assert [len(row) for row in rows] == [WIDTH // 2] * (HEIGHT // 4)
    # x 3 is the right column of character 1, y 10 the third line of row 2: dot 6
    assert rows[2][1] == "\N{BRAILLE PATTERN DOTS-6}"
    assert "".join(rows).count("\N{BRAILLE PATTERN BLANK}") == WIDTH * HEIGHT // 8 - 1


SH1106_START = bytes.fromhex("ae 40 a1 a83f c8 d300 da12 d580 d9f1 db30 81ff a4 a6 ad8b af")


def test_an_sh1106_shows_the_middle_128_of_its_132_columns() -> None:
    panel = Panel(driver="sh1106")
    commands(panel, SH1106_START + b"\xb1\x02\x10")
    panel.receive(b"\x40\x01" + bytes(126) + b"\x80")
    assert lit(panel) == [(0, 8), (127, 15)]
    assert panel.problems == []


def test_an_sh1106_driven_as_an_ssd1306_is_seen_to_be_wrong() -> None:
    panel = Panel(driver="sh1106")
    commands(panel, SH1106_START + b"\xb1\x00\x10")
    panel.receive(b"\x40" + b"\x01" * 128)
    assert lit(panel) == [(x, 8) for x in range(126)]  # two columns to the left
    commands(panel, b"\x21\x00\x7f")
    assert panel.problems


def test_an_sh1106_without_its_converter_is_dark() -> None:
    panel = Panel(driver="sh1106")
    commands(panel, SH1106_START + b"\xad\x8a")
    panel.receive(b"\x40\xff")
    assert lit(panel) == []


def test_an_ssd1306_driven_as_an_sh1106_is_seen_to_be_wrong() -> None:
    panel = Panel()
    commands(panel, SH1106_START)
    panel.receive(b"\x40\xff")
    assert lit(panel) == [] and panel.problems
