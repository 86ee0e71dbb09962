"""First stage of the engine: cuts the byte stream into messages (a line with its literals).

One preallocated buffer, borrowed input, nothing kept beyond the limits: what does not fit is
skipped, never collected. SEARCH lines bypass the buffer and stream into `numbers`.
"""

from micropython import const

from postlamp.errors import GarbageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.numbers import Numbers

_LINE_LIMIT = const(65536)  # of a message but its literals; what is over the buffer is dropped
_SEARCH_LIMIT = const(16777216)  # 1,000,000 numbers of 8 digits are 9 MB
_LITERAL_LIMIT = const(16777216)
_TAIL = const(16)  # "{16777216+}\r\n" must stay visible at the end of a cut line
_REST = const(96)  # room a kept literal leaves for the rest of its message

_SEARCH = b"* search"
_SEARCH_LEN = const(8)


class Framer:
    """Bytes in, messages out: after `next_message()` is true read `buffer[:length]`.

    A literal stands in the buffer right after its `{n}`, without the line break; its start and
    kept length are two entries of `literals`. `is_cut` tells that something was dropped.
    """

    def __init__(self, buffer: bytearray) -> None:
        self.buffer = buffer
        self.literals: list[int] = []
        self.numbers: "Numbers | None" = None  # where the next SEARCH line goes
        self._data: bytes | bytearray = b""
        self._at = 0
        self._end = 0
        self._literal_left = 0
        self._reset()

    def feed(self, data: bytes | bytearray, size: int) -> None:
        """Lend `data[:size]`; it must not change until `next_message()` returned False."""
        self._data = data
        self._at = 0
        self._end = size

    def pending(self) -> int:
        """Bytes lent and not yet consumed."""
        return self._end - self._at

    def next_message(self) -> bool:
        """Work up to the end of one message. False: everything lent is consumed.

        Raises GarbageError when a limit is passed (row 33 of what hostile servers send).
        """
        if self._is_complete:
            self._reset()
        while self._at < self._end:
            if self._literal_left:
                self._take_literal()
            elif self._is_search:
                self._take_search()
            else:
                self._take_line()
            if self._is_complete:
                return True
        return False

    def _reset(self) -> None:
        self.length = 0
        self.literals.clear()
        self.is_cut = False
        self._line_bytes = 0  # of the message but its literals, kept or not
        self._line_start = 0  # in the buffer
        self._tail = b""
        self._is_search = False
        self._is_complete = False

    def _line_end(self, limit: int) -> int:
        """Index after this line's LF, or `_end`; counts towards the line's limit."""
        at = self._data.find(b"\n", self._at, self._end)
        stop = at + 1 if at >= 0 else self._end
        self._line_bytes += stop - self._at
        if self._line_bytes > limit:
            raise GarbageError("line too long", limit)
        return stop

    def _take_search(self) -> None:
        stop = self._line_end(_SEARCH_LIMIT)
        if self.numbers is not None:
            self.numbers.feed(self._data, self._at, stop)
        self._at = stop
        if self._data[stop - 1] == 10:
            if self.numbers is not None:
                self.numbers.end_line()
            self._is_complete = True

    def _take_line(self) -> None:
        if self.length <= _SEARCH_LEN and not self.literals and self._starts_search():
            return
        stop = self._line_end(_LINE_LIMIT)
        self._keep(stop)
        if self._data[stop - 1] == 10:
            self._end_line()

    def _starts_search(self) -> bool:
        """True once the first nine bytes are `* SEARCH` and a separator, which is not consumed."""
        need = _SEARCH_LEN + 1 - self.length
        if self._end - self._at < need:
            return False
        begun = bytes(self.buffer[: self.length])
        head = (begun + self._data[self._at : self._at + need]).lower()
        if not head.startswith(_SEARCH) or head[_SEARCH_LEN] not in b" \r\n":
            return False
        self._at += need - 1
        self.buffer[:_SEARCH_LEN] = head[:_SEARCH_LEN]
        self.length = _SEARCH_LEN
        self._line_bytes = 0
        self._is_search = True
        return True

    def _keep(self, stop: int) -> None:
        """Copy data up to `stop` as far as it fits; remember the tail of what does not."""
        size = stop - self._at
        kept = self._copy(size, len(self.buffer))
        if kept < size:
            if not self._tail:
                start = max(self._line_start, self.length - _TAIL)
                self._tail = bytes(self.buffer[start : self.length])
            start = max(self._at + kept, stop - _TAIL)
            self._tail = (self._tail + self._data[start:stop])[-_TAIL:]
        self._at = stop

    def _copy(self, size: int, limit: int) -> int:
        """Copy of the next `size` bytes as many as the first `limit` of the buffer have room for.

        Tells how many these were.
        """
        kept = min(size, max(0, limit - self.length))
        view = memoryview(self._data)[self._at : self._at + kept]
        self.buffer[self.length : self.length + kept] = view
        self.length += kept
        self.is_cut = self.is_cut or kept < size
        return kept

    def _end_line(self) -> None:
        """The line is whole: drop its CRLF and see whether a literal follows."""
        if self._tail:
            line_tail = self._tail
            self._tail = b""
        else:
            start = max(self._line_start, self.length - _TAIL)
            line_tail = bytes(self.buffer[start : self.length])
            self.length -= len(line_tail) - len(line_tail.rstrip(b"\r\n"))
        size = _literal_size(line_tail.rstrip(b"\r\n"))
        if size < 0:
            self._is_complete = True
            return
        if size > _LITERAL_LIMIT:
            raise GarbageError("literal too long", _LITERAL_LIMIT)
        self._line_start = self.length
        if not self.is_cut:  # of a cut message nothing more is read
            self.literals.append(self.length)
            self.literals.append(0)
        self._literal_left = size

    def _take_literal(self) -> None:
        """Keep what fits of a literal, leaving room for the rest of its message; skip the rest."""
        size = min(self._literal_left, self._end - self._at)
        kept = self._copy(size, len(self.buffer) - _REST)
        if kept:
            self.literals[-1] += kept
        self._at += size
        self._literal_left -= size
        self._line_start = self.length


def _literal_size(line: bytes) -> int:
    """Size announced at the end of a line, `{n}` or `{n+}` (RFC 7888), or -1."""
    if not line.endswith(b"}"):
        return -1
    at = line.rfind(b"{")
    digits = line[at + 1 : -1].rstrip(b"+")
    if at < 0 or not digits.isdigit():
        return -1
    return int(digits)
