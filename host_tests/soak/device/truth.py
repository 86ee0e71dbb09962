"""The mailbox of the soak's server: what is true. Takes the same memory however full it is."""

from array import array

from micropython import const

SEEN = const(1)
DELETED = const(2)

_ROOM = const(1000)
_PIECE_BYTES = const(480)  # no answer asks for memory in one large piece


class Mailbox:
    """UIDs and flags in the order of arrival. `on_change(kind, index)` hears of each change.

    Kinds: "exists", "expunge", "fetch"; the index is that of the message, from 0.
    """

    def __init__(self, on_change: "object") -> None:
        self.uidvalidity = 1000
        self.uidnext = 1
        self.size = 0
        self.delivered = 0
        self._uids = array("I", bytearray(4 * _ROOM))
        self._flags = bytearray(_ROOM)
        self._on_change = on_change

    def deliver(self, count: int) -> None:
        """So many new ones; the oldest make room."""
        for _ in range(count):
            if self.size == _ROOM:
                self.expunge(1)
            self._uids[self.size] = self.uidnext
            self._flags[self.size] = 0
            self.size += 1
            self.uidnext += 1
            self.delivered += 1
            self._on_change("exists", self.size - 1)

    def read(self, count: int) -> None:
        """The oldest unread ones are read elsewhere; 0: all."""
        self._mark(SEEN, count)

    def trash(self, count: int) -> None:
        r"""The oldest unread ones are marked \Deleted elsewhere; 0: all."""
        self._mark(DELETED, count)

    def expunge(self, count: int) -> None:
        """The oldest ones go, read or not; 0: all."""
        count = min(count or self.size, self.size)
        left = self.size - count
        self._uids[:left] = self._uids[count : self.size]
        self._flags[:left] = self._flags[count : self.size]
        while self.size > left:
            self.size -= 1
            self._on_change("expunge", 0)

    def remake(self) -> None:
        """Deleted and made anew with the same messages: other UIDs, another UIDVALIDITY."""
        self.uidvalidity += 1
        self.uidnext = 1
        for index in range(self.size):
            self._uids[index] = self.uidnext
            self.uidnext += 1

    def unseen(self) -> int:
        """How many are UNSEEN UNDELETED."""
        return self._flags[: self.size].count(b"\0")

    def found(self, uid_from: int) -> "tuple[int, int, list[bytes]]":
        """UNSEEN UNDELETED from a UID on: how many, the highest UID, the words of an answer.

        The last message is within any range that ends with `*` (RFC 9051 §6.4.8).
        """
        pieces: list[bytes] = []
        piece = bytearray()
        count = highest = 0
        index = self._flags.find(b"\0", 0, self.size)
        while index >= 0:
            uid = self._uids[index]
            if uid >= uid_from or index == self.size - 1:
                count, highest = count + 1, uid
                piece += b" %d" % uid
                if len(piece) > _PIECE_BYTES:
                    pieces.append(bytes(piece))
                    piece = bytearray()
            index = self._flags.find(b"\0", index + 1, self.size)
        pieces.append(bytes(piece))
        return count, highest, pieces

    def index_of(self, uid: int) -> int:
        """Where a message is, or -1."""
        for index in range(self.size):
            if self._uids[index] == uid:
                return index
        return -1

    def flags(self, index: int) -> bytes:
        """Its flags as a server tells them."""
        names = (b"", rb"\Seen", rb"\Deleted", rb"\Seen \Deleted")
        return names[self._flags[index]]

    def _mark(self, flag: int, count: int) -> None:
        left = count or self.size
        for index in range(self.size):
            if not left:
                return
            if not self._flags[index]:
                self._flags[index] |= flag
                left -= 1
                self._on_change("fetch", index)
