"""Files on flash: read up to a limit, replaced whole or not at all."""

import os
import sys

from postlamp.errors import ConfigError
from postlamp.store.files import LIMIT_BYTES, clear, is_same, load, replace
from raising import raises

# each process its own: they run at the same time
PATH = "unit-test-file-" + sys.implementation.name + str(getattr(os, "getpid", int)())


def _write(data, path=PATH):
    with open(path, "wb") as file:
        file.write(data)


def _removed(path=PATH):
    os.remove(path)
    return path not in os.listdir()


def test_a_file_is_read_up_to_the_limit():
    for size in (0, LIMIT_BYTES):
        _write(b"x" * size)
        assert load(PATH) == b"x" * size
    _write(b"x" * (LIMIT_BYTES + 1))
    assert "larger than 8192 bytes" in raises(ConfigError, load, PATH).problem
    assert _removed()


def test_a_file_that_is_not_there():
    err = raises(ConfigError, load, "no-such-file")
    assert err.where == "no-such-file" and "cannot be read" in err.problem


def test_replacing_makes_the_file_or_takes_its_place():
    for data in (b"one", b"two, and longer", b""):
        replace(PATH, data)
        assert load(PATH) == data
        assert PATH + ".new" not in os.listdir()
    assert _removed()


def test_what_cannot_be_replaced_stays_and_nothing_is_left_over():
    os.mkdir(PATH)
    raises(OSError, replace, PATH, b"secret")
    assert PATH + ".new" not in os.listdir()
    os.rmdir(PATH)


def test_what_a_power_cut_left_over_is_removed():
    clear(PATH)
    _write(b"old")
    _write(b"sec", PATH + ".new")
    clear(PATH)
    assert load(PATH) == b"old"
    assert PATH + ".new" not in os.listdir() and _removed()


def test_files_are_compared_to_the_last_byte():
    assert not is_same(PATH, b"")
    for size in (0, 1, 255, 256, 257, 700):
        data = b"x" * size
        _write(data)
        assert is_same(PATH, data)
        assert not is_same(PATH, data + b"x")
        if size:
            assert not is_same(PATH, data[:-1] + b"y")
            assert not is_same(PATH, data[:-1])
    assert _removed()
