"""The small state: what it remembers over a reboot, how seldom it writes, and a damaged file."""

import json
import os
import sys

from postlamp import store
from postlamp.store.state import State

# each process its own: they run at the same time
PATH = "unit-test-state-" + sys.implementation.name + str(getattr(os, "getpid", int)())

DAMAGED = [
    "",
    "{",
    "[]",
    "[1, 2]",
    "null",
    "7",
    '{"work": 7}',
    '{"work": null}',
    '{"work": "x"}',
    '{"work": ["x"]}',
    '{"work": [1.5]}',
    '{"work": [true]}',
    '{"work": [[1]]}',
    '{"work": [1], "home": {}}',
    '{"work": [1]}' + " " * 2036,
    "\0" * 40,
]


def _written():
    """What is in the file, which is removed."""
    if PATH not in os.listdir():
        return None
    with open(PATH) as file:
        text = file.read()
    os.remove(PATH)
    return json.loads(text)


def _reading(text):
    with open(PATH, "w") as file:
        file.write(text)
    try:
        return State(PATH)
    finally:
        os.remove(PATH)


def test_what_was_put_is_there_after_a_reboot():
    state = State(PATH)
    assert state.get("work") is None
    state.put("work", [2**32 - 1, 5, -1, 0])
    state.put("дом", [1, None])
    assert state.get("work") == [2**32 - 1, 5, -1, 0]
    assert state.save(0) is None
    again = State(PATH)
    assert again.get("work") == [2**32 - 1, 5, -1, 0]
    assert again.get("дом") == [1, None]
    assert again.get("other") is None
    assert _written() is not None


def test_the_same_again_is_not_written():
    state = _reading('{"work": [1, 2]}')
    state.put("work", [1, 2])
    state.save(10000, True)
    assert _written() is None
    state.put("work", [1, 3])
    state.save(10000)
    assert _written() == {"work": [1, 3]}


def test_writes_are_ten_minutes_apart():
    state = State(PATH)
    state.put("work", [1])
    state.save(1000)
    assert _written() == {"work": [1]}
    state.put("work", [2])
    state.save(1599)
    assert _written() is None
    state.save(1600)
    assert _written() == {"work": [2]}
    state.save(9999)
    assert _written() is None


def test_urgent_writes_are_a_minute_apart():
    state = State(PATH)
    state.put("work", [1], True)
    state.save(1000)
    assert _written() == {"work": [1]}
    state.put("work", [2], True)
    state.put("home", [7])
    state.save(1059)
    assert _written() is None
    state.save(1060)
    assert _written() == {"work": [2], "home": [7]}


def test_before_a_restart_all_is_written_at_once():
    state = State(PATH)
    state.put("work", [1])
    state.save(1000)
    state.put("work", [2])
    state.save(1001, True)
    assert _written() == {"work": [2]}


def test_what_nobody_asks_for_any_more_is_forgotten():
    state = _reading('{"gone": [1], "work": [2], "home": [3]}')
    assert state.get("work") == [2]
    state.put("home", [4])
    state.save(0)
    assert _written() == {"work": [2], "home": [4]}


def test_a_damaged_file_is_an_empty_state():
    for text in DAMAGED:
        assert _reading(text).get("work") is None, text
    assert _reading('{"work": [1]}' + " " * 2035).get("work") == [1]


def test_no_memory_for_a_write_is_told_like_a_full_disk():
    class Saving:
        def write(self, path, state):
            raise MemoryError

    state = State(PATH)
    state.put("work", [1])
    sys.modules["postlamp.store.saving"] = store.saving = Saving()
    assert isinstance(state.save(1000), MemoryError)
    assert state.save(1600) is None
    assert _written() == {"work": [1]}


def test_a_write_that_fails_is_told_once_and_tried_again_later():
    os.mkdir(PATH)
    state = State(PATH)
    state.put("work", [1])
    assert isinstance(state.save(1000), OSError)
    assert state.save(1001) is None
    assert state.save(1600) is None
    os.rmdir(PATH)
    state.save(2199)
    assert _written() is None
    assert state.save(2200) is None
    assert _written() == {"work": [1]}
    os.mkdir(PATH)
    state.put("work", [2])
    assert isinstance(state.save(3000), OSError)
    os.rmdir(PATH)
