"""The packer of charsets and pairs, and that the kept file is what it makes."""

import struct
from itertools import pairwise

from postlamp.mime.words import runs
from postlamp.store import schema
from tools import charsets as packer

NAME_BYTES, ENTRY_BYTES, TABLE_BYTES, PAIR_BYTES = 11, 12, 256, 5


def _plain(name: bytes) -> bytes:
    """As it is looked for on the board."""
    run = runs(b"=?" + name + b"?q?a?=")
    return bytes(run[1 : 1 + run[0]])


def _parts() -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Names, tables and pairs of the kept file, and nothing behind them."""
    packed = (packer.ASSETS / "charsets.bin").read_bytes()
    magic, *counts = struct.unpack_from("<4s3H", packed)
    assert magic == packer.MAGIC
    at = 10
    parts = []
    for count, size in zip(counts, (ENTRY_BYTES, TABLE_BYTES, PAIR_BYTES), strict=True):
        parts.append([packed[at + n * size :][:size] for n in range(count)])
        at += count * size
    assert at == len(packed)
    return parts[0], parts[1], parts[2]


def test_the_kept_file_is_what_the_packer_makes() -> None:
    assert (packer.ASSETS / "charsets.bin").read_bytes() == packer.pack()


def test_every_name_is_plain_and_there_once_and_has_a_kind() -> None:
    names, tables, _ = _parts()
    known = [entry[:NAME_BYTES].rstrip(b"\0") for entry in names]
    assert len(set(known)) == len(known)
    for name, entry in zip(known, names, strict=True):
        assert _plain(name) == name
        assert 1 <= entry[NAME_BYTES] <= 5 or 0 <= entry[NAME_BYTES] - 128 < len(tables)


def test_every_charset_that_an_account_may_name_is_known() -> None:
    rows = {row[0]: row for row in schema.ROWS}["accounts"][3][0]
    choices, planned = {row[0]: row for row in rows}["charset"][3]
    known = {entry[:NAME_BYTES].rstrip(b"\0") for entry in _parts()[0]}
    assert {_plain(name.encode()) for name in choices} <= known | {b"utf8"}
    assert not planned


def test_every_table_has_letters_or_boxes_and_nothing_else() -> None:
    for table in _parts()[1]:
        for code in struct.unpack("<128H", table):
            assert code >= 0x80 and not 0xD800 <= code < 0xE000


def test_pairs_rise_and_the_commonest_are_there() -> None:
    pairs = _parts()[2]
    assert all(one[:3] < other[:3] for one, other in pairwise(pairs))
    found = {chr(int.from_bytes(pair[3:], "big")) for pair in pairs}
    assert set("йёїўЙЁЇЎéüñçåşţčřžĄǎẽếάίϊΐΎ") <= found
