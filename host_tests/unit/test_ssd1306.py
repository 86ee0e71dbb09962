"""The bytes an SSD1306 gets: set up once, then changed rows only."""

import micropython

from postlamp.ui.ssd1306 import SSD1306

NEEDS = "micropython"

_ROW_BYTES = 129


class _FakeI2C:
    """Keeps what was written; has no device while `is_absent`."""

    def __init__(self):
        self.writes = []
        self.is_absent = False

    def writeto(self, address, data):
        if self.is_absent:
            raise OSError(19)
        self.writes.append((address, bytes(data)))


class _CountingI2C:
    """Takes everything without an allocation."""

    def __init__(self):
        self.count = 0

    def writeto(self, address, data):
        self.count += 1


def _sent(panel):
    while panel.step():
        pass


def _rows(i2c, offset=0):
    """The numbers of the rows of picture that were sent."""
    rows = []
    for at in range(len(i2c.writes)):
        if len(i2c.writes[at][1]) == _ROW_BYTES:
            assert i2c.writes[at][1][0] == 0x40
            place = i2c.writes[at - 1][1]
            assert place == bytes((0, 0xB0 | place[1] & 7, offset, 0x10))
            rows.append(place[1] & 7)
    return rows


def _awake():
    i2c = _FakeI2C()
    panel = SSD1306(i2c, 128, 64, 0x3D)
    _sent(panel)
    i2c.writes.clear()
    return i2c, panel


def test_the_first_steps_set_it_up_and_light_it_when_the_picture_is_there():
    i2c = _FakeI2C()
    panel = SSD1306(i2c, 128, 64, 0x3D)
    _sent(panel)
    assert i2c.writes[0][1][:2] == b"\x00\xae"
    assert b"\x8d\x14" in i2c.writes[0][1]
    assert _rows(i2c) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert i2c.writes[-1][1] == b"\x00\x81\xff\xaf"
    assert all(address == 0x3D for address, _ in i2c.writes)
    assert panel.is_present


def test_nothing_is_sent_when_nothing_changed():
    i2c, panel = _awake()
    assert not panel.step()
    assert i2c.writes == []


def test_one_step_sends_one_changed_row():
    i2c, panel = _awake()
    panel.pixel(5, 20, 1)
    panel.touch(20, 1)
    assert not panel.step()
    assert _rows(i2c) == [2]
    assert i2c.writes[1][1][1 + 5] == 1 << 4


def test_rows_that_a_change_touches():
    for y, height, rows in (
        (0, 8, [0]),
        (7, 2, [0, 1]),
        (26, 13, [3, 4]),
        (56, 8, [7]),
        (60, 20, [7]),
        (-5, 6, [0]),
    ):
        i2c, panel = _awake()
        panel.touch(y, height)
        _sent(panel)
        assert _rows(i2c) == rows, (y, height)


def test_steps_say_whether_more_is_waiting():
    _, panel = _awake()
    panel.touch(0, 24)
    assert [panel.step() for _ in range(3)] == [True, True, False]


def test_drawing_never_reaches_a_control_byte():
    i2c, panel = _awake()
    panel.fill(1)
    panel.fill_rect(-5, -5, 300, 300, 1)
    panel.touch(0, 64)
    _sent(panel)
    for _, data in i2c.writes:
        if len(data) == _ROW_BYTES:
            assert data == b"\x40" + b"\xff" * 128


def test_a_display_that_is_not_there_is_no_error():
    i2c = _FakeI2C()
    i2c.is_absent = True
    panel = SSD1306(i2c)
    assert not panel.step()
    assert not panel.is_present


def test_a_display_that_comes_back_gets_everything():
    i2c, panel = _awake()
    i2c.is_absent = True
    panel.touch(0, 8)
    assert not panel.step()
    i2c.is_absent = False
    _sent(panel)
    assert i2c.writes[0][1][:2] == b"\x00\xae"
    assert _rows(i2c) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert i2c.writes[-1][1][-1] == 0xAF


def test_darkened_it_shines_again_with_the_next_change():
    i2c, panel = _awake()
    panel.darken()
    assert i2c.writes == [(0x3D, b"\x00\xae")]
    assert not panel.step()  # nothing changed
    assert len(i2c.writes) == 1
    panel.touch(0, 8)
    _sent(panel)
    assert _rows(i2c) == [0]
    assert i2c.writes[-1][1][-1] == 0xAF


def test_darkened_while_it_is_away_it_gets_everything_later():
    i2c, panel = _awake()
    i2c.is_absent = True
    panel.darken()
    i2c.is_absent = False
    panel.touch(0, 8)
    _sent(panel)
    assert _rows(i2c) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_a_panel_of_32_lines():
    i2c = _FakeI2C()
    panel = SSD1306(i2c, 128, 32)
    _sent(panel)
    assert _rows(i2c) == [0, 1, 2, 3]
    assert b"\xa8\x1f" in i2c.writes[0][1] and b"\xda\x02" in i2c.writes[0][1]


def test_an_sh1106_gets_its_own_supply_and_rows_two_columns_on():
    i2c = _FakeI2C()
    panel = SSD1306(i2c, offset=2)
    _sent(panel)
    assert _rows(i2c, 2) == [0, 1, 2, 3, 4, 5, 6, 7]
    start = i2c.writes[0][1]
    assert b"\xad\x8b" in start
    assert b"\x8d" not in start and b"\x20" not in start  # it knows neither


def test_a_step_allocates_nothing():
    panel = SSD1306(_CountingI2C())
    _sent(panel)
    panel.touch(0, 64)
    micropython.heap_lock()
    try:
        while panel.step():
            pass
    finally:
        micropython.heap_unlock()
