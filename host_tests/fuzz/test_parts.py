"""Any bytes, for every part that reads what a server, a mail or a person wrote.

The budget is fixed and the examples are the same in every run; `make fuzz` looks further.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from host_tests.fuzz import grammar
from host_tests.fuzz.targets import TARGETS
from host_tests.fuzz.vocabulary import WORDS

RANDOM = some.randoms(use_true_random=False)


@settings(max_examples=500)
@given(RANDOM, some.integers(0, 3))
def test_events_do_not_depend_on_the_cuts(random: Random, mistakes: int):
    script = grammar.script(random)
    for _ in range(mistakes):
        script = grammar.spoil(random, script)
    TARGETS["engine"](script)


@pytest.mark.parametrize("name", TARGETS)
def test_words_in_any_order_break_no_promise(name: str):
    word = some.sampled_from(WORDS[name]) | some.binary(max_size=4)

    @settings(max_examples=500)
    @given(some.lists(word, max_size=30).map(b"".join))
    def check(data: bytes) -> None:
        TARGETS[name](data)

    check()


@settings(max_examples=500)
@given(
    some.sampled_from((b"utf-8", b"iso-8859-1*en", b"koi8-r")),
    some.sampled_from(b"qB"),
    some.lists(some.sampled_from(b"=-+_AD0\xff"), max_size=9).map(bytes),
)
def test_encoded_words_of_any_content_can_be_shown(charset: bytes, encoding: int, content: bytes):
    TARGETS["header"](b"Subject: =?%s?%c?%s?= x\r\n" % (charset, encoding, content))
