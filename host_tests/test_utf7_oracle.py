"""Modified UTF-7 against an independent reading of RFC 3501 §5.1.3 on Python's own UTF-7 codec."""

import random
import re

import pytest

from postlamp.imap.utf7 import decode, encode

PLAIN = re.compile(r"[\x20-\x7e]+")
ALPHABET = "".join(
    map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x416, 0x4E2D, 0xFFFD, 0x1F600])
)


def _encode(name: str) -> str:
    """Printable ASCII as it is but for `&`; the rest by the codec, with its marks exchanged."""
    out, at = "", 0
    for plain in [*PLAIN.finditer(name), None]:
        shifted = name[at : plain.start() if plain else len(name)]
        if shifted:
            out += shifted.encode("utf-7").decode().replace("+", "&", 1).replace("/", ",")
        if plain:
            out += plain.group().replace("&", "&-")
            at = plain.end()
    return out


def _decode(wire: str) -> str:
    """Every `&…-` by the codec, where that is what the codec would write."""

    def text(match: re.Match[str]) -> str:
        if match.group() == "&-":
            return "&"
        try:
            found = ("+" + match[1].replace(",", "/") + "-").encode().decode("utf-7")
        except UnicodeDecodeError:
            return match.group()
        # An escape that also holds ASCII or a control character is not one
        is_sound = found and all(ord(c) >= 0xA0 and not 0xD800 <= ord(c) < 0xE000 for c in found)
        return found if is_sound and _encode(found) == match.group() else match.group()

    return re.sub("&([^&-]*)-", text, wire)


def _fit(code: int) -> bool:
    return 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or code >= 0xE000


def test_every_character_is_written_as_the_oracle_writes_it():
    for code in filter(_fit, range(0x10000)):
        name = chr(code)
        wire = encode(name)
        assert wire == _encode(name), hex(code)
        assert decode(wire.encode()) == _decode(wire) == name, hex(code)


def test_every_character_beyond_the_basic_plane_too():
    for code in range(0x10000, 0x110000, 7):
        name = "я" + chr(code) + "a"
        assert encode(name) == _encode(name), hex(code)
        assert decode(encode(name).encode()) == name, hex(code)


@pytest.mark.parametrize("seed", range(4))
def test_mixed_names_are_written_as_the_oracle_writes_them(seed: int):
    chance = random.Random(seed)
    for _ in range(1000):
        name = "".join(chance.choices(ALPHABET, k=chance.randrange(12)))
        assert encode(name) == _encode(name)
        assert decode(encode(name).encode()) == name


@pytest.mark.parametrize("seed", range(4))
def test_broken_names_are_read_as_the_oracle_reads_them(seed: int):
    chance = random.Random(seed)
    for _ in range(5000):
        wire = "".join(chance.choices("&&&---AaBEIQwgeD2d0839,+/= x", k=chance.randrange(16)))
        assert decode(wire.encode()) == _decode(wire), wire
