"""What is fuzzed: each target takes any bytes and raises when a promise is broken.

hypothesis, the fuzzer and the replay of the saved corpus run the same functions.
"""

import base64 as standard_base64
import re
from collections.abc import Callable
from random import Random
from zlib import crc32

from host_tests.fuzz import grammar
from host_tests.fuzz.play import pieces, play
from postlamp.errors import ConfigError, GarbageError, ServerError
from postlamp.imap import base64, criteria, fetch, utf7
from postlamp.imap.framer import Framer
from postlamp.imap.scram import SCRAM
from postlamp.imap.values import Values
from postlamp.mail import verdict
from postlamp.mime import display, header
from showing import decode, read
from snapshots import CAUSES

_TAIL = 16  # bytes at the end of a line in which a literal's size is looked for
_LITERAL_LIMIT = 16777216
_NONCE = b"fyko+d2lbbFgONRv9qkxdawL"
_SLICES = 3  # of a password's hashing, 32 iterations each: enough for a server that asks for few

_SINGLE = (
    *("iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-9", "iso-8859-15", "windows-1250"),
    *("windows-1251", "windows-1252", "koi8-r", "koi8-u", "cp866"),
)
_MEANT = {"iso-8859-1": "windows-1252", "iso-8859-9": "windows-1254"}  # in mail
_TEXT_BYTES = 486  # of UTF-8 at the most that is kept of a field
_LEAST_BYTES = 478  # that are kept of a long one
_SHOWN = 120


def check_engine(data: bytes) -> None:
    """A script of play.py comes to the same in any pieces, some of a byte each, as when whole."""
    whole = play(data)
    seed = crc32(data)
    sizes = grammar.cuts(Random(seed), len(data)) if seed % 4 else [1]
    other = play(data, sizes)
    assert other == whole, f"whole:\n{whole}\nin pieces of {sizes}:\n{other}"


def check_framer(data: bytes) -> None:
    """Messages end where a framer that keeps everything says so, whatever the buffer and cuts."""
    buffer_bytes, data = 100 + data[0] if data else 100, data[1:]
    expected, is_too_long = _messages(data)
    framer = Framer(bytearray(buffer_bytes))
    kept = []
    sizes = grammar.cuts(Random(crc32(data)), len(data))
    try:
        for piece in pieces(data, sizes):
            framer.feed(piece, len(piece))
            while framer.next_message():
                kept.append((bytes(framer.buffer[: framer.length]), framer.is_cut))
    except GarbageError as error:
        assert is_too_long and error.args[0] == "literal too long", error
    else:
        assert not is_too_long
    assert len(kept) == len(expected), (kept, expected)
    for (start, is_cut), whole in zip(kept, expected, strict=True):
        assert is_cut or start == whole, (start, whole)


def _messages(data: bytes) -> tuple[list[bytes], bool]:
    """Every whole message as it is kept, and whether a literal over the limit follows them."""
    messages: list[bytes] = []
    message = b""
    while (end := data.find(b"\n") + 1) > 0:
        line, data = data[:end], data[end:]
        tail = line[-_TAIL:].rstrip(b"\r\n")
        literal = re.search(rb"\{(\d+)\+*\}$", tail)
        if not message and re.match(rb"\* search[ \r\n]", line, re.I):
            line, tail, literal = b"", b"* search", None
        message += line[:-_TAIL] + tail
        size = int(literal[1]) if literal else 0
        if size > _LITERAL_LIMIT:
            return messages, True
        if size > len(data):
            return messages, False
        message, data = message + data[:size], data[size:]
        if literal is None:
            messages.append(message)
            message = b""
    return messages, False


def check_items(data: bytes) -> None:
    """Values and FETCH items of any message are plain data, not larger than what was kept."""
    framer = Framer(bytearray(1024))
    data = b"* 1 FETCH " + data + b"\r\n"
    framer.feed(data, len(data))
    try:
        while framer.next_message():
            values = Values(framer, 0).read()
            assert _size(values) <= framer.length, values
            assert _size(tuple(fetch.items(framer).values())) <= framer.length
    except GarbageError:
        return


def _size(value: object) -> int:
    """Bytes of a value, U+FFFD and its like counted as one; nothing but plain data has any."""
    if isinstance(value, tuple | list):
        return sum([_size(each) for each in value])
    if isinstance(value, int):
        return len(str(value))
    assert value is None or isinstance(value, str | bytes), value
    return len(value or b"")


