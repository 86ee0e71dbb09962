"""A played ESP32: its time, and its station as ports/esp32/network_wlan.c has it; runs on all."""

PERIOD = 1 << 30
NO_AP, WRONG, HANDSHAKE, CONNECTING, IDLE, UP = 201, 202, 15, 1001, 1000, 1010
NO_ADDRESS = "no address"
_BSSID_BYTES = 6
_LEFT = 8  # the reason of a disconnect of our own
_NAMED = (201, 202, 210, 211, 212)
_TRY_MS = 2500


class FakeTime:
    """Passes only when somebody sleeps; its ticks wrap in the middle."""

    def __init__(self) -> None:
        self.start = self.now = PERIOD - 1000

    def ticks_ms(self) -> int:
        """As of the chip's `time`."""
        return self.now % PERIOD

    def ticks_diff(self, end: int, start: int) -> int:
        """As of the chip's `time`."""
        return (end - start + PERIOD // 2) % PERIOD - PERIOD // 2

    async def sleep_ms(self, ms: int) -> None:
        """Nobody else is there to run."""
        self.now += ms

    def passed_ms(self) -> int:
        """Since it was made."""
        return self.now - self.start


class Threads:
    """`_thread`, when there is no memory for one, or with threads that are done at once."""

    def __init__(self, has_memory: bool = True) -> None:
        self.has_memory = has_memory

    def start_new_thread(self, run: "object", args: "tuple[object, ...]") -> None:
        """Run it here and now."""
        if not self.has_memory:
            raise OSError("can't create thread")
        run(*args)  # type: ignore[operator]


class Station:
    """`air`: by name what a try ends with after 2.5 s: a reason, NO_ADDRESS, or None (it is up).

    A list is used up try by try. `points`: what a scan finds, as (name, rssi). The methods are
    those of network.WLAN; `calls` are what was asked of it.
    """

    def __init__(
        self,
        time: FakeTime,
        air: "dict[str, object]",
        points: "list[tuple[str, int]] | None" = None,
    ) -> None:
        self.time = time
        self.air = air
        self.points = [(name, -60) for name in air] if points is None else points
        self.calls: list[tuple[object, ...]] = []
        self.is_active = self.is_joined = self.is_up = self.is_wanted = False
        self.reason = self.retries = self.limit = self.deaf = 0
        self.since: int | None = None
        self.target = ""

    def active(self, on: bool) -> None:
        """Switch the radio on; `deaf` times there is no memory for it."""
        if self.deaf:
            self.deaf -= 1
            raise OSError("WiFi Out of Memory")
        self._advance()
        self.is_active = on
        if not on and (self.is_joined or self.since is not None):
            self._lose(_LEFT)

    def scan(self) -> "list[tuple[object, ...]]":
        """What is in the air; the chip cannot do so while it connects."""
        if not self.is_active:
            raise OSError("STA must be active")
        assert self.since is None
        self.calls.append(("scan",))
        points = enumerate(self.points)
        return [(name.encode(), b"bssid%d" % at, 6, rssi, 3, False) for at, (name, rssi) in points]

    def config(self, *names: str, **values: int) -> object:
        """The name of the network that it knows by itself; or how often it tries, and pm."""
        if len(names) > 1:
            raise TypeError("can query only one param")
        if names == ("ssid",):
            return "given"
        for name in names or values:
            if name not in ("reconnects", "pm"):
                is_real = name == "ssid"
                raise OSError("AP required") if is_real else ValueError("unknown config param")
        self._must_rest()
        self.limit = values["reconnects"] + 1
        self.calls.append(("pm", values["pm"]))
        return None

    def ifconfig(self, addresses: object) -> None:
        """Have a fixed address."""
        self.calls.append(("static", addresses))

    def ipconfig(self, dhcp4: bool) -> None:
        """Ask for an address."""
        assert dhcp4

    def connect(
        self, ssid: str = "", key: "str | None" = None, bssid: "bytes | None" = None
    ) -> None:
        """Begin to try; refused while a try goes on, or what is joined was not left.

        Without a name: what was tried last, as the chip remembers it.
        """
        if bssid is not None and len(bssid) != _BSSID_BYTES:
            raise ValueError
        self._must_be_on()
        self._must_rest()
        if self.is_joined:
            raise OSError("Wifi Internal Error")
        self.calls.append((ssid, key, bssid))
        self.target, self.retries, self.is_wanted = ssid or self.target, 0, True
        self.since = self.time.now

    def disconnect(self) -> None:
        """End whatever goes on; only what went on leaves a reason."""
        self._advance()
        self.is_wanted = False
        self._must_be_on()
        if self.is_joined or self.since is not None:
            self._lose(_LEFT)

    def isconnected(self) -> bool:
        """Joined, with an address."""
        self._advance()
        return self.is_up

    def status(self, what: str = "") -> int:
        """The code of the state, in which old reasons live on; or the signal's strength."""
        self._advance()
        if what not in ("", "rssi"):
            raise ValueError("unknown status param")
        if what:
            if not self.is_joined:
                raise OSError("Wifi Not Connected")
            return -60
        if self.is_up:
            return UP
        if self.reason in _NAMED:
            return self.reason
        if self.reason == _LEFT:
            return IDLE
        if self.is_wanted and (not self.limit or self.retries < self.limit):
            return CONNECTING
        return self.reason or IDLE

    def _must_be_on(self) -> None:
        if not self.is_active:
            raise OSError("Wifi Not Started")

    def _must_rest(self) -> None:
        self._advance()
        if self.since is not None:
            raise OSError("Wifi Internal State Error")

    def _advance(self) -> None:
        if self.since is None or self.time.now - self.since < _TRY_MS:
            return
        outcome = self.air.get(self.target, NO_AP)
        if isinstance(outcome, list):
            outcome = outcome.pop(0)
        if isinstance(outcome, int):
            self._lose(outcome)
            return
        self.is_joined, self.since = True, None
        if outcome != NO_ADDRESS:
            self.is_up, self.reason = True, 0

    def _lose(self, reason: int) -> None:
        self.reason, self.since = reason, None
        self.is_joined = self.is_up = False
        if self.is_wanted and self.is_active:
            self.retries += 1
            if not self.limit or self.retries < self.limit:
                self.since = self.time.now
