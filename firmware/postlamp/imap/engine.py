"""The IMAP engine, sans-I/O: bytes in by `feed`, out by `to_send`, events by `next_event`.

A driver is a loop: `next_event()`; on NEED_DATA write `to_send()`, read, `feed()`. The engine
never waits, never asks the time and never logs. Events are tuples, the kind first:

("greeting", status, code, text)   OK or PREAUTH     ("capability", names)
("exists", n) if news  ("recent", n)  ("expunge", n)  ("fetch", sequence number, has flags?)
("status", status, code, text)     untagged OK, NO, BAD
("bye", code, text)                ("idling",)       ("other", name)
("completed", tag, command, status, code, text, result)
("eof",)                           the stream ended; again at each call
"""

from micropython import const

from postlamp.errors import GarbageError, MisuseError
from postlamp.imap import response
from postlamp.imap import state as states
from postlamp.imap.flight import Flight, refuse_controls
from postlamp.imap.framer import Framer
from postlamp.imap.numbers import Numbers

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.command import Writer
    from postlamp.imap.flight import Mechanism
    from postlamp.imap.response import Event

NEED_DATA = None


class Engine:
    """One IMAP connection. `buffer`, 1 KiB if none is lent, bounds what is kept of a message.

    `state` is one of state.py; `capabilities`, `exists`, `uidvalidity`, `uidnext` and
    `is_read_only` hold what the server said last (0 when it did not say).
    """

    def __init__(self, buffer: "bytearray | None" = None) -> None:
        self.state = states.GREETING
        self.capabilities: frozenset[str] = frozenset()
        self.exists = 0
        self.uidvalidity = 0
        self.uidnext = 0
        self.is_read_only = False
        self._framer = Framer(buffer or bytearray(1024))
        self._out: list[bytes] = []
        self._flights: list[Flight] = []
        self._tags = 0
        self._is_idling = False
        self._is_eof = False

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
            event = self._interpret(response.parse(framer))
            if event is not None:
                return event

    # --- flows; each returns its tag ---

    def capability(self) -> str:
        """Ask for the capabilities (RFC 9051 §6.1.1)."""
        return self._start("CAPABILITY").tag

    def login(self, user: str, password: str) -> str:
        """LOGIN (§6.2.3). Raises MisuseError when the server forbids it."""
        if "LOGINDISABLED" in self.capabilities:
            raise MisuseError("LOGINDISABLED")
        flight = self._open("LOGIN")
        return self._send(flight, self._writer(flight).string(user).string(password).end())

    def authenticate(self, mechanism: "Mechanism") -> str:
        """AUTHENTICATE (§6.2.2) with a mechanism of sasl.py; initial response if offered."""
        flight = self._open("AUTHENTICATE")
        writer = self._writer(flight).atom(mechanism.name)
        flight.mechanism = mechanism
        if "SASL-IR" in self.capabilities:
            writer.atom(mechanism.step(b"").decode())
        return self._send(flight, writer.end())

    def examine(self, mailbox: str) -> str:
        """Open a mailbox read-only (§6.3.3). A NO leaves none selected."""
        return self.select(mailbox, "EXAMINE")

    def select(self, mailbox: str, name: str = "SELECT") -> str:
        """Open a mailbox read-write (§6.3.2)."""
        flight = self._open(name)
        self.exists = self.uidvalidity = self.uidnext = 0
        return self._send(flight, self._writer(flight).string(mailbox).end())

    def search(self, criteria: str, uid_from: int = 0) -> str:
        """UID SEARCH (§6.4.4), of messages from `uid_from` on if given.

        Result: (count, highest UID, is_stale); is_stale asks for another search.
        """
        words = " UID " + str(uid_from) + ":* " if uid_from else " "
        flight = self._start("UID SEARCH", words + criteria)
        flight.numbers = Numbers(max(0, uid_from - 1))
        return flight.tag

    def fetch_headers(self, uid: int) -> str:
        """From, Subject and Date of one message, unseen by its flags (BODY.PEEK, §6.4.5).

        Result: the raw header block (bytes, cut to the buffer), or None when there is none.
        """
        words = " (UID BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])"
        flight = self._start("UID FETCH", " " + str(uid) + words)
        flight.header = b""
        return flight.tag

    def noop(self) -> str:
        """NOOP (§6.1.2)."""
        return self._start("NOOP").tag

    def idle(self) -> str:
        """IDLE (RFC 2177); ("idling",) says that it began, `done()` ends it."""
        return self._start("IDLE").tag

    def done(self) -> None:
        """End IDLE. Raises MisuseError before ("idling",)."""
        if not self._is_idling:
            raise MisuseError("DONE without IDLE")
        self._is_idling = False
        self._out.append(b"DONE\r\n")

    def logout(self) -> str:
        """LOGOUT (§6.1.3)."""
        return self._start("LOGOUT").tag

    # --- sending ---

    def _start(self, name: str, words: str = "") -> Flight:
        """Send a command whose arguments need no quoting."""
        refuse_controls(words)
        flight = self._open(name)
        self._send(flight, [(flight.tag + " " + name + words + "\r\n").encode()])
        return flight

    def _open(self, name: str) -> Flight:
        row = states.COMMANDS[name]
        if not row >> self.state & 1:
            raise MisuseError(name + " is not legal in state " + str(self.state))
        for other in self._flights:
            if row & states.ALONE or states.COMMANDS[other.name] & states.ALONE or other.segments:
                raise MisuseError(name + " while " + other.name + " is in flight")
        self._tags += 1
        return Flight("p" + str(self._tags), name)

    def _writer(self, flight: Flight) -> "Writer":
        from postlamp.imap.command import Writer

        return Writer(flight.tag, flight.name, self.capabilities)

    def _send(self, flight: Flight, segments: "list[bytes]") -> str:
        self._out.append(segments.pop(0))
        flight.segments = segments
        self._flights.append(flight)
        return flight.tag

    # --- receiving ---

    def _interpret(self, event: "Event") -> "Event | None":
        kind = event[0]
        if self.state == states.GREETING:
            return self._greet(event)
        if kind == "tagged":
            return self._complete(event)
        if kind == "continue":
            return self._continue(event[1])
        if kind == "status":
            return self._take_status(event)
        if kind == "search":
            return None
        if kind == "capability":
            self.capabilities = event[1]
        elif kind == "exists" or kind == "expunge":
            return self._take_size(event)
        elif kind == "fetch":
            self._take_fetch(event[2])
        return event

    def _greet(self, event: "Event") -> "Event":
        if event[0] != "status" or event[1] not in ("OK", "PREAUTH", "BYE"):
            raise GarbageError("not an IMAP greeting", 0)
        status = event[1]
        if status == "BYE":
            return self._take_status(event)
        self.state = states.AUTHENTICATED if status == "PREAUTH" else states.NOT_AUTHENTICATED
        self._take_code(event[2])
        return ("greeting",) + event[1:]

    def _take_status(self, event: "Event") -> "Event":
        self._take_code(event[2])
        if event[1] == "BYE":
            self.state = states.LOGOUT
            return ("bye", event[2], event[3])
        return event

    def _take_code(self, code: str) -> None:
        """Remember what a response code tells (RFC 9051 §7.1)."""
        name, _, value = code.partition(" ")
        name = name.upper()
        if name == "CAPABILITY":
            self.capabilities = response.capability_names(value)
        elif name == "UIDVALIDITY" and value.isdigit():
            self.uidvalidity = int(value)
        elif name == "UIDNEXT" and value.isdigit():
            self.uidnext = int(value)
        elif name == "READ-ONLY" or name == "READ-WRITE":
            self.is_read_only = name == "READ-ONLY"

    def _take_size(self, event: "Event") -> "Event | None":
        size = self.exists - 1
        if event[0] == "exists":
            size = event[1]
            if size == self.exists:  # some servers say it with every answer
                return None
        self.exists = max(0, size)
        self._outdate()
        return event

    def _outdate(self) -> None:
        """Something changed: a SEARCH that has had its line (Dovecot, pymap) is answered old."""
        for flight in self._flights:
            if flight.numbers is not None and flight.numbers.lines:
                flight.is_stale = True

    def _take_fetch(self, has_flags: bool) -> None:
        if has_flags:
            self._outdate()
        for flight in self._flights:
            if flight.header is not None:
                from postlamp.imap.items import Items

                found = Items(self._framer).read().get("BODY[HEADER.FIELDS]")
                flight.header = found or flight.header

    def _continue(self, challenge: bytes) -> "Event | None":
        if not self._flights:
            return None
        flight = self._flights[-1]
        if flight.segments:
            self._out.append(flight.segments.pop(0))
        elif flight.mechanism is not None:
            self._out.append(flight.mechanism.step(challenge) + b"\r\n")
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
        if status != "BAD":
            shift = states.AFTER_OK if status == "OK" else states.AFTER_NO
            state = states.COMMANDS[flight.name] >> shift & 7
            if state and self.state != states.LOGOUT:
                self.state = state
        if flight.name == "IDLE":
            self._is_idling = False
        return ("completed", tag, flight.name, status, code, words, flight.result())
