"""Stands between a client and a server on loopback, and cuts connections the way networks do."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading

_LOOPBACK = "127.0.0.1"
_BLOCK = 16384
_LOOK_S = 0.2
WAYS = ("fin", "rst", "handshake")  # "handshake": a reset after some bytes of the next connection
_HANDSHAKE_BYTES = 700  # in the middle of the server's certificate


class Cutter:
    """Serves `port` and passes everything on to `to_port`, in a thread of its own."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server((_LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._client: socket.socket | None = None
        self._server: socket.socket | None = None
        self._left = 0  # bytes until the handshake is cut
        self._how = ""  # to cut now
        self._is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Cutter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._thread.join()
        self._close("fin")
        self._listener.close()

    def cut(self, how: str) -> None:
        """End the connection that there is, in one of WAYS."""
        self._how = how

    def missing(self) -> str:
        """Why nothing passes any more, or nothing: an error has ended the thread."""
        return "" if self._thread.is_alive() else "the cutter's thread has ended"

    def _run(self) -> None:
        while not self._is_over:
            ends = [end for end in (self._listener, self._client, self._server) if end]
            ready, _, _ = select.select(ends, [], [], 0.002 if self._client else _LOOK_S)
            if self._how:
                how, self._how = self._how, ""
                self._left = _HANDSHAKE_BYTES if how == "handshake" else 0
                self._close("fin" if how == "handshake" else how)
            elif self._listener in ready:
                self._accept()
            else:
                self._carry(ready)

    def _accept(self) -> None:
        self._close("fin")
        self._client, _ = self._listener.accept()
        self._server = socket.create_connection((_LOOPBACK, self._to_port))
        for end in (self._client, self._server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _carry(self, ready: list[socket.socket]) -> None:
        client, server = self._client, self._server
        if client is None or server is None:
            return
        try:
            for end, other in ((client, server), (server, client)):
                if end in ready:
                    data = end.recv(_BLOCK)
                    other.sendall(self._rationed(data) if end is server else data)
                    if not data or self._left < 0:
                        self._left = 0
                        self._close("rst" if data else "fin")
                        return
        except OSError:
            self._close("fin")

    def _rationed(self, data: bytes) -> bytes:
        """What of the server's bytes goes through before the handshake is cut."""
        if not self._left:
            return data
        rest = data[: self._left]
        self._left = self._left - len(data) or -1
        return rest

    def _close(self, how: str) -> None:
        client, server = self._client, self._server
        self._client = self._server = None
        if client is not None:
            if how == "rst":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        if server is not None:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
