"""The font packer, on a PCF font of two glyphs made here; and the packed files as kept."""

import gzip
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from tools import build, fonts
from tools.cli import main

ASSETS = build.FIRMWARE / "assets"


def _table(kind: int, form: int, body: bytes, offset: int) -> tuple[bytes, bytes]:
    data = struct.pack("<I", form) + body
    return struct.pack("<4I", kind, form, len(data), offset), data


def _pcf(codes: dict[int, tuple[int, int, list[int]]]) -> bytes:
    """A big-endian PCF font: code point -> left bearing, ascent, rows of one byte."""
    order = sorted(codes)
    metrics = struct.pack(">H", len(order))
    bits, starts = b"", []
    for code in order:
        left, ascent, rows = codes[code]
        metrics += bytes((left + 128, 133, 133, ascent + 128, len(rows) - ascent + 128))
        starts.append(len(bits))
        bits += b"".join(bytes((row, 0, 0, 0)) for row in rows)
    bitmaps = struct.pack(f">I{len(order)}I4I", len(order), *starts, 0, 0, 0, len(bits)) + bits
    last = max(code >> 8 for code in order)
    encodings = struct.pack(">5h", 0, 255, 0, last, 0)
    for code in range((last + 1) << 8):
        encodings += struct.pack(">H", order.index(code) if code in codes else 0xFFFF)
    offset = 8 + 3 * 16
    rows_of_four, big_endian, compressed = 2, 4 | 8, 0x100
    entries, data = b"", b""
    for kind, form, body in (
        (4, big_endian | compressed, metrics),
        (8, big_endian | rows_of_four, bitmaps),
        (32, big_endian, encodings),
    ):
        entry, table = _table(kind, form, body, offset + len(data))
        entries += entry
        data += table
    return b"\x01fcp" + struct.pack("<I", 3) + entries + data


def test_rows_are_put_where_bearing_and_ascent_say() -> None:
    pcf = fonts.PCF(_pcf({0x41: (0, 3, [0x80, 0x40, 0x20]), 0x416: (1, 2, [0xC0, 0xC0, 0x80])}))
    assert sorted(pcf.codes) == [0x41, 0x416]
    assert pcf.rows(0x41, 8, 7) == bytes((0, 0, 0, 0, 0x80, 0x40, 0x20, 0))
    assert pcf.rows(0x416, 8, 7) == bytes((0, 0, 0, 0, 0, 0x60, 0x60, 0x40))


def test_what_is_no_font_is_refused() -> None:
    with pytest.raises(ValueError, match="not a PCF font"):
        fonts.PCF(b"STARTFONT 2.1")


def test_a_packed_font_holds_what_was_found_and_what_was_drawn(tmp_path: Path) -> None:
    pcf = _pcf({0x41: (0, 1, [0x80]), 0x43: (0, 1, [0x40]), 0x416: (0, 1, [0x20])})
    (tmp_path / "5x8.pcf.gz").write_bytes(gzip.compress(pcf))
    packed = fonts.pack("5x8", 5, 8, 7, tmp_path)
    assert packed[:5] == b"PF\x01\x05\x08"
    glyphs = _read(packed)
    assert set(glyphs) == {0x41, 0x42, 0x43, 0x416, *fonts.DRAWN["5x8"]}
    assert glyphs[0x41] == bytes((0, 0, 0, 0, 0, 0, 0x80, 0))
    box = packed[7 + 6 * packed[5] :][:8]
    assert glyphs[0x42] == box != glyphs[0x43]  # a gap of one is filled, not a range of its own


@pytest.mark.parametrize(("name", "height"), [("5x8", 8), ("6x13", 13)])
def test_the_kept_fonts_are_whole_and_sorted(name: str, height: int) -> None:
    packed = (ASSETS / f"font{name}.bin").read_bytes()
    glyphs = _read(packed)
    assert list(glyphs) == sorted(glyphs)
    assert len(packed) == 7 + 6 * packed[5] + (len(glyphs) + 1) * height
    for char in "Aя€₴₽…→Ω":
        assert any(glyphs[ord(char)]), char


def _run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["fonts", *map(str, words)])
    return result.exit_code, result.output


def test_the_command_packs_both_fonts(tmp_path: Path) -> None:
    pcf = gzip.compress(_pcf({0x41: (0, 1, [0x80])}))
    for name in ("5x8", "6x13"):
        (tmp_path / f"{name}.pcf.gz").write_bytes(pcf)
    code, said = _run(tmp_path, "--source", tmp_path)
    assert code == 0 and "font5x8.bin" in said and "font6x13.bin" in said
    assert 0x41 in _read((tmp_path / "font6x13.bin").read_bytes())


def test_the_command_names_a_font_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    code, said = _run(tmp_path, "--source", tmp_path)
    assert code == 1 and "5x8.pcf.gz" in said
    (tmp_path / "5x8.pcf.gz").write_bytes(gzip.compress(b"STARTFONT 2.1"))
    assert "not a PCF font" in _run(tmp_path, "--source", tmp_path)[1]


def _read(packed: bytes) -> dict[int, bytes]:
    """Every glyph of a packed font by its code point."""
    height, count = packed[4], int.from_bytes(packed[5:7], "little")
    start = 7 + 6 * count
    glyphs = {}
    for number in range(count):
        first, last, index = struct.unpack_from("<3H", packed, 7 + 6 * number)
        for code in range(first, last + 1):
            at = start + (index + code - first) * height
            glyphs[code] = packed[at : at + height]
    return glyphs
