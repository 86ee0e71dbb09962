"""Charsets: with the tables and without them, damaged ones, and how much is decoded at most."""

from postlamp.mime import charsets
from postlamp.mime.words import runs
from showing import decode, read

LIMIT = 484  # bytes of UTF-8


def text_of(raw, name, read_at=read):
    run = bytes([len(name)]) + name + len(raw).to_bytes(2, "big") + raw
    return charsets.text(bytearray(run), read_at)


def test_names_are_compared_without_case_signs_and_language():
    for name in (b"ISO-8859-1", b"iso_8859-1", b"ISO8859-1*de", b"iso-8859-1*", b"\xe9ISO:88591"):
        assert runs(b"=?" + name + b"?q?a?=") == b"\x08iso88591\0\x01a"
    assert runs(b"=?*de?q?a?=") == b"\0\0\x01a"
    for size, kept in ((15, 15), (16, 15), (300, 15)):
        name = b"x" * size
        assert runs(b"=?" + name + b"?q?a?=") == b"\x0f" + b"x" * kept + b"\0\x01a"


def test_runs_are_told_with_their_names_and_lengths():
    assert runs(b"") == b""
    assert runs(b"a =?utf-8?q?b?= =?utf8?b?Yw==?= d") == b"\0\0\x02a \x04utf8\0\x02bc\0\x80\x02 d"
    assert runs(b"=?x?q?a?= =?y?q?b?=") == b"\x01x\0\x01a\x01y\0\x01b"
    assert runs(b"=?x?q?cut") == b"\x01x\x80\x03cut"
    assert runs(b"x" * 400 + b" =?x?q?a?=")[:3] == b"\0\x01\x91"


def test_a_name_is_found_only_whole():
    for name in (b"koi8", b"koi8r", b"koi8u", b"cp866", b"latin2"):
        assert text_of(b"\xc1", name) != "□", name
    for name in (b"koi", b"koi8rr", b"oi8r", b"iso8859", b"1251", b"x"):
        assert text_of(b"\xc1\xc2", name) == "□□", name


def test_latin_1_needs_no_table_and_the_others_show_boxes_without():
    for missing in (None, lambda at, size: b""):
        assert text_of(b"caf\xe9", b"iso88591", missing) == "café"
        assert text_of(b"a\xf0\xf1", b"koi8r", missing) == "a□□"
        assert text_of(b"\xd0\x9f", b"utf8", missing) == "П"


def test_a_file_that_is_cut_or_another_is_as_none():
    whole = read(0, 9999)
    names = 10 + 12 * (whole[4] | whole[5] << 8)
    for size in (0, 3, 9, names - 1, names + 255):
        cut = whole[:size]
        assert text_of(b"\xe9", b"iso88591", lambda at, n, cut=cut: cut[at : at + n]) == "é", size
    assert text_of(b"\x80", b"windows1252", lambda at, n: whole[: names + 256][at : at + n]) == "€"
    for other in (b"PLC2" + whole[4:], b"\xff" * 9999, b"PLC1" + b"\xff" * 9999):
        assert text_of(b"a\xe9", b"windows1252", lambda at, n, o=other: o[at : at + n]) == "a□"


def test_484_bytes_are_decoded_and_no_more():
    for size in (LIMIT - 1, LIMIT, LIMIT + 1, 10240):
        assert len(decode(b"x" * size)) == min(size, LIMIT)
        assert len(decode(b"=?utf-8?q?" + b"x" * size + b"?=")) == min(size, LIMIT)
        assert len(decode(b"=?utf-8?b?" + b"AAAA" * size + b"?=")) == min(3 * size, LIMIT)
        words = b"=?utf-8?q?a?= " * size
        assert decode(words) == "a" * min(size, LIMIT) + (" " if size < LIMIT else "")
    for name in (b"iso-8859-5", b"gb2312", b"x"):
        text = decode(b"=?%s?q?=C1=C1?=" % name * 200, read)
        assert LIMIT - 4 < len(text.encode()) < LIMIT + 4, (name, text)
        # runs have names and lengths, so there is less of many
        text = decode(b"=?%s?q?=C1=C1?= , " % name * 200, read)
        assert 110 < len(text) and len(text.encode()) < LIMIT + 4, (name, text)
    assert decode(b"=?iso-2022-jp?q?=1B$BAA?= " * 200, read) == "□" * 97  # as do escapes


def test_of_what_is_cut_at_the_limit_no_half_character_is_seen():
    for before in range(4):
        word = b"=?utf-8?q?" + b"x" * before + b"=F0=9F=98=80" * 200 + b"?="
        for raw in (word, b"x" * before + "😀".encode() * 200):
            assert decode(raw).replace("😀", "") == "x" * before, before


def test_raw_text_is_utf8_or_else_of_the_fallback():
    for raw, fallback, text in (
        (b"caf\xe9 noir", "", "caf□ noir"),
        (b"caf\xe9 noir", "windows-1252", "café noir"),
        (b"caf\xe9", "iso-8859-1", "café"),
        (b"\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r", "Привет"),
        (b"\x8f\xe0\xa8", "cp866", "При"),
        ("Привет".encode(), "koi8-r", "Привет"),
        ("Привет".encode()[:-1], "koi8-r", "Приве"),
        (b"\xe9 =?utf-8?q?=D0=9F?= \xe8", "windows-1252", "é П è"),
        (b"=?us-ascii?q?=E9?=", "windows-1252", "é"),
        (b"=?utf-8?q?=E9?=", "windows-1252", "□"),
        (b"\xd6\xd0\xce\xc4", "gb2312", "□□"),
        (b"a\xe9b", "no-such", "a□b"),
    ):
        assert decode(raw, read, fallback) == text, (raw, decode(raw, read, fallback))


def test_a_character_that_ends_early_is_one_box():
    for name, raw in (
        (b"gb2312", b"\xd6"),
        (b"gb18030", b"\x81\x30\x81"),
        (b"eucjp", b"\x8f\xb0"),
        (b"shiftjis", b"\x81"),
        (b"iso2022jp", b"\x1b$B$"),
    ):
        assert text_of(raw, name) == "□", name
    for raw in (b"\x1b", b"\x1b$", b"\x1b$B", b"\x1b$)C", b"\x0e", b"\x0f", b"\x1b$B\x1b(B"):
        assert text_of(raw, b"iso2022jp") == "", raw
    assert text_of(b"\x1b$)C\x0e0!0\x22\x0f ok", b"iso2022kr") == "□□ ok"
    assert text_of(b"\xd6 a", b"gb2312") == "□ a"  # a blank is no second byte
