"""Random commands and answers against a model of a connection, written from the RFC.

State as in RFC 9051 §3, every tag completes once, and what is not legal is not sent.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from postlamp.errors import MisuseError
from postlamp.imap import access, fetch, mailboxes, messages, sasl, searching
from postlamp.imap.engine import NEED_DATA, Engine

STATES = {  # RFC 9051 §6: not authenticated, authenticated, selected
    "nas": "CAPABILITY NOOP ID LOGOUT",
    "n": "STARTTLS AUTHENTICATE LOGIN",
    "as": "SELECT EXAMINE IDLE LIST LSUB STATUS RENAME APPEND NAMESPACE GETACL",
    "s": "CLOSE UNSELECT EXPUNGE SEARCH FETCH STORE COPY MOVE "
    "UID-SEARCH UID-FETCH UID-STORE UID-COPY UID-MOVE UID-EXPUNGE",
}
AFTER_OK = {"LOGIN": "a", "AUTHENTICATE": "a", "SELECT": "s", "EXAMINE": "s", "CLOSE": "a"}
AFTER_OK |= {"UNSELECT": "a", "LOGOUT": "l"}
AFTER_NO = {"SELECT": "a", "EXAMINE": "a", "LOGOUT": "l"}
ALONE = (
    "STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE IDLE CLOSE UNSELECT SEARCH FETCH STORE COPY MOVE"
)
PROMPTED = "LOGIN RENAME APPEND"  # with a literal, as they are sent here

SENDERS = {
    "CAPABILITY": access.capability,
    "NOOP": Engine.noop,
    "ID": lambda engine: access.identify(engine, ["name", "Postlamp"]),
    "LOGOUT": access.logout,
    "STARTTLS": access.starttls,
    "AUTHENTICATE": lambda engine: sasl.authenticate(engine, "CRAM-MD5"),
    "LOGIN": lambda engine: access.login(engine, "alice", "sécret"),
    "SELECT": lambda engine: access.select(engine, "INBOX"),
    "EXAMINE": lambda engine: access.examine(engine, "INBOX"),
    "IDLE": Engine.idle,
    "LIST": lambda engine: mailboxes.send(engine, "LIST", "", "*"),
    "LSUB": lambda engine: mailboxes.send(engine, "LSUB", "", "*"),
    "STATUS": lambda engine: mailboxes.status(engine, "INBOX", "UNSEEN"),
    "RENAME": lambda engine: mailboxes.send(engine, "RENAME", "a", b"\xff"),
    "NAMESPACE": lambda engine: mailboxes.send(engine, "NAMESPACE"),
    "GETACL": lambda engine: mailboxes.send(engine, "GETACL", "INBOX"),
    "APPEND": lambda engine: messages.append(engine, "INBOX", b"hello"),
    "SEARCH": lambda engine: searching.send(engine, "UNSEEN", name="SEARCH"),
    "UID-SEARCH": lambda engine: engine.search("UNSEEN"),
    "FETCH": lambda engine: fetch.fetch(engine, "1", "(FLAGS)", is_by_uid=False),
    "UID-FETCH": lambda engine: fetch.headers(engine, 5),
    "STORE": lambda engine: messages.store(engine, "1", "FLAGS", "x", "STORE"),
    "UID-STORE": lambda engine: messages.store(engine, "1", "FLAGS", "x"),
    "CLOSE": lambda engine: messages.send(engine, "CLOSE"),
    "UNSELECT": lambda engine: messages.send(engine, "UNSELECT"),
    "EXPUNGE": lambda engine: messages.send(engine, "EXPUNGE"),
    "UID-EXPUNGE": lambda engine: messages.send(engine, "UID EXPUNGE", "2:4"),
    "COPY": lambda engine: messages.send(engine, "COPY", "2:4", "Trash"),
    "MOVE": lambda engine: messages.send(engine, "MOVE", "2:4", "Trash"),
    "UID-COPY": lambda engine: messages.send(engine, "UID COPY", "2:4", "Trash"),
    "UID-MOVE": lambda engine: messages.send(engine, "UID MOVE", "2:4", "Trash"),
}

CHANGES = ("1 EXPUNGE", "1 FETCH (FLAGS ())", "VANISHED 4")
PIECES = some.integers(0, 9)  # bytes fed at once; 0: all
STATUS = some.sampled_from(("OK", "OK", "OK", "NO", "BAD"))


class Flight:
    """What the model knows of a command in flight."""

    def __init__(self, tag, name):
        self.tag = tag
        self.name = name
        self.waits = name in PROMPTED.split()
        self.is_search = name.endswith("SEARCH")
        self.numbers = []
        self.has_line = self.is_stale = False

    def result(self):
        highest = max(self.numbers, default=0)
        return (len(self.numbers), highest, self.is_stale) if self.is_search else None


class Connection(RuleBasedStateMachine):
    """An engine, and beside it what it must be like."""

    def __init__(self):
        super().__init__()
        self.engine = Engine()
        self.state = "g"
        self.exists = 0
        self.flights = []
        self.tags = []
        self.is_idling = self.is_challenged = self.is_over = False

    def hear(self, line, size):
        """The events of one line, fed in pieces."""
        assert self.engine.to_send() == b""
        data = line.encode() + b"\r\n"
        events = []
        for start in range(0, len(data), size or len(data)):
            self.engine.feed(data[start : start + (size or len(data))])
            while (event := self.engine.next_event()) is not NEED_DATA:
                events.append(event)
        return events

    def is_legal(self, name):
        if not any(self.state in key and name in STATES[key].split() for key in STATES):
            return False
        alone = ALONE.split()
        for flight in self.flights:
            if name in alone or flight.name in alone or flight.waits or flight.name == name:
                return False
        return True

    def outdate(self):
        for flight in self.flights:
            flight.is_stale = flight.is_stale or flight.has_line

    @initialize(state=some.sampled_from("nasssg"))
    def begin(self, state):
        """Mostly with a mailbox open: there most may happen."""
        if state == "s":
            self.greet("PREAUTH", 0)
            self.change_the_state("SELECT", "OK", 0)
        elif state != "g":
            self.greet("OK" if state == "n" else "PREAUTH", 0)

    # --- what we do ---

    @rule(data=some.data(), times=some.integers(1, 3))
    def ask(self, data, times):
        for _ in range(times):
            legal = [name for name in SENDERS if self.is_legal(name)]
            if legal:  # first those for which the moment is rare
                legal.sort(key=lambda name: name not in ALONE.split())
                self.ask_for(legal[data.draw(some.integers(0, len(legal) - 1))])

    def ask_for(self, name):
        tag = SENDERS[name](self.engine)
        assert tag not in self.tags
        start = f"{tag} {name.replace('-', ' ')}".encode()
        assert self.engine.to_send().startswith(start)
        self.tags.append(tag)
        self.flights.append(Flight(tag, name))
        if name in ("SELECT", "EXAMINE"):
            self.exists = 0

    @rule()
    def ask_what_is_not_legal(self):
        for name in SENDERS:
            if not self.is_legal(name):
                with pytest.raises(MisuseError):
                    SENDERS[name](self.engine)

    @rule(answer=some.none() | some.binary(max_size=4))
    def respond_or_end_idle(self, answer):
        self.respond(answer)
        self.end_idle()

    def respond(self, answer):
        if not self.is_challenged:
            with pytest.raises(MisuseError):
                sasl.respond(self.engine, answer)
            return
        sasl.respond(self.engine, answer)
        assert (self.engine.to_send() == b"*\r\n") == (answer is None)
        self.is_challenged = False

    def end_idle(self):
        if not self.is_idling:
            with pytest.raises(MisuseError):
                self.engine.done()
            return
        self.engine.done()
        assert self.engine.to_send() == b"DONE\r\n"
        self.is_idling = False

    @rule(name=some.sampled_from(sorted(AFTER_OK)), status=STATUS, size=PIECES)
    def change_the_state(self, name, status, size):
        if self.is_legal(name):
            self.ask_for(name)
            self.answer_to(self.flights[-1], status, size)

    @rule(name=some.sampled_from(("SEARCH", "UID-SEARCH")), change=some.sampled_from(CHANGES))
    def search_while_something_changes(self, name, change):
        if self.is_legal(name):
            self.ask_for(name)
            self.tell_what_was_found(range(1, 9), 0)
            self.tell_a_change(change, 0)

    # --- what the server does ---

    @precondition(lambda self: self.state == "g")
    @rule(status=some.sampled_from(("OK", "OK", "OK", "PREAUTH", "PREAUTH", "BYE")), size=PIECES)
    def greet(self, status, size):
        told = self.hear(f"* {status} hello", size)
        self.state = {"OK": "n", "PREAUTH": "a", "BYE": "l"}[status]
        is_bye = status == "BYE"
        assert told == [("bye", "", "hello") if is_bye else ("greeting", status, "", "hello")]

    @precondition(lambda self: self.flights)
    @rule(data=some.data(), status=STATUS, size=PIECES)
    def answer(self, data, status, size):
        self.answer_to(data.draw(some.sampled_from(self.flights)), status, size)

    def answer_to(self, flight, status, size):
        told = self.hear(f"{flight.tag} {status} [X] words", size)
        name = flight.name.replace("-", " ")
        expected = ("completed", flight.tag, name, status, "X", "words", flight.result())
        assert told == [expected]
        after = {"OK": AFTER_OK, "NO": AFTER_NO, "BAD": {}}[status].get(flight.name, self.state)
        self.state = self.state if self.state == "l" else after
        self.flights.remove(flight)
        self.is_idling = self.is_challenged = False

    @precondition(lambda self: self.state != "g")
    @rule(data=some.data(), size=PIECES)
    def answer_what_is_not_in_flight(self, data, size):
        flying = [flight.tag for flight in self.flights]
        tag = data.draw(some.sampled_from([tag for tag in self.tags if tag not in flying] + ["q"]))
        assert self.hear(f"{tag} OK again", size) == [("other", tag)]

    @precondition(lambda self: self.state != "g")
    @rule(size=PIECES)
    def prompt(self, size):
        told = self.hear("+ go on", size)
        sent = self.engine.to_send()
        last = self.flights[-1] if self.flights else Flight("", "")
        if last.waits:
            assert sent.endswith(b"\r\n") and told == []
            last.waits = False
        elif last.name == "AUTHENTICATE":
            assert told == [("challenge", b"go on")] and sent == b""
            self.is_challenged = True
        elif last.name == "IDLE" and not self.is_idling:
            assert told == [("idling",)] and sent == b""
            self.is_idling = True
        else:
            assert told == [] and sent == b""

    @precondition(lambda self: self.state != "g")
    @rule(number=some.integers(0, 9), count=some.integers(0, 30), size=PIECES)
    def tell(self, number, count, size):
        if number < 3:
            self.tell_the_size(number, size)
        elif number < 6:
            self.tell_a_change(CHANGES[number - 3], size)
        elif number < 9:
            self.tell_what_was_found(range(number, number + 3 * count, 3), size)
        else:
            assert self.hear("* X-NEWS (a {2}\r\n)( b)", size) == [("other", "X-NEWS")]

    def tell_the_size(self, number, size):
        is_news = number != self.exists
        assert self.hear(f"* {number} EXISTS", size) == [("exists", number)] * is_news
        self.exists = number
        if is_news:
            self.outdate()

    def tell_a_change(self, change, size):
        told = self.hear("* " + change, size)
        assert len(told) == 1 and told[0][0].upper() in change
        self.exists = max(0, self.exists - 1) if "EXPUNGE" in change else self.exists
        self.outdate()

    def tell_what_was_found(self, numbers, size):
        assert self.hear(" ".join(["* SEARCH", *map(str, numbers)]), size) == []
        for flight in self.flights:
            if flight.is_search:
                flight.numbers += numbers
                flight.has_line = True

    @precondition(lambda self: len(self.tags) > 9)  # little is left to see after it
    @rule(size=PIECES)
    def say_goodbye(self, size):
        assert self.hear("* BYE [UNAVAILABLE] x", size) == [("bye", "UNAVAILABLE", "x")]
        self.state = "l"

    # --- always ---

    @invariant()
    def engine_is_like_the_model(self):
        assert self.engine.to_send() == b""
        assert (self.engine.state, self.engine.exists) == (self.state, self.exists)

    def teardown(self):
        self.engine.eof()
        assert self.engine.next_event() == ("eof",) == self.engine.next_event()


TestConnection = Connection.TestCase
TestConnection.settings = settings(max_examples=300, stateful_step_count=60)
