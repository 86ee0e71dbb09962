"""The counting sink: every cut of every odd SEARCH answer counts the same."""

from postlamp.imap.numbers import Numbers


def count(line, size=0, above=0):
    numbers = Numbers(above)
    size = size or len(line)
    for start in range(0, len(line), size):
        numbers.feed(line, start, min(len(line), start + size))
    numbers.end_line()
    return numbers.count, numbers.highest


def many(first, last):
    return b" " + b" ".join(str(n).encode() for n in range(first, last + 1)) + b"\r\n"


def test_counts_and_finds_the_highest():
    assert count(b" 2 84 882\r\n") == (3, 882)
    assert count(b"\r\n") == (0, 0)
    assert count(b" 7\n") == (1, 7)


def test_tolerates_spaces_nil_and_words():
    assert count(b" \r\n") == (0, 0)
    assert count(b"  2  3 \r\n") == (2, 3)
    assert count(b" NIL\r\n") == (0, 0)
    assert count(b" 4 NIL 9.37e+06 -1 6\r\n") == (2, 6)
    assert count(b" 0 5 4294967295 4294967296 99999999999999999999\r\n") == (2, 4294967295)


def test_modseq_ends_the_numbers():
    assert count(b" 2 5 6 (MODSEQ 917162500)\r\n") == (3, 6)
    line = many(1, 400)[:-2] + b" (MODSEQ 18446744073709551615)\r\n"
    for size in range(len(line)):
        assert count(line, size) == (400, 400), size


def test_cut_anywhere_gives_the_same():
    lines = [many(1, 300), many(9990, 10020), b" " + b"  ".join([b"12"] * 90) + b" \r\n"]
    lines += [many(1, 300)[:-2] + b" \r\n", many(1, 300)[:-2] + b" \n", b"\r" * 99, b" " * 99]
    for line in lines:
        whole = count(line, 1)
        for size in list(range(2, len(line), 7)) + [0]:
            assert count(line, size) == whole, size


def test_space_at_the_end_of_a_long_line_does_not_hide_the_last_number():
    assert count(many(1, 300)[:-2] + b" \r\n") == (300, 300)


def test_falling_order_finds_the_highest_too():
    line = b" " + b" ".join(str(n).encode() for n in range(5000, 0, -1)) + b"\r\n"
    for size in (64, 100, 1024, 0):
        assert count(line, size) == (5000, 5000)


def test_adds_up_several_lines():
    numbers = Numbers()
    for line in (b" 1 2\r\n", b" 3\r\n", b"\r\n"):
        numbers.feed(line, 0, len(line))
        numbers.end_line()
    assert (numbers.count, numbers.highest, numbers.lines) == (3, 3, 3)


def test_numbers_below_the_start_are_not_counted():
    assert count(b" 41\r\n", above=41) == (0, 0)
    assert count(b" 41 42\r\n", above=41) == (1, 42)


def test_a_long_answer_that_ignores_the_start_counts_what_is_above_it():
    line = many(1, 300)
    for size in list(range(1, len(line), 5)) + [0]:
        assert count(line, size, above=1000) == (0, 0), size
        assert count(line, size, above=150) == (150, 300), size
        assert count(line, size, above=299) == (1, 300), size
