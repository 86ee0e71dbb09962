"""Short names for what modules share: what may be shortened, and what somebody else knows."""

from __future__ import annotations

import re

from tools import build, names

_ONE = """
import socket
LIMIT_BYTES = 7
class Meter:
    def __init__(self, gauge_bytes):
        self.gauge_bytes = gauge_bytes
        self.colour = 1
        self.started = 2
        self.weight = 3
    def measured(self, connect_ms, named=1):
        return socket.socket().readinto(connect_ms) + self.weight
    def send(self):
        return self.colour
    def table_of(self):
        return getattr(self, "table_of")
"""
_TWO = """
from postlamp.one import Meter, LIMIT_BYTES
print(Meter(gauge_bytes=LIMIT_BYTES).measured(1, named=2), "the colour")
"""


def _shared() -> dict[str, str]:
    return names.shared_names(
        {"postlamp.one": _ONE, "postlamp.two": _TWO}, "started()", {"chip": "weight = 1"}
    )


def test_what_only_we_name_is_shortened_everywhere_alike() -> None:
    assert set(_shared()) == {"LIMIT_BYTES", "measured", "connect_ms"}
    assert len(set(_shared().values())) == 3


def test_what_others_know_is_left_alone() -> None:
    kept = {
        "Meter": "a class, which logs tell",
        "gauge_bytes": "a keyword of a call",
        "named": "another",
        "colour": "a word in a text",
        "table_of": "asked for by a text",
        "started": "used by main.py",
        "weight": "a name of the chip",
        "send": "a name of sockets",
        "readinto": "not even ours",
    }
    assert not set(kept) & set(_shared())


def test_a_docstring_and_an_annotation_keep_no_name() -> None:
    text = 'def measured(depth: "measured") -> "depth":\n    """A depth is measured."""\n'
    assert set(names.shared_names({"one": text}, "", {})) == {"measured", "depth"}


def test_no_short_name_is_used_already() -> None:
    texts = [path.read_text() for path in build.FIRMWARE.rglob("*.py")]
    used = set(re.findall(r"\w+", "".join(texts)))
    shared = build.ours().shared
    assert len(shared) > 150
    assert not set(shared) & used


def test_a_board_s_words_get_their_names_back() -> None:
    back = build.ours().shared
    short = next(short for short, name in back.items() if name == "until_ready")
    frame = f'  File "mail", line 1, in {short}'
    assert build.readable(frame).endswith(", in until_ready")
    said = f"AttributeError: 'Meter' object has no attribute '{short}'"
    assert build.readable(said).endswith("'until_ready'")
    assert build.readable(f"W (1) link: {short}") == f"W (1) link: {short}"
