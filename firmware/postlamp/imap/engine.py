"""The IMAP engine, sans-I/O: bytes in by `feed`, out by `to_send`, events by `next_event`.

A driver is a loop: `next_event()`; on NEED_DATA write `to_send()`, read, `feed()`. The engine
never waits, never asks the time and never logs. Events are tuples, the kind first:

("greeting", status, code, text)   OK or PREAUTH     ("capability", names)
("exists", n) if news  ("recent", n)  ("expunge", n)  ("fetch", sequence number, has flags?)
("status", status, code, text)     untagged OK, NO, BAD
("bye", code, text)                ("idling",)       ("vanished",)   ("other", name)
("challenge", text)                of AUTHENTICATE: sasl.respond answers
("completed", tag, command, status, code, text, result)
("eof",)                           the stream ended; again at each call
"""

from micropython import const

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import response
from postlamp.imap.flight import Flight, refuse_controls
from postlamp.imap.framer import Framer
from postlamp.imap.state import AUTHENTICATED, GREETING, LOGOUT, NOT_AUTHENTICATED, row_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.response import Event

    Criteria = str | list[str]

NEED_DATA = None

_LINES_LIMIT = const(131072)  # 100,000 messages marked read elsewhere are told one by one


class Engine:
    """One IMAP connection. `buffer`, 1 KiB if none is lent, bounds what is kept of a message.

    `state` is one of state.py; `capabilities`, `exists`, `uidvalidity`, `uidnext` and
    `is_read_only` hold what the server said last (0 when it did not say).
    """

    def __init__(self, buffer: "bytearray | None" = None) -> None:
        self.state = GREETING
        self.capabilities: frozenset[str] = frozenset()
        self.exists = 0
        self.uidvalidity = 0
        self.uidnext = 0
        self.is_read_only = False
        self._framer = Framer(buffer or bytearray(1024))
        self._out: list[bytes] = []
        self._flights: list[Flight] = []
        self._tags = 0
        self._lines = 0  # since a command was sent
        self._is_idling = False
        self._is_eof = False
        self.is_challenged = False

    # --- bytes ---

    def feed(self, data: "bytes | bytearray", size: "int | None" = None) -> None:
        """Lend `data[:size]` until `next_event()` is NEED_DATA; only then may it change.

        Raises MisuseError when called before that.
        """
        if self._framer.pending():
            raise MisuseError("fed too soon")
        self._framer.feed(data, len(data) if size is None else size)

    def eof(self) -> None:
        """The stream has ended; what is in the buffer is still delivered."""
        self._is_eof = True

    def to_send(self) -> bytes:
        """Bytes to write now, handed out once; b"" for none."""
        out = b"".join(self._out)
        self._out.clear()
        return out

    def next_event(self) -> "Event | None":
        """The next event, or NEED_DATA.

        Raises GarbageError when the server broke the protocol or a limit: the connection is over.
        """
        framer = self._framer
        while True:
            framer.numbers = None
            for flight in self._flights:
                framer.numbers = framer.numbers or flight.numbers
            if not framer.next_message():
                return ("eof",) if self._is_eof else NEED_DATA
            self._lines += 1
            if self._lines > _LINES_LIMIT:
                raise GarbageError("too many untagged lines", _LINES_LIMIT)
            event = self._interpret(response.parse(framer))
            if event is not None:
                return event

    def pending(self) -> int:
        """Bytes lent by `feed` that no event has taken yet."""
        return self._framer.pending()

    # --- flows of every minute; each returns its tag. access.py, fetch.py … have the rest ---

    def search(self, criteria: "Criteria", uid_from: int = 0, is_extended: bool = False) -> str:
        """UID SEARCH (§6.4.4), of messages from `uid_from` on if given.

        Criteria that are not ASCII come in pieces, as criteria.check gives them. Extended asks for
        the count alone (ESEARCH), which a server that knows only IMAP4rev2 always does.
        Result: (count, highest UID, is_stale); is_stale asks for another search, a count of None
        comes of an extended answer without one.
        """
        names = self.capabilities
        is_extended = is_extended or "IMAP4REV2" in names and "IMAP4REV1" not in names
        if is_extended or not isinstance(criteria, str):
            from postlamp.imap.searching import send

            return send(self, criteria, uid_from, is_extended)
        from postlamp.imap.numbers import Numbers

        words = " UID " + str(uid_from) + ":* " if uid_from else " "
        flight = self.start("UID SEARCH", words + criteria)
        flight.numbers = Numbers(max(0, uid_from - 1))
        return flight.tag

    def noop(self) -> str:
        """NOOP (§6.1.2)."""
        return self.start("NOOP").tag

    def idle(self) -> str:
        """IDLE (RFC 2177); ("idling",) says that it began, `done()` ends it."""
        return self.start("IDLE").tag

    def done(self) -> None:
        """End IDLE. Raises MisuseError before ("idling",)."""
        if not self._is_idling:
            raise MisuseError("DONE without IDLE")
        self._is_idling = False
        self.push(b"DONE\r\n")

    # --- sending, for flows and command modules ---

    def start(self, name: str, words: str = "") -> Flight:
        """Send a command whose arguments need no quoting; `words` begin with a space."""
        refuse_controls(words)
        flight = self.begin(name)
        self.send(flight, [(flight.tag + " " + name + words + "\r\n").encode()])
        return flight

    def begin(self, name: str) -> Flight:
        """A flight for `send`. Raises MisuseError when the command is not legal now.

        Two of one name never fly together: their answers could not be told apart.
        """
        row = row_of(name)
        if self.state not in row[0]:
            raise MisuseError(name + " is not legal in state " + self.state)
        for other in self._flights:
            if "!" in (row[3], other.row[3]) or other.segments or other.name == name:
                raise MisuseError(name + " while " + other.name + " is in flight")
        self._tags += 1
        return Flight("p" + str(self._tags), name, row)

    def send(self, flight: Flight, segments: "list[bytes]") -> str:
        """Send a flight in segments, each but the first after a `+`; its tag."""
        self.push(segments.pop(0))
        flight.segments = segments
        self._flights.append(flight)
        self._lines = 0
        return flight.tag

    def push(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._out.append(data)

    def closed(self) -> None:
        """Forget the mailbox: another is being opened."""
        self.exists = self.uidvalidity = self.uidnext = 0

    # --- receiving ---

    def _interpret(self, event: "Event") -> "Event | None":
        kind = event[0]
        if self.state == GREETING:
            return self._greet(event)
        if kind == "tagged":
            return self._complete(event)
        if kind == "continue":
            return self._continue(event[1])
        if kind == "status":
            return self._take_status(event)
        if kind == "capability":
            self.capabilities = event[1]
        elif not self._is_news(event):
            return None
        for flight in self._flights:
            if flight.reader is not None:
                event = flight.reader(flight, event, self._framer)
        return None if kind == "search" else event

    def _greet(self, event: "Event") -> "Event":
        if event[0] != "status" or event[1] not in ("OK", "PREAUTH", "BYE"):
            raise GarbageError("not an IMAP greeting", 0)
        status = event[1]
        if status == "BYE":
            return self._take_status(event)
        self.state = AUTHENTICATED if status == "PREAUTH" else NOT_AUTHENTICATED
        self._take_code(event[2])
        return ("greeting",) + event[1:]

    def _take_status(self, event: "Event") -> "Event":
        self._take_code(event[2])
        if event[1] == "BYE":
            self.state = LOGOUT
            return ("bye", event[2], event[3])
        return event

    def _take_code(self, code: str) -> None:
        """Remember what a response code tells (RFC 9051 §7.1)."""
        name, _, value = code.partition(" ")
        name = name.upper()
        is_number = value.encode().isdigit()  # as bytes, where only ASCII has digits
        if name == "CAPABILITY":
            self.capabilities = response.capability_names(value)
        elif name == "UIDVALIDITY" and is_number:
            self.uidvalidity = int(value)
        elif name == "UIDNEXT" and is_number:
            self.uidnext = int(value)
        elif name == "CLOSED":
            self.closed()
        elif name == "READ-ONLY" or name == "READ-WRITE":
            self.is_read_only = name == "READ-ONLY"

    def _is_news(self, event: "Event") -> bool:
        """Notes what changes the mailbox. False for a size that is known."""
        kind = event[0]
        if kind == "exists" or kind == "expunge":
            size = event[1] if kind == "exists" else max(0, self.exists - 1)
            if kind == "exists" and size == self.exists:  # some servers say it with every answer
                return False
            self.exists = size
            self._outdate()
        elif kind == "vanished" or kind == "fetch" and event[2]:
            self._outdate()
        return True

    def _outdate(self) -> None:
        """Something changed: a SEARCH that has had its line (Dovecot, pymap) is answered old."""
        for flight in self._flights:
            if flight.numbers is not None and flight.numbers.lines:
                flight.is_stale = True

    def _continue(self, challenge: bytes) -> "Event | None":
        if not self._flights:
            return None
        flight = self._flights[-1]
        if flight.segments:
            self.push(flight.segments.pop(0))
        elif flight.name == "AUTHENTICATE":
            self.is_challenged = True
            return ("challenge", challenge)
        elif flight.name == "IDLE" and not self._is_idling:
            self._is_idling = True
            return ("idling",)
        return None

    def _complete(self, event: "Event") -> "Event | None":
        _, tag, status, code, words = event
        for flight in self._flights:
            if flight.tag == tag:
                break
        else:
            return ("other", tag)
        self._flights.remove(flight)
        if status not in ("OK", "NO", "BAD"):
            raise GarbageError("not OK, NO or BAD", 0)
        self._take_code(code)
        state = flight.row[1] if status == "OK" else flight.row[2] if status == "NO" else "-"
        if state != "-" and self.state != LOGOUT:
            self.state = state
        self._is_idling = self.is_challenged = False  # either is alone in flight
        return ("completed", tag, flight.name, status, code, words, flight.result())
