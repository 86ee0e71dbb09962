"""The soak's IMAP server, for one connection: honest but for the fault of the hour.

Speaks what a watcher needs of IMAP4rev1, with the manners that the world gives it.
"""

from binascii import a2b_base64
from time import elapsed_ms

from line import Line
from micropython import const

_NOTE_BYTES = const(400)
_BASE = "IMAP4rev1 UIDPLUS"
_HEADER = const(
    "From: =?utf-8?b?xbthbmV0YSDEhndpa8WCYQ==?= <z%d@example.org>\r\n"
    "Subject: =?utf-8?q?Za=C5=BC=C3=B3=C5=82=C4=87?= number %d\r\n\r\n"
)


class Server(Line):
    """`hear` and `push` are how the world tells of its mailbox."""

    def __init__(self, world: "object", news: "object") -> None:
        super().__init__(world, news)
        self._ends_at = 0  # the session, if ever
        self._tag = ""
        self._asked = ""  # the mechanism that waits for words
        self._is_selected = False
        self._is_idling = False
        self._untold = []
        self._is_more = False  # EXISTS is still to be told
        self._is_listed = False  # by the last SEARCH of the whole mailbox
        self._greet()

    def give(self, buffer: bytearray) -> "int | None":
        """As a line's; a session may be over."""
        if self._ends_at and elapsed_ms() >= self._ends_at:
            self._ends_at = 0
            self.kick("bye")
        return super().give(buffer)

    def next_at(self) -> int:
        """As a line's."""
        at = super().next_at()
        return min(at, self._ends_at) if self._ends_at else at

    def kick(self, how: str) -> None:
        """As a line's; bye is told before the end, endidle ends nothing but IDLE."""
        if how == "bye":
            self.say("* BYE Session ended")
            self.send()
            how = "fin"
        elif how == "endidle":
            if self._is_idling:
                self._is_idling = False
                self._end("OK IDLE terminated")
            return
        super().kick(how)

    def hear(self, kind: str, index: int) -> None:
        """The mailbox has changed; to be told when it is time."""
        if not self._is_selected or self._world.tells == "none":
            return
        if kind == "exists":
            self._is_more = True
            return
        size = self._world.mailbox.size
        if self._is_more:  # a message is not spoken of before it is told
            self._is_more = False
            self._note(f"* {size + (kind == 'expunge')} EXISTS")
        if kind == "expunge":
            self._note(f"* {index + 1} EXPUNGE")
        elif self._world.tells == "all":
            flags = self._world.mailbox.flags(index).decode()
            self._note(f"* {index + 1} FETCH (FLAGS ({flags}))")

    def push(self) -> None:
        """The mailbox has changed for now: tell who idles."""
        if self._is_idling and self._world.tells in ("all", "some"):
            self._tell_news()
            self.send()

    def _note(self, line: str) -> None:
        """Keep a line for later, in pieces that are easy to find memory for."""
        if not self._untold or len(self._untold[-1]) > _NOTE_BYTES:
            self._untold.append(bytearray())
        self._untold[-1] += line.encode() + b"\r\n"

    def _tell_news(self) -> None:
        while self._untold:
            self.write(self._untold.pop(0))
        if self._is_more:
            self._is_more = False
            self.say(f"* {self._world.mailbox.size} EXISTS")

    def _greet(self) -> None:
        fault = self._world.fault
        if fault == "mute":
            return
        if fault == "garbage":
            self.say("HTTP/1.1 400 Bad Request")
        elif fault == "limit":
            self.say("* BYE [ALERT] Too many simultaneous connections")
        else:
            self.say(f"* OK [CAPABILITY {self._capabilities()}] ready")
        self.send()
        if fault in ("limit", "garbage"):
            self.end = "fin"

    def _capabilities(self) -> str:
        names = _BASE
        if self._world.auth != "LOGIN":
            names += " AUTH=PLAIN AUTH=LOGIN"
            if self._world.auth == "SASL-IR":
                names += " SASL-IR"
        if self._world.has_starttls:
            names += " STARTTLS"
        if self._world.has_idle:
            names += " IDLE"
        if self._world.esearch != "no":
            names += " ESEARCH"
        return names

    def obey(self, line: str) -> None:
        """One line of the client."""
        if self._asked:
            self._authenticate_on(line)
        elif self._is_idling:
            if line.upper() == "DONE":
                self._is_idling = False
                self._end("OK Idle completed")
        else:
            self._tag, _, words = line.partition(" ")
            name, _, rest = words.partition(" ")
            if name.upper() == "UID":
                name, _, rest = rest.partition(" ")
                name = "uid_" + name
            do = getattr(self, "_do_" + name.lower(), None)
            if do is None:
                self._end("BAD unknown command")
            else:
                do(rest)

    def _end(self, words: str, note: "object" = None) -> None:
        self.say(self._tag + " " + words)
        self.send(note)

    def _do_capability(self, _rest: str) -> None:
        self.say("* CAPABILITY " + self._capabilities())
        self._end("OK done")

    def _do_starttls(self, _rest: str) -> None:
        self._end("OK begin")

    def _do_login(self, rest: str) -> None:
        self._judge(rest == self._world.login)

    def _do_authenticate(self, rest: str) -> None:
        self._asked, _, words = rest.partition(" ")
        if words:
            self._authenticate_on(words)
        else:
            self.say("+ " + ("VXNlcm5hbWU6" if self._asked == "LOGIN" else ""))
            self.send()

    def _authenticate_on(self, line: str) -> None:
        words = a2b_base64(line)
        if self._asked == "LOGIN" and words == b"me":
            self.say("+ UGFzc3dvcmQ6")
            self.send()
            return
        expected = b"secret" if self._asked == "LOGIN" else b"\0me\0secret"
        self._asked = ""
        self._judge(words == expected)

    def _judge(self, is_right: bool) -> None:
        fault = self._world.fault
        if fault == "password" or not is_right:
            self._world.say("a")
            self._end("NO [AUTHENTICATIONFAILED] Invalid credentials")
        elif fault == "unavailable":
            self._end("NO [UNAVAILABLE] Temporary authentication failure")
        else:
            if self._world.session_s:
                self._ends_at = elapsed_ms() + self._world.session_s * 1000
            self._end("OK logged in")

    def _do_logout(self, _rest: str) -> None:
        self.say("* BYE Logging out")
        self._end("OK done")
        self.end = "fin"

    def _do_examine(self, _rest: str) -> None:
        self._is_selected = False
        if self._world.fault == "mailbox":
            self._end("NO [NONEXISTENT] No such mailbox")
            return
        mailbox = self._world.mailbox
        self._untold.clear()
        self._is_more = False
        self.say(f"* {mailbox.size} EXISTS")
        self.say(f"* OK [UIDVALIDITY {mailbox.uidvalidity}] ok")
        self.say(f"* OK [UIDNEXT {mailbox.uidnext}] ok")
        self._is_selected = True
        self._end("OK [READ-ONLY] done")

    def _do_noop(self, _rest: str) -> None:
        self._tell_news()
        self._end("OK done")

    def _do_idle(self, _rest: str) -> None:
        self._is_idling = True
        self.say("+ idling")
        if self._world.tells in ("all", "some"):
            self._tell_news()
        self.send()

    def _do_uid_search(self, rest: str) -> None:
        if self._world.fault == "throttle":
            self._end("BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds")
            return
        is_extended = rest.startswith("RETURN")
        uid_from = 0
        if " UID " in " " + rest:
            uid_from = int(rest.partition("UID ")[2].partition(":")[0])
        mailbox = self._world.mailbox
        count, highest, pieces = mailbox.found(uid_from)
        note = None if uid_from else (count, elapsed_ms(), mailbox.delivered)
        if is_extended:
            # Who has just been given a list compares; who has not takes the count as it is
            how, true_count = "tried" if self._is_listed else "believed", count
            if self._world.esearch == "lies":
                note, count = None, mailbox.size
            self._world.counted(how, count, true_count)
            highest_words = f" MAX {highest}" if count else ""
            self.say(f'* ESEARCH (TAG "{self._tag}") UID COUNT {count}{highest_words}')
        else:
            self.write(b"* SEARCH")
            for piece in pieces:
                self.write(piece)
            self.say("")
        if not uid_from:
            self._is_listed = not is_extended
            self._world.interrupt()
        self._tell_news()
        self._end("OK done", note)

    def _do_uid_fetch(self, rest: str) -> None:
        uid = int(rest.partition(" ")[0])
        index = self._world.mailbox.index_of(uid)
        if index >= 0:
            block = (_HEADER % (uid, uid)).encode()
            words = "* %d FETCH (UID %d BODY[HEADER.FIELDS (FROM SUBJECT DATE)] {%d}"
            self.say(words % (index + 1, uid, len(block)), block, ")")
        self._end("OK done")
