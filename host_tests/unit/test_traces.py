"""Every trace of host_tests/traces, byte for byte, however the bytes are cut."""

from raising import raises
from traces import LINES, names, play, play_lines


def test_there_are_traces():
    assert len(names()) >= 58


def test_every_trace_in_whole_segments():
    for name in names():
        play(name)


def test_every_trace_line_by_line():
    for name in names():
        play(name, LINES)


def test_every_trace_byte_by_byte():
    for name in names():
        play(name, 1)


def test_every_trace_in_odd_pieces():
    for name in names():
        for size in (2, 3, 5, 7, 11):
            play(name, size)


GREETED = [b"S: * OK hi", b"= ('greeting', 'OK', '', 'hi')"]


def test_a_trace_that_the_engine_does_not_follow_fails():
    play_lines(GREETED)
    for lines in (
        [b"S: * OK hi"],  # an event that was not asked for
        [b"= ('greeting', 'OK', '', 'hi')"],  # an event that does not come
        [b"S: * OK hi", b"= ('greeting', 'OK', '', 'ho')"],
        [b"S: * OK hi", b"= ('greeting', 'NO\xe2\x80\xa6"],
        GREETED + [b"> noop"],  # sent, and nobody looks
        GREETED + [b"> noop", b"C: p1 LOGOUT"],
        GREETED + [b"x noop"],
        GREETED + [b"> noop", b"--- another", b"S: * BYE", b"= ('bye', '', '')"],
        GREETED + [b"! state 2"],
        GREETED + [b"! capabilities IDLE"],
        GREETED + [b"what"],
    ):
        raises(AssertionError, play_lines, lines)
