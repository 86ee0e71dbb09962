"""One connection as it is seen from the server's end: bytes in at once, bytes out in their time.

Knows how connections break and stall, and no IMAP: server.py has that.
"""

from time import elapsed_ms

from micropython import const

from postlamp.errors import LinkError

_PIECE_BYTES = const(480)
_NEVER = const(1 << 60)


class Line:
    """`give` and `next_at` are for the client's side, `kick` for the world's."""

    def __init__(self, world: "object", news: "object") -> None:
        self.news = news  # rings when something has changed for who waits
        self.is_dead = False  # nothing passes any more, and nobody is told
        self.end = ""  # fin or rst, behind the last byte
        self.stall = ""  # "line" or "literal": the next one is cut, and nothing follows
        self._world = world
        self._out = []  # when it comes, bytes, what the world is told then
        self._given = 0  # of the first of them
        self._slow_at = 0  # when the next byte of a slow line comes
        self._left = world.lifetime()
        self._line = bytearray()
        self._reply = []
        self._piece = bytearray()

    def give(self, buffer: bytearray) -> "int | None":
        """Bytes that have come; 0 is the end of the stream, None says that there are none yet.

        Raises LinkError after a reset.
        """
        now = elapsed_ms()
        if self.is_dead or self._slow_at > now:
            return None
        if self._out and self._out[0][0] <= now:
            return self._give_some(buffer, now)
        if self._out or not self.end:
            return None
        if self.end == "rst":
            raise LinkError("closed")
        return 0

    def next_at(self) -> int:
        """When `give` will have something else to say; far away if nobody knows."""
        if self.is_dead or not self._out:
            return _NEVER
        return max(self._out[0][0], self._slow_at)

    def take(self, data: bytes) -> None:
        """Words of the client. Raises LinkError after a reset."""
        if self.is_dead:
            return
        if self.end:
            raise LinkError("closed")
        self._line += data
        while b"\n" in self._line:
            line, _, rest = bytes(self._line).partition(b"\r\n")
            self._line = bytearray(rest)
            self.obey(line.decode())

    def kick(self, how: str) -> None:
        """End it from outside: fin, rst, dead; line or literal: see `stall`."""
        if how == "dead":
            self.is_dead = True
        elif how in ("line", "literal"):
            self.stall = how
        else:
            if how == "rst":
                self._out.clear()
            self.end = how
        self.news.ring()

    def say(self, line: str, literal: bytes = b"", rest: str = "") -> None:
        """One response, and what stands behind a literal in it."""
        is_cut = self.stall == ("literal" if literal else "line")
        text = line.encode()
        if literal:
            text += b"\r\n" + literal
        if is_cut:
            self.write(text[: len(text) - (len(literal) or len(text)) // 2])
            self.send()
            self.stall = "all"
        self.write(text + rest.encode() + b"\r\n")

    def write(self, data: bytes) -> None:
        """No answer needs memory in one large piece."""
        self._piece += data
        if len(self._piece) >= _PIECE_BYTES:
            self._reply.append(bytes(self._piece))
            self._piece = bytearray()

    def send(self, note: "object" = None) -> None:
        """What was said since the last time goes out; `note` is for the world, once it came."""
        due = elapsed_ms() + self._world.latency_ms()
        if self._out:
            due = max(due, self._out[-1][0])
        if self._piece:
            self._reply.append(bytes(self._piece))
            self._piece = bytearray()
        if self.stall != "all":
            for piece in self._reply:
                self._out.append((due, piece, note if piece is self._reply[-1] else None))
            self.news.ring()
        self._reply.clear()

    def _give_some(self, buffer: bytearray, now: int) -> int:
        _, piece, note = self._out[0]
        size = min(len(buffer), len(piece) - self._given)
        bytes_a_second = self._world.bytes_a_second()
        if bytes_a_second:
            size = min(size, bytes_a_second)
            self._slow_at = now + 1000
        if self._left:
            size = min(size, self._left)
            self._left -= size
            if not self._left:
                self.kick("rst")
        buffer[:size] = piece[self._given : self._given + size]
        self._given += size
        if self._given == len(piece) and self._out:
            self._given = 0
            self._out.pop(0)
            if note is not None:
                self._world.proved(*note)
        return size
