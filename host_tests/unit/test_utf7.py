"""Modified UTF-7: names as servers really list them, every code point, and broken ones."""

from postlamp.errors import MisuseError
from postlamp.imap.utf7 import decode, encode
from raising import raises

# name, on the wire
NAMES = (
    ("", b""),
    ("INBOX", b"INBOX"),
    ("a/b.c-d_e~f+g", b"a/b.c-d_e~f+g"),
    ('quoted "\\name"', b'quoted "\\name"'),
    ("&", b"&-"),
    ("R&D", b"R&-D"),
    ("&&-&", b"&-&--&-"),
    ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501 §5.1.3
    ("Hi Mom ☺!", b"Hi Mom &Jjo-!"),
    ("Входящие", b"&BBIERQQ+BDQETwRJBDgENQ-"),
    ("Gesendete Objekte ü", b"Gesendete Objekte &APw-"),
    ("ż&ó", b"&AXw-&-&APM-"),
    ("é-é", b"&AOk--&AOk-"),
    ("😀", b"&2D3eAA-"),
    ("a😀ż", b"a&2D3eAAF8-"),
    ("\U00010000\U0010ffff", b"&2ADcANv,3,8-"),
    ("\ud7ff\ue000\uffff", b"&1,,gAP,,-"),
    ("\xa0", b"&AKA-"),
)
# Shown as they stand, or (after a comma) with what can be decoded beside it
BROKEN = (
    (b"&", "&"),
    (b"a&", "a&"),
    (b"&BBI", "&BBI"),  # not ended
    (b"&BBI&", "&BBI&"),
    (b"&BBI&BBI-", "&BBIВ"),
    (b"&&-", "&&"),
    (b"a-b&c", "a-b&c"),
    (b"&A-", "&A-"),
    (b"&AB-", "&AB-"),
    (b"&ABC-", "&ABC-"),  # bits left over
    (b"&BBIE-", "&BBIE-"),  # half a character
    (b"&BBIERQ+-x", "&BBIERQ+-x"),
    (b"&BBI=-", "&BBI=-"),
    (b"&U/BTFw-", "&U/BTFw-"),  # "/" is "," here
    (b"&BB I-", "&BB I-"),
    (b"&!!!-", "&!!!-"),
    (b"&AGE-", "&AGE-"),  # "a" hidden: would pass for another mailbox
    (b"&AEkATgBCAE8AWA-", "&AEkATgBCAE8AWA-"),
    (b"&AAo-", "&AAo-"),  # controls hidden
    (b"&AJs-", "&AJs-"),
    (b"&2D0-", "&2D0-"),  # half a surrogate pair
    (b"&3gA-", "&3gA-"),
    (b"&3gDYPQ-", "&3gDYPQ-"),
    (b"&2D3YPd4A-", "&2D3YPd4A-"),
    (b"&2D0AYQ-", "&2D0AYQ-"),
    (b"&BBI-&BBI-", "ВВ"),  # would be one piece, but says what it means
    (b"&-&BBI-&AGE-&BBI-", "&В&AGE-В"),
    ("Входящие".encode(), "Входящие"),
    ("ż".encode() + b"&BBI-", "żВ"),
    (b"caf\xe9&BBI-", "caf\ufffdВ"),
    (b"&caf\xe9-", "&caf\ufffd-"),
    (b"a\x1b[2J\x7f", "a\ufffd[2J\ufffd"),
    ("\x9b".encode(), "\ufffd"),
)


def _character(code: int) -> bytes:
    """In UTF-8, without chr(), which MicroPython keeps for ever."""
    if code < 0x80:
        return bytes([code])
    tail = bytes([0x80 | code >> shift & 0x3F for shift in (12, 6, 0)])
    if code < 0x800:
        return bytes([0xC0 | code >> 6]) + tail[2:]
    if code < 0x10000:
        return bytes([0xE0 | code >> 12]) + tail[1:]
    return bytes([0xF0 | code >> 18]) + tail


def _is_fit(code: int) -> bool:
    return not (code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000)


def test_names_both_ways():
    for name, wire in NAMES:
        assert encode(name) == wire.decode(), name
        assert decode(wire) == name, name


def test_broken_names_are_shown_as_they_stand():
    for wire, shown in BROKEN:
        assert decode(wire) == shown, (wire, decode(wire))


def test_every_character_alone_and_among_others_comes_back():
    # Every seventh of 0-0xFFFF, and a step through the planes beyond; the oracle takes all
    for start in range(0, 0x10000, 448):
        codes = range(start, min(start + 448, 0x10000), 7)
        fit = [_character(code) for code in codes if _is_fit(code)]
        name = b"a".join(fit).decode() + b"".join(fit).decode()
        assert decode(encode(name).encode()) == name, start
    for code in range(0x10000, 0x110000, 0x1F37):
        name = (b"x" + _character(code) + b"a" + _character(code) * 2).decode()
        assert decode(encode(name).encode()) == name, code


def test_control_characters_and_lone_surrogates_are_refused():
    for code in list(range(32)) + list(range(127, 160)) + [0xD800, 0xDBFF, 0xDC00, 0xDFFF]:
        raises(MisuseError, encode, "a" + chr(code))
    for code in (32, 126, 160):
        encode(chr(code))


def test_any_cut_of_any_name_decodes_without_an_error():
    for _, wire in NAMES + tuple((shown, wire) for wire, shown in BROKEN):
        for stop in range(len(wire)):
            for start in range(stop):
                assert decode(wire[start:stop])


def test_any_byte_in_any_place_decodes_to_what_can_be_shown():
    for wire in (b"a&2D3eAAF8-b", b"&BBI-&-"):
        for place in range(len(wire)):
            for byte in range(256):
                text = decode(wire[:place] + bytes([byte]) + wire[place + 1 :])
                codes = [ord(text[index : index + 1]) for index in range(len(text))]
                assert all(_is_fit(code) for code in codes), (place, byte)


def test_a_long_hostile_name_takes_one_pass():
    assert decode(b"&" * 5000) == "&" * 5000
    assert decode(b"&" * 5000 + b"-") == "&" * 5000
    assert decode(b"&A-" * 2000) == "&A-" * 2000
    assert decode(b"&" + b"A" * 6000 + b"-").startswith("&AAAA")
