"""Every trace of host_tests/traces, byte for byte, however the bytes are cut."""

from traces import names, play


def test_there_are_traces():
    assert len(names()) >= 15


def test_every_trace_line_by_line():
    for name in names():
        play(name)


def test_every_trace_byte_by_byte():
    for name in names():
        play(name, 1)


def test_every_trace_in_odd_pieces():
    for name in names():
        for size in (2, 3, 5, 7, 11):
            play(name, size)
