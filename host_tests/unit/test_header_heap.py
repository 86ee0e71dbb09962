"""What a header costs: sender and subject of any block within 4 KiB of heap, all else taken."""

import gc

from micropython import const

from odd_senders import SENDERS
from odd_subjects import SUBJECTS
from postlamp.mime import charsets, header
from postlamp.mime.display import clean
from postlamp.mime.words import runs
from raising import raises

NEEDS = "unix"

_LIMIT_BYTES = const(4096)
_SHOWN = const(120)
_BLOCK_BYTES = const(1024)  # what the engine keeps of a header

with open("firmware/assets/charsets.bin", "rb") as _file:
    _TABLES = _file.read()  # on the board a file, of which only pieces are in memory

# Each fills a block: what is longest as text, as words, as charsets, as nothing to see.
_PIECES = (
    b"x",
    b"a ",
    "я".encode(),
    "😀".encode(),
    "e\u0301".encode(),
    "\u200b".encode(),
    b"\xff",
    b"\\(",
    b'"',
    b"=?utf-8?q?a?= ",
    b"=?utf-8?q?a?= b ",
    b"=?koi8-r?b?8NLJ18XU?= ",
    b"=?koi8-r?b?8NLJ18XU?= =?utf-8?q?a?= ",
    b"=?iso-2022-jp?q?=1B$BAA?= ",
    b"=?big5?b?t3zEsw==?=",
    b"=?utf-8?q?" + b"=D0=9F" * 200,
    b"=?windows-1251?b?" + b"z/Do" * 300,
    b"a\r\n ",
    "я\n ".encode(),
)


def read(at, size):
    return _TABLES[at : at + size]


def show(block, fallback="koi8-r"):
    """As mail/newest.py does it."""
    fields = [header.field(block, "subject"), header.sender(block), header.address(block)]
    name = _shown(fields, 1, fallback) or _shown(fields, 2, fallback)
    return name, _shown(fields, 0, fallback)


def _shown(fields, index, fallback):
    taken = runs(fields[index])
    fields[index] = b""
    text = charsets.text(taken, read, fallback)
    del taken
    return clean(text, read, _SHOWN)


def show_without_fallback(block):
    return show(block, "")


def in_a_hole(size, work, given):
    """work(given) where all memory is taken but one piece of `size` bytes."""
    hole = bytearray(size)
    gc.collect()
    taken = None
    piece = 1 << 16
    while piece:
        try:
            taken = (taken, bytearray(piece) if piece > 16 else None)
        except MemoryError:
            piece >>= 1
    del hole
    try:
        return work(given)
    finally:
        taken = None
        gc.collect()


def test_the_hole_holds_what_fits_and_no_more():
    assert len(in_a_hole(_LIMIT_BYTES, bytearray, _LIMIT_BYTES - 64)) == _LIMIT_BYTES - 64
    raises(MemoryError, in_a_hole, _LIMIT_BYTES, bytearray, _LIMIT_BYTES + 32)


def test_every_odd_header_is_decoded_in_4_kib():
    for rows, name in ((SENDERS, b"From: "), (SUBJECTS, b"Subject: ")):
        for raw, text, _ in rows:
            block = name + raw + b"\r\n\r\n"
            assert text in in_a_hole(_LIMIT_BYTES, show_without_fallback, block), raw


def test_the_longest_headers_are_decoded_in_4_kib():
    for piece in _PIECES:
        long = piece * (_BLOCK_BYTES // len(piece) + 1)
        both = b"From: " + long[:500] + b"\r\nSubject: " + long
        for block in (b"From: " + long, b"Subject: " + long, both):
            for text in in_a_hole(_LIMIT_BYTES, show, block[:_BLOCK_BYTES]):
                assert len(text) <= _SHOWN, (piece, text)


def test_a_header_leaves_nothing_in_memory_but_its_text():
    block = b"From: \xd6\xff <a@b>\r\nSubject: =?koi8-r?q?" + bytes(range(192, 250)) + b"?="
    show(b"From: warm up\r\n")
    gc.collect()
    before = gc.mem_alloc()
    show(block)
    gc.collect()
    assert gc.mem_alloc() - before < 64
