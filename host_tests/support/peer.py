r"""A scripted byte peer on a loopback port: plays lists of steps, over TCP or TLS. Knows no IMAP.

A script is a list of steps made by the functions below; each connection plays the next script.
    with Peer([expect(rb"(?P<tag>\S+) NOOP\r\n"), send(b"{tag} OK\r\n")]) as peer:
        ... connect to 127.0.0.1:peer.port ...
    peer.check()  # raises what went wrong on the peer's side
"""

import contextlib
import re
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator

_PATIENCE_S = 20.0  # no step waits longer: a test must fail, not hang
_open: "dict[int, Peer]" = {}  # by port


class ScriptError(AssertionError):
    """The other side did not do what the script expects."""


class Line:
    """One accepted connection while its script is played."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.seen = bytearray()  # all that came
        self.unread = bytearray()  # what no step has taken yet
        self.names: dict[str, bytes] = {}  # what the named groups of all expects matched
        self.is_waiting = False  # for the client, or it is over

    def receive(self) -> bool:
        """Takes in what came; False at the end of the stream."""
        self.is_waiting = True
        if not _wait_readable(self.sock, _PATIENCE_S):
            raise TimeoutError
        self.is_waiting = False
        data = self.sock.recv(65536)
        self.seen += data
        self.unread += data
        return bool(data)

    def is_busy(self) -> bool:
        """Whether there is something to read, or to be done with what was read."""
        try:
            return not self.is_waiting or _wait_readable(self.sock, 0)
        except (OSError, ValueError):  # it was closed
            return False


Step = Callable[[Line], None]


def send(data: bytes) -> Step:
    """Sends `data`; {name} stands for what the group of that name matched in an expect."""
    return lambda line: line.sock.sendall(_filled(line, data))


def drip(data: bytes, every_s: float) -> Step:
    """Sends `data`, filled in as by send, byte by byte."""

    def step(line: Line) -> None:
        filled = _filled(line, data)
        for at in range(len(filled)):
            line.sock.sendall(filled[at : at + 1])
            time.sleep(every_s)

    return step


def expect(pattern: bytes) -> Step:
    """Waits until `pattern` matches what came, from its start."""
    compiled = re.compile(pattern, re.DOTALL)

    def step(line: Line) -> None:
        while not (match := compiled.match(bytes(line.unread))):
            try:
                alive = line.receive()
            except TimeoutError:
                alive = False
            if not alive:
                raise ScriptError(f"wanted {pattern!r}, got {bytes(line.unread)!r}")
        line.names.update(match.groupdict())
        del line.unread[: match.end()]

    return step


def delay(seconds: float) -> Step:
    """Does nothing for a while."""
    return lambda line: time.sleep(seconds)


def stall(is_over: threading.Event) -> Step:
    """Takes nothing and says nothing until the event is set, nor does it leave before."""

    def step(line: Line) -> None:
        if not is_over.wait(_PATIENCE_S):
            raise ScriptError("a stall that nobody ended")

    return step


def hold() -> Step:
    """Says nothing more, takes what comes, until the other side leaves."""

    def step(line: Line) -> None:
        with contextlib.suppress(OSError):
            while line.receive():
                pass

    return step


def fin() -> Step:
    """Ends the TCP stream, without a word from TLS, as Cyrus does."""
    return lambda line: line.sock.shutdown(socket.SHUT_RDWR)


def secure(tls: ssl.SSLContext) -> Step:
    """Shakes hands on the open connection, as after STARTTLS; the client may refuse."""

    def step(line: Line) -> None:
        sock = tls.wrap_socket(line.sock, server_side=True, do_handshake_on_connect=False)
        line.sock = sock
        with contextlib.suppress(OSError):
            sock.do_handshake()

    return step


def close_notify() -> Step:
    """Ends the TLS stream politely."""

    def step(line: Line) -> None:
        assert isinstance(line.sock, ssl.SSLSocket)
        line.sock.unwrap()

    return step


def rst() -> Step:
    """Breaks the connection with a TCP reset."""

    def step(line: Line) -> None:
        line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # detach first: an SSLSocket would shake hands once more
        socket.socket(fileno=line.sock.detach()).close()

    return step


def _wait_readable(sock: socket.socket, timeout_s: float) -> bool:
    """Until there is something to read, or to accept; at once if TLS has it already."""
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    return bool(select.select([sock], [], [], timeout_s)[0])


def _filled(line: Line, data: bytes) -> bytes:
    for name, value in line.names.items():
        data = data.replace(b"{%s}" % name.encode(), value)
    return data


class Peer:
    """Listens on a free loopback port and plays one script for each connection.

    With fewer scripts than connections the last one is played again. `tls` is a server-side
    SSLContext for TLS from the first byte.
    """

    def __init__(self, *scripts: list[Step], tls: ssl.SSLContext | None = None) -> None:
        self._scripts = scripts or ([hold()],)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.lines: list[Line] = []
        self._failures: list[Exception] = []
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._running = 0
        self._is_accepting = False

    def __enter__(self) -> "Peer":
        _open[self.port] = self
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        del _open[self.port]
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self.lines:
            with contextlib.suppress(OSError):
                # Not SSLSocket's: it forgets TLS, and the script would read what is enciphered
                socket.socket.shutdown(line.sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def is_waiting(self) -> bool:
        """Whether every connection has read all that came, and now waits for the client."""
        if self._is_accepting or _wait_readable(self._listener, 0):
            return False
        return not any(line.is_busy() for line in self.lines)

    def check(self, within_s: float = 5.0) -> None:
        """Waits until no script is running; raises the first thing that went wrong."""
        with self._changed:
            is_done = self._changed.wait_for(lambda: not self._running, within_s)
        if self._failures:
            raise self._failures[0]
        if not is_done:
            raise ScriptError("a script is still running")

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                _wait_readable(self._listener, _PATIENCE_S)
                self._is_accepting = True
                sock, _ = self._listener.accept()
            except (OSError, ValueError):  # it was closed
                return
            script = self._scripts[min(len(self.lines), len(self._scripts) - 1)]
            sock.settimeout(_PATIENCE_S)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = Line(sock)
            self.lines.append(line)
            self._running += 1
            self._start(self._play, line, script)
            self._is_accepting = False

    def _play(self, line: Line, script: list[Step]) -> None:
        try:
            if self._tls and not self._secure(line):
                return
            for step in script:
                step(line)
        except (OSError, ScriptError) as err:
            self._failures.append(err)
        finally:
            line.sock.close()
            line.is_waiting = True
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _secure(self, line: Line) -> bool:
        """Shakes hands; False when the client refused us, which is its right."""
        assert self._tls
        try:
            # Two steps, so that leaving the block can end a handshake that hangs
            sock = self._tls.wrap_socket(
                line.sock, server_side=True, do_handshake_on_connect=False
            )
            line.sock = sock
            sock.do_handshake()
        except OSError:
            return False
        return True


def is_waiting(port: int) -> bool:
    """Whether the peer there waits for its client."""
    return port in _open and _open[port].is_waiting()


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port that never answers a SYN: its backlog is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
