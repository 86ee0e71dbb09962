"""MicroPython's images: whole ones are read, and no damaged one is taken for whole."""

from __future__ import annotations

import pytest

from host_tests.support import madeup
from tools import imagefile
from tools.imagefile import CHIPS, ImageError

MIB = 1 << 20


@pytest.mark.parametrize("chip", CHIPS)
def test_an_image_tells_its_chip_its_version_and_its_place(chip: str):
    image = imagefile.read(madeup.image(chip, version="v1.28.0"))
    assert (image.chip, image.version) == (chip, "v1.28.0")
    assert image.offset == (0x1000 if chip in ("ESP32", "ESP32-S2") else 0)
    assert [partition.label for partition in image.partitions] == ["nvs", "phy_init", "factory"]


def test_the_file_system_is_where_the_table_says():
    image = imagefile.read(madeup.image(rows=madeup.WITH_VFS))
    for size in (4, 8):
        found = image.file_system(size * MIB)
        assert (found.offset, found.size) == (0x200000, 0x200000)


@pytest.mark.parametrize("size", [4, 8, 16])
def test_without_a_vfs_the_file_system_is_all_behind_the_application(size: int):
    image = imagefile.read(madeup.image())
    found = image.file_system(size * MIB)
    assert (found.offset, found.end) == (0x200000, size * MIB)


def test_a_file_system_for_tinyuf2_is_refused():
    rows = (*madeup.WITHOUT_VFS, ("ffat", 1, 0x81, 0x200000, 0x200000))
    with pytest.raises(ImageError, match=r"no partition `vfs`.*TinyUF2"):
        imagefile.read(madeup.image(rows=rows)).file_system(4 * MIB)


@pytest.mark.parametrize("rows", [madeup.WITH_VFS, madeup.WITHOUT_VFS])
def test_an_image_larger_than_the_flash_is_refused(rows: tuple[madeup.Row, ...]):
    image = imagefile.read(madeup.image(rows=rows))
    with pytest.raises(ImageError, match=r"the board has 2 MiB.*no room"):
        image.file_system(2 * MIB)


def test_a_table_that_ends_beyond_the_flash_is_refused():
    rows = (*madeup.WITH_VFS, ("more", 1, 0x81, 0x400000, 0x1000))
    with pytest.raises(ImageError, match="wants 4 MiB"):
        imagefile.read(madeup.image(rows=rows)).file_system(4 * MIB)


@pytest.mark.parametrize("chip", ["ESP32", "ESP32-S3"])
def test_a_flipped_bit_is_found_wherever_anything_is(chip: str):
    whole = madeup.image(chip, application=3000)
    offset = CHIPS[chip][1]
    places = [*range(0, 4050, 61), *range(0x8000 - offset, 0x8080 - offset, 5)]
    for at in [*places, *range(0x10000 - offset, len(whole), 61), len(whole) - 1]:
        changed = bytearray(whole)
        changed[at] ^= 0x10
        with pytest.raises(ImageError):
            imagefile.read(bytes(changed))


def test_without_a_digest_the_checksum_finds_it():
    whole = madeup.image(has_digest=False, application=3000)
    assert imagefile.read(whole)
    changed = bytearray(whole)
    changed[-200] ^= 1
    with pytest.raises(ImageError, match="its application is cut short or changed"):
        imagefile.read(bytes(changed))


def test_an_image_cut_short_anywhere_is_found():
    whole = madeup.image(application=3000)
    for size in [*range(0, len(whole), 509), len(whole) - 1]:
        with pytest.raises(ImageError):
            imagefile.read(whole[:size])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found</html>" * 9, "no image for an ESP32"),
        (b"\x7fELF" + bytes(99), "take the .bin"),
        (madeup.program(99, b"x" * 64), "does not know"),
        (madeup.program(9, b"x" * 64), "no partition table"),
        (madeup.image(rows=(madeup.NVS,)), "names no application"),
    ],
)
def test_what_is_no_image_is_told_as_what_it_is(content: bytes, words: str):
    with pytest.raises(ImageError, match=words):
        imagefile.read(content)


def test_an_application_larger_than_its_partition_is_found():
    rows = (("factory", 0, 0, 0x10000, 0x1000),)
    with pytest.raises(ImageError, match="larger than the partition"):
        imagefile.read(madeup.image(rows=rows))
