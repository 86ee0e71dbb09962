"""Sink for SEARCH answers: counts numbers without keeping them, in memory that never grows."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    Data = bytes | bytearray

_SHORT = const(64)  # below this the exact loop is cheap, and odd answers are short
_LARGEST = const(4294967295)  # RFC 9051 §9, nz-number


class Numbers:
    """Counts the numbers of one SEARCH command over any number of lines and chunks.

    `count` and `highest` are of numbers above `above`: a server asked for `UID n:*` past its end
    may answer with its last message (RFC 3501 §6.4.8). Both are exact when the answer is in order,
    rising (or falling, without `above`), as every server known sends it; 0 without numbers.
    """

    def __init__(self, above: int = 0) -> None:
        self.above = above
        self.count = 0
        self.highest = 0
        self.lines = 0
        self._value = -1  # of the number being read; -1 between numbers
        self._is_odd = False  # inside a word that is not a number
        self._is_over = False  # after "(MODSEQ n)" began (RFC 7162 §3.1.5)

    def feed(self, data: "Data", start: int, stop: int) -> None:
        """Read `data[start:stop]`, a piece of a line.

        Long pieces are counted in bulk (`int()` on each of 100,000 numbers is 20 times slower):
        only the words cut by the ends of the piece are read digit by digit.
        """
        end = stop
        while end > start and data[end - 1] < 33:  # some servers end the line with a space
            end -= 1
        first = data.find(b" ", start, end)
        second = data.find(b" ", first + 1, end)
        if (
            stop - start < _SHORT
            or self._is_over
            or first < 0
            or second < 0
            or data.find(b"(", stop - _SHORT, stop) >= 0  # only the end of a line may have one
        ):
            self._read(data, start, stop)
            return
        last = data.rfind(b" ", start, end)
        spaces = data.count(b" ", first, last)
        # Where the first number is as wide as the last and so, in order, are all, no two spaces
        # stand together; else they are looked for.
        width = second - first
        if (
            spaces * width != last - first or last - data.rfind(b" ", start, last) != width
        ) and data.find(b"  ", start, end) >= 0:
            self._read(data, start, stop)
            return
        if self.count:  # in the middle of the line: not the highest
            self.count += self._value >= 0 or data[start] != 32
            self._value = -1
            self._is_odd = False
        else:
            self._read(data, start, second)
            self._end_word()
            if not self.count:  # not above: those that are have to be found one by one
                self._read(data, second, stop)
                return
            spaces -= 1
        self.count += spaces
        self._read(data, last, stop)

    def end_line(self) -> None:
        """The line is over: close a number that its LF did not close."""
        self._end_word()
        self._is_over = False
        self.lines += 1

    def _read(self, data: "Data", start: int, stop: int) -> None:
        for index in range(start, stop):
            byte = data[index]
            if 48 <= byte <= 57:
                if self._value < 0:
                    self._value = byte - 48
                elif self._value <= _LARGEST:  # a longer one is odd; do not let it grow
                    self._value = self._value * 10 + byte - 48
            elif byte == 32 or byte == 13 or byte == 10:
                self._end_word()
            elif byte == 40:  # "("
                self._end_word()
                self._is_over = True
            else:
                self._is_odd = True

    def _end_word(self) -> None:
        value = self._value
        if value > self.above and value <= _LARGEST and not self._is_odd and not self._is_over:
            self.count += 1
            if value > self.highest:
                self.highest = value
        self._value = -1
        self._is_odd = False
