"""The words of every language: the same keys, all of them used, none too long for its place."""

import json
import sys

from postlamp.app import pages, states
from postlamp.app.words import Words
from snapshots import CAUSES, everything

_FOLDER = [path for path in sys.path if path.endswith("firmware")][0] + "/assets/words/"
_LANGUAGES = ("en", "ru")
_BODY = 21  # columns of 6x13
_FOOT = 25  # columns of 5x8
_BESIDE_TWO_DIGITS = 19
_BESIDE_THREE_DIGITS = 17  # "99+"


class _RecordingWords:
    """Words that remember which keys were asked for."""

    def __init__(self):
        self.asked = set()

    def say(self, key, **values):
        self.asked.add(key)
        return key


def _path(language):
    return _FOLDER + language + ".json"


def _all_words(language):
    with open(_path(language), "rb") as file:
        return json.loads(file.read())


def _longest(text):
    """The text with its slots filled by the longest that is usual."""
    age = "59 мин" if "назад" in text or "ерез" in text else "59 min"
    return text.format(n=59, age=age, clock="23:59", account="work", name="home")


def _fits(key, text, columns, language):
    length = len(_longest(text))
    assert length <= columns, f"{language} {key}: {length} > {columns}"


def test_every_language_has_the_same_keys():
    english = sorted(_all_words("en"))
    for language in _LANGUAGES:
        assert sorted(_all_words(language)) == english, language


def test_every_key_is_used_and_every_used_key_exists():
    words = _RecordingWords()
    for snapshot in everything():
        pages.compose(snapshot, words)
    # These stand behind a text that did not fit, which a recorder cannot know.
    words.asked.add("retry.short")
    assert sorted(words.asked) == sorted(_all_words("en"))


def test_both_languages_fill_the_same_slots():
    english = _all_words("en")
    russian = _all_words("ru")
    for key in english:
        for slot in ("{n}", "{age}", "{clock}", "{account}", "{name}"):
            assert (slot in english[key]) == (slot in russian[key]), key


def test_each_text_is_found_on_flash_as_it_stands_in_the_file():
    for language in _LANGUAGES:
        words = Words(_path(language))
        known = _all_words(language)
        for key in known:
            assert words.say(key) == known[key], key


def test_slots_are_filled():
    words = Words(_path("en"))
    assert words.say("was.at", n=3, clock="13:52") == "was 3 at 13:52"
    assert words.say("cause.wifi.named", name="home") == 'Wi-Fi "home" is gone'


def test_an_unknown_key_comes_back_as_it_is():
    assert Words(_path("ru")).say("no.such.key") == "no.such.key"


def test_a_language_that_is_not_there_is_an_error():
    try:
        Words(_path("xx"))
    except OSError:
        return
    raise AssertionError("loaded")


def test_few_words_are_kept_in_memory():
    words = Words(_path("en"))
    for key in _all_words("en"):
        words.say(key)
        assert len(words._cache) <= 12


def test_a_line_is_never_longer_than_what_is_read_of_it():
    for language in _LANGUAGES:
        with open(_path(language), "rb") as file:
            for line in file.read().split(b"\n"):
                assert len(line) < 200


def test_body_lines_fit():
    for language in _LANGUAGES:
        known = _all_words(language)
        for key in (
            "nothing",
            "retry.short",
            "retry.now",
            "no_sender",
            "no_subject",
            "starting",
            "connecting",
            "not_set_up",
            "not_set_up.1",
            "not_set_up.2",
            "service.1",
            "service.2",
            "safe.1",
            "safe.2",
        ):
            _fits(key, known[key], _BODY, language)
        for cause in CAUSES:
            if cause != "config":
                _fits(cause, known["cause." + cause + ".title"], _BODY, language)
            _fits(cause, known["cause." + cause + ".hint"], _BODY, language)


def test_whole_width_lines_fit():
    for language in _LANGUAGES:
        known = _all_words(language)
        for key in (
            "needs_you",
            "refused",
            "account",
            "starting.act",
            "connecting.act",
            "not_set_up.act",
            "service",
            "service.act",
            "safe",
            "safe.act",
            "cause.config.title",
        ):
            _fits(key, known[key], _FOOT, language)
        for cause in CAUSES:
            _fits(cause, known["cause." + cause + ".act"], _FOOT, language)


def test_a_foot_fits_beside_the_clock():
    for language in _LANGUAGES:
        known = _all_words(language)
        # Zero is counted every 5 minutes, so an honest age has one digit.
        age = known["age.min"].format(n=9)
        assert len(known["checked"].format(age=age)) + 5 <= _FOOT, language
        assert len(known["unchecked"]) + 6 <= _FOOT, language
        assert len(known["new.press"]) + 6 <= _FOOT, language
        assert len(known["new"].format(account="work") + known["new.of"].format(n=12)) < _FOOT


def test_head_lines_fit_beside_the_digits():
    for language in _LANGUAGES:
        known = _all_words(language)
        for key in ("was", "was.at"):
            _fits(key, known[key], _BESIDE_TWO_DIGITS, language)
        for key in ("unread", "newest", "changed"):
            _fits(key, known[key], _BESIDE_THREE_DIGITS, language)
        _fits("unknown", known["unknown"], _BODY, language)
        for cause in CAUSES:
            if states.state_of(cause) == "not_sure":
                _fits(cause, known["cause." + cause + ".hint"], _BESIDE_THREE_DIGITS, language)


def test_no_words_promise_what_is_not_built():
    for language in _LANGUAGES:
        for key, text in _all_words(language).items():
            assert "USB:" not in text, language + " " + key  # no command is understood there yet
