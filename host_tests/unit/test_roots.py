"""The store of roots: where the root of a name stands."""

import os
import sys
from hashlib import sha256

from postlamp.errors import ConfigError
from postlamp.net import roots
from raising import raises

PATH = "unit-test-roots-" + sys.implementation.name + str(getattr(os, "getpid", int)())


def key(name):
    return sha256(name).digest()


def written(*entries):
    """A store of (key, certificate)."""
    ordered = sorted(entries)
    at = 6 + 14 * len(ordered)
    index = b"PLR1" + len(ordered).to_bytes(2, "big")
    for one, content in ordered:
        index += one[:8] + at.to_bytes(4, "big") + len(content).to_bytes(2, "big")
        at += len(content)
    with open(PATH, "wb") as file:
        file.write(index + b"".join(content for _, content in ordered))
    return PATH


def found(path, *keys):
    try:
        return [roots.read(path, place) for place in roots.find(path, list(keys))]
    finally:
        os.remove(path)


def test_each_root_is_found_and_no_other():
    names = [b"root %d" % number for number in range(9)]
    for count in range(10):
        entries = [(key(name), b"der of " + name) for name in names[:count]]
        for name in names:
            expected = [b"der of " + name] if name in names[:count] else []
            assert found(written(*entries), key(name)) == expected


def test_roots_of_one_name_are_all_found_four_at_the_most():
    twins = [(key(b"twin"), b"twin %d" % number) for number in range(5)]
    others = [(key(b"a"), b"a"), (key(b"z"), b"z")]
    assert found(written(*twins[:3], *others), key(b"twin")) == [b"twin 0", b"twin 1", b"twin 2"]
    assert len(found(written(*twins, *others), key(b"twin"))) == 4


def test_roots_come_in_the_order_asked_for_and_once():
    path = written((key(b"a"), b"A"), (key(b"b"), b"B"))
    assert found(path, key(b"b"), key(b"x"), key(b"a"), key(b"b")) == [b"B", b"A"]


def test_a_file_that_is_none_is_named():
    error = raises(ConfigError, roots.find, "missing.bin", [key(b"a")])
    assert error.where == "missing.bin"
    for content in (b"", b"PLR", b"PLR2\0\0", b"-----BEGIN CERTIFICATE-----"):
        with open(PATH, "wb") as file:
            file.write(content)
        error = raises(ConfigError, found, PATH, key(b"a"))
        assert "copy it" in error.problem
