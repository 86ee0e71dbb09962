"""The shortest driver of the engine: blocking sockets under CPython, plain or over TLS."""

import socket
import ssl
from types import TracebackType
from typing import Any

from postlamp.imap import access
from postlamp.imap.engine import NEED_DATA, Engine

Event = tuple[Any, ...]
TIMEOUT_S = 20
READ_BYTES = 1024


class IMAPClient:
    """One connection; with `ca_pem` over TLS that is checked. Gathers events in `events`."""

    def __init__(self, host: str, port: int, ca_pem: bytes | None = None) -> None:
        self.engine = Engine()
        self.events: list[Event] = []
        self.sent = b""
        self._host = host
        self._socket = socket.create_connection((host, port), TIMEOUT_S)
        if ca_pem is not None:
            self._shake_hands(ca_pem)

    def event(self) -> Event:
        """Return the next event; raises TimeoutError when none comes."""
        while (found := self.engine.next_event()) is NEED_DATA:
            self.flush()
            chunk = self._socket.recv(READ_BYTES)
            if chunk:
                self.engine.feed(chunk)
            else:
                self.engine.eof()
        event: Event = found
        self.events.append(event)
        return event

    def flush(self) -> None:
        """Send what the engine has ready."""
        out = self.engine.to_send()
        self.sent += out
        if out:
            self._socket.sendall(out)

    def wait(self, *kinds: str) -> Event:
        """Return the first event of these kinds; what came before it stays in `events`."""
        while (event := self.event())[0] not in kinds:
            if event[0] == "eof":
                raise EOFError(f"the server hung up; its events: {self.events}")
        return event

    def finish(self, tag: str) -> Event:
        """Return the completion of the command with this tag."""
        while (event := self.wait("completed"))[1] != tag:
            pass
        return event

    def told(self, tag: str) -> list[Event]:
        """Return what is told from now on up to the completion of the command, which is last."""
        start = len(self.events)
        self.finish(tag)
        return self.events[start:]

    def secure(self, ca_pem: bytes) -> None:
        """Go on over TLS, after the OK to STARTTLS."""
        access.secured(self.engine)
        self._shake_hands(ca_pem)

    def _shake_hands(self, ca_pem: bytes) -> None:
        context = ssl.create_default_context(cadata=ca_pem.decode())
        self._socket = context.wrap_socket(self._socket, server_hostname=self._host)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> "IMAPClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
