"""Header text against CPython's email package: the same, or the row says why it is not."""

import codecs
from base64 import b64encode
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parseaddr
from pathlib import Path
from unicodedata import category, combining, normalize

import pytest
from hypothesis import configuration, given, settings
from hypothesis import strategies as st

from odd_senders import SENDERS
from odd_subjects import SUBJECTS
from showing import decode, sender, shown

# The same examples in every run, and no notes in the tree.
configuration.set_hypothesis_home_dir(Path(__file__).parents[1] / ".build" / "hypothesis")
tried = settings(derandomize=True, database=None, deadline=None, max_examples=300)


def _fit(text: str) -> str:
    """As a panel would show it, by CPython's Unicode data, with nothing left out."""
    composed = normalize("NFC", text.replace("\ufffd", "□"))
    blanks = "".join(" " if category(c) in ("Cc", "Zs") else c for c in composed)
    return " ".join(blanks.split())


def _text(raw: bytes) -> str:
    """A field by email.header: its parts in their charsets, and the rest as UTF-8."""
    parts = decode_header(raw.decode("latin-1"))
    out = ""
    for part, charset in parts:
        piece = part.encode("latin-1") if isinstance(part, str) else part
        out += piece.decode(charset or "utf-8", "replace")
    return out


def _subject(raw: bytes) -> str | None:
    """None where CPython gives up."""
    try:
        return _fit(_text(raw))
    except (HeaderParseError, LookupError):
        return None


def _sender(raw: bytes) -> str:
    """The first display name, else the comment, else the address, by both its parsers."""
    field = message_from_bytes(b"From: " + raw + b"\r\n\r\n", policy=policy.default)["from"]
    first = next(iter(field.addresses), None)
    name, address = parseaddr(raw.decode("utf-8", "replace"))
    if first:
        name, address = first.display_name or name, first.addr_spec
    return _fit(_text((name or address).encode("utf-8", "surrogateescape")))


def test_there_are_rows_enough():
    assert len(SUBJECTS) + len(SENDERS) >= 60
    for rows in (SUBJECTS, SENDERS):
        assert len({raw for raw, _, _ in rows}) == len(rows)


@pytest.mark.parametrize(("raw", "text", "why"), SUBJECTS)
def test_a_subject_is_as_cpython_reads_it_or_there_is_a_reason(raw: bytes, text: str, why: str):
    assert shown(raw) == text
    assert (_subject(raw) != text) == bool(why)


@pytest.mark.parametrize(("raw", "text", "why"), SENDERS)
def test_a_sender_is_as_cpython_reads_it_or_there_is_a_reason(raw: bytes, text: str, why: str):
    assert sender(b"From: " + raw + b"\r\n") == text
    assert (_sender(raw) != text) == bool(why)


SINGLE = {
    "iso-8859-1": 0xA0,  # below that mail means the charset of Windows
    "iso-8859-2": 0x80,
    "iso-8859-5": 0x80,
    "iso-8859-9": 0xA0,
    "iso-8859-15": 0x80,
    "windows-1250": 0x80,
    "windows-1251": 0x80,
    "windows-1252": 0x80,
    "koi8-r": 0x80,
    "koi8-u": 0x80,
    "cp866": 0x80,
}
JAMO = b"\xa4\xd4"  # begins a syllable that EUC-KR has no character for, in four
JIS_ASCII = (0xA5, 0x203E)  # in ISO-646-JP these signs have the places of two of ASCII
MULTIPLE = ("gb2312", "gbk", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis", "iso-2022-jp")


@pytest.mark.parametrize("charset", SINGLE)
def test_every_byte_of_a_charset_is_the_character_that_cpython_has(charset: str):
    for byte in range(SINGLE[charset], 256):
        raw = b"=?%s?q?a=%02Xb?=" % (charset.encode(), byte)
        assert shown(raw) == _fit(_text(raw)).replace("\xad", ""), hex(byte)
        assert shown(b"a%cb" % byte, charset) == shown(raw), hex(byte)


@pytest.mark.parametrize("charset", MULTIPLE)
def test_of_a_charset_without_a_table_each_character_is_a_box(charset: str):
    codec = codecs.lookup(charset)
    for code in [*range(0xA1, 0x3000), *range(0x3001, 0xFB00), *range(0xFF01, 0xFFE0)]:
        try:
            raw = codec.encode("a" + chr(code) + "b")[0]
        except UnicodeEncodeError:
            continue
        if code in JIS_ASCII or JAMO in raw:
            continue
        word = b"=?%s?b?%s?=" % (charset.encode(), b64encode(raw))
        assert shown(word) == "a□b", (hex(code), raw)


OTHERS = range(0x590, 0x1E00)  # scripts from Hebrew to Georgian


def _pairs() -> Iterator[str]:
    for code in range(0xC0, 0x3000):
        is_mark = combining(chr(code))
        if code not in OTHERS and not is_mark and len(normalize("NFD", chr(code))) > 1:
            yield chr(code)


def test_decomposed_letters_are_composed_as_unicode_has_it_or_lose_their_marks():
    bare = []
    for letter in _pairs():
        text = shown(b"<" + normalize("NFD", letter).encode() + b">")
        if text != "<" + normalize("NFC", letter) + ">":
            assert len(text) == 3 and normalize("NFD", text)[1] == normalize("NFD", letter)[0]
            bare.append(ord(letter))
    # polytonic Greek, and signs with a stroke: no font here has them
    assert {code >> 8 for code in bare} <= {0x1F, 0x21, 0x22, 0x2A}


TEXT = st.text(st.sampled_from('aZ09 ,.!?=_"<>()[]@:;\\éüßłżПриветїΩάé中메😀€'), max_size=40)


def _word(text: str, charset: str, is_base64: bool) -> bytes:
    raw = text.encode(charset, "replace")
    if is_base64:
        content = b64encode(raw)
    else:
        pieces = [b"%c" % byte if byte in b"aZ09,." else b"=%02X" % byte for byte in raw]
        content = b"".join(pieces)
    return b"=?%s?%s?%s?=" % (charset.encode(), b"b" if is_base64 else b"q", content)


WORDS = st.builds(_word, TEXT, st.sampled_from(["utf-8", *SINGLE]), st.booleans())
PLAIN = st.sampled_from([" ", "\t", "a", "Re: ", "=", "?", "=?", "?=", "ж", "=?x"]).map(str.encode)
BYTES = st.lists(st.binary(max_size=5) | st.sampled_from("aя中😀").map(str.encode))


@tried
@given(st.lists(st.one_of(WORDS, PLAIN), max_size=8).map(b"".join))
def test_words_and_what_is_between_them(raw: bytes):
    text = _subject(raw)
    if text is not None and len(text.encode()) < 400:
        assert shown(raw) == text


@tried
@given(BYTES.map(b"".join))
def test_broken_utf8_has_its_boxes_where_cpython_has_them(raw: bytes):
    raw = b"<" + raw.replace(b"\x1b", b"")[:150] + b">"
    assert decode(raw) == raw.decode("utf-8", "replace").replace("\ufffd", "□")


@tried
@given(TEXT, st.sampled_from(["utf-8", "koi8-u", "iso-8859-2"]), st.booleans())
def test_the_name_of_any_sender_comes_back(name: str, charset: str, is_encoded: bool):
    if is_encoded:
        name = name.encode(charset, "replace").decode(charset)
        raw = _word(name, charset, len(name) % 2 == 0)
    else:
        raw = b'"' + name.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
    expected = _fit(name) or "a@example.org"
    if "=?" not in name:
        assert sender(b"From: " + raw + b" <a@example.org>, b@example.org\r\n") == expected