def check_header(data: bytes) -> None:
    """A header block gives a sender and a subject fit to show, not longer than itself."""
    fallback = _SINGLE[data[0] % len(_SINGLE)] if data else ""
    for raw in (header.sender(data), header.address(data), header.field(data, "Subject"), data):
        text = decode(raw, read, fallback)
        assert len(text) <= len(raw) and len(text.encode()) <= _TEXT_BYTES, text
        shown = display.clean(text, read, _SHOWN)
        assert shown == shown.strip() and "  " not in shown and len(shown) <= _SHOWN, shown
        assert display.clean(shown, read, _SHOWN) == shown, shown
        assert not [letter for letter in shown if letter < " " or "\x7f" <= letter < "\xa0"], shown


def check_charset(data: bytes) -> None:
    """A word in a charset, the first byte says which, is as CPython has it, as far as it goes."""
    name = _SINGLE[data[0] % len(_SINGLE)] if data else "koi8-r"
    raw = data[1:]
    word = b"=?%s?q?%s?=" % (name.encode(), b"".join(b"=%02X" % byte for byte in raw))
    expected = raw.decode(_MEANT.get(name, name), "replace").replace("\ufffd", "□")
    text = decode(word, read)
    assert expected.startswith(text), (text, expected)
    assert text == expected or len(text.encode()) >= _LEAST_BYTES, (text, expected)


def check_utf7(data: bytes) -> None:
    """Any mailbox name can be shown, and what is shown can be sent and comes back."""
    name = utf7.decode(data)
    assert not [letter for letter in name if letter < " " or "\x7f" <= letter < "\xa0"], name
    wire = utf7.encode(name)
    assert wire.isascii() and utf7.decode(wire.encode()) == name, wire


def check_base64(data: bytes) -> None:
    """Exactly what the standard library would encode is decoded."""
    found = base64.decode(data)
    try:
        expected = standard_base64.b64decode(data, validate=True)
    except ValueError:
        assert found is None, found
        return
    is_strict = standard_base64.b64encode(expected) == data
    assert found == (expected if is_strict else None), found


def check_criteria(data: bytes) -> None:
    """Criteria are refused by place and reason, or can be sent; then they are right as sent."""
    typed = data.decode(errors="replace")
    try:
        pieces = criteria.check(typed)
    except ConfigError as error:
        word, _, column = error.where.partition(" ")
        assert word == "column" and 1 <= int(column) <= len(typed) + 1, error
        assert error.problem.isprintable(), error
        return
    assert pieces and all(pieces), pieces
    for index, piece in enumerate(pieces):
        assert "\r" not in piece and "\n" not in piece and "\0" not in piece, pieces
        assert piece.isascii() == (index % 2 == 0), pieces
    if len(pieces) == 1 and len(pieces[0]) <= 400:
        assert criteria.check(pieces[0]) == pieces, pieces


def check_scram(data: bytes) -> None:
    """A server that does not know the password is not believed, and every answer is in order."""
    name = "SCRAM-SHA-1" if data[:1] == b"1" else "SCRAM-SHA-256"
    exchange = SCRAM(name, "us,er", "pencil", _NONCE)
    challenges = [b"", *data.replace(b"NONCE", _NONCE).split(b"\n")]
    try:
        for challenge in challenges[:4]:
            work = exchange.work(challenge)
            for _ in range(_SLICES):
                if next(work, work) is work:
                    break
            answer = exchange.answer
            assert answer is None or b"pencil" not in answer, answer
        exchange.verify(challenges[-1])
    except (GarbageError, ServerError):
        assert not exchange.is_satisfied
        return
    raise AssertionError(f"believed: {data!r}")


def check_verdict(data: bytes) -> None:
    """Whatever a server says when it refuses has a cause that there are words for."""
    code, _, text = data.decode(errors="replace").partition("\n")
    for otherwise in ("password", "mailbox", "bye", "command"):
        error = verdict.refusal(code, text, otherwise)
        assert error.cause in CAUSES, error.cause
        assert 0 <= error.wait_s <= 3600, error.wait_s
    verdict.is_final(code)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "engine": check_engine,
    "framer": check_framer,
    "items": check_items,
    "header": check_header,
    "charset": check_charset,
    "utf7": check_utf7,
    "base64": check_base64,
    "criteria": check_criteria,
    "scram": check_scram,
    "verdict": check_verdict,
}
