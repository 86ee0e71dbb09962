"""The soak's end of the line: stands where net/transport.py's Transport does, over no socket."""

import asyncio
from asyncio import core
from time import elapsed_ms

from server import Server

from postlamp.errors import LinkError


class Link:
    """A connection that can be opened again and again, to the world's server."""

    def __init__(self, world: "object") -> None:
        self._world = world
        self._talk: Server | None = None

    async def connect(
        self,
        host: str,
        port: int,
        tls: str,
        server_hostname: "str | None" = None,
        connect_ms: int = 15000,
        tls_ms: int = 20000,
    ) -> None:
        """Opens a connection; raises LinkError or TrustError."""
        self.close()
        self._world.say("c")
        await self._world.reach(asyncio.sleep_ms, connect_ms, tls_ms, tls)
        self._talk = self._world.talk = Server(self._world, Alarm())

    async def start_tls(self, server_hostname: str, tls_ms: int = 20000) -> bool:
        """Nothing is secret here."""
        await asyncio.sleep_ms(300)
        return True

    async def readinto(self, buffer: bytearray, deadline_ms: int) -> int:
        """Reads what there is, waiting up to `deadline_ms` from now; 0 is the end of the stream.

        Raises LinkError: silent when nothing came (the connection stays usable), or closed.
        """
        deadline = elapsed_ms() + deadline_ms
        while True:
            talk = self._talk
            if talk is None:
                raise LinkError("closed")
            count = talk.give(buffer)
            if count is not None:
                self._world.heard()
                return count
            left_ms = min(deadline, talk.next_at()) - elapsed_ms()
            if deadline <= elapsed_ms():
                raise LinkError("silent")
            await talk.news.wait(left_ms)

    async def write(self, data: bytes, deadline_ms: int = 20000) -> None:
        """Writes all of `data`; raises LinkError("closed")."""
        if self._talk is None:
            raise LinkError("closed")
        try:
            self._talk.take(data)
        except LinkError as error:
            self.close()
            raise error

    def close(self) -> None:
        """Closes the connection, if there is one; may be called at any time."""
        if self._talk is not None and self._world.talk is self._talk:
            self._world.talk = None
        self._talk = None


class Alarm:
    """Ends a wait early. One task at a time; much cheaper than asyncio.wait_for_ms."""

    def __init__(self) -> None:
        self._waiter: object = None

    async def wait(self, limit_ms: int) -> None:
        """Returns when it rings, or after the limit."""
        self._waiter = core.cur_task
        try:
            await asyncio.sleep_ms(limit_ms)
        finally:
            self._waiter = None

    def ring(self) -> None:
        """Whoever waits goes on."""
        waiter, self._waiter = self._waiter, None
        if waiter is not None and waiter.data is None:  # else it is being cancelled
            core._task_queue.remove(waiter)
            core._task_queue.push(waiter)


class Station:
    """What network.WLAN is to net/wifi.py."""

    def __init__(self, world: "object") -> None:
        self._world = world

    def active(self, is_on: bool) -> None:
        """Always on."""

    def scan(self) -> "list[tuple[object, ...]]":
        """The network, while it is there."""
        return [] if self._world.fault == "wifi" else [(b"home", b"point", 6, -60, 3, False)]

    def connect(self, ssid: str, key: "str | None", bssid: "bytes | None" = None) -> None:
        """Begins to join."""
        self._world.join()

    def disconnect(self) -> None:
        """Leaves."""
        self._world.leave()

    def isconnected(self) -> bool:
        """Whether it has joined."""
        return bool(self._world.is_joined())

    def status(self, what: str = "") -> int:
        """No such network, or connecting; the signal only of what is joined."""
        if what:
            raise OSError("Wifi Not Connected")
        return 201 if self._world.fault == "wifi" else 1001

    def config(self, **values: int) -> None:
        """Takes what it is told."""

    def ipconfig(self, dhcp4: bool) -> None:
        """The address comes with joining."""


class Threads:
    """What _thread is to net/joining.py: a scan takes no time here."""

    def start_new_thread(self, run: "object", args: "tuple[object, ...]") -> None:
        """Run it now."""
        run(*args)
