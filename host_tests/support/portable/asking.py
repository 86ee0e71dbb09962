"""A gadget that the console's commands are asked about, without tasks or hardware."""

import json

from postlamp.app.status import Status
from postlamp.mail.account import Account
from postlamp.service import answers, commands, overview

if False:  # for type checkers: MicroPython has no such module
    from typing import Any

NOW = 90000
SECRET = "hunter2-marked"
_REPLACED = (
    (answers, "asyncio"),
    (overview, "asyncio"),
    (overview, "gc"),
    (overview, "micropython"),
    (answers, "print"),
    (commands, "print"),
    (overview, "print"),
)


class Clock:
    """`is_known` says whether the time of day is set."""

    def __init__(self) -> None:
        self.is_known = True
        self.now = 0

    def now_s(self) -> int:
        """Seconds since the start."""
        return self.now

    def is_set(self) -> bool:
        """Whether the time of day is set."""
        return self.is_known

    def local(self) -> "tuple[int, int, int, int] | None":
        """The time of day."""
        return (14, 7, 0, 23) if self.is_known else None


class WiFi:
    """Joined as long as `dbm` is not None."""

    ssid = "home"
    networks = ({"ssid": "home", "password": SECRET},)

    def __init__(self) -> None:
        self.dbm: int | None = -58

    def is_up(self) -> bool:
        """Whether it is joined."""
        return self.dbm is not None

    def rssi(self) -> "int | None":
        """How strong the signal is."""
        return self.dbm


class Watcher:
    """Has an account, and a secret that nobody asks for."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.settings = {"password": SECRET}


class Gadget:
    """What the commands are handed, and what they print and ask for."""

    def __init__(self, mode: str = "watching") -> None:
        self.clock = Clock()
        self.wifi: WiFi | None = WiFi()
        self.kept = ['I (3) link: up as "home"', "W (9) work: dns"]
        self.account = Account("work", 60, lambda: None)
        self.status = Status(self.clock)  # type: ignore[arg-type]
        self.status.watch([self.account])
        self.clock.now = NOW
        self.mode = mode
        self.restarts: list[str] = []
        self.printed = ""

    def lines(self) -> "list[str]":
        """The log."""
        return self.kept

    async def restart(self, mode: str) -> None:
        """Notes what was asked for, and goes on."""
        self.restarts.append(mode)
        self.printed += "(restarted)\n"

    def facts(self, wifi: object) -> "list[tuple[str, str]]":
        """What app/facts.py tells, in part."""
        assert wifi is self.wifi
        return [
            ("state", "x"),
            ("uptime_s", "90000"),
            ("heap_free", "31000"),
            ("rssi", "-1"),
            ("last_crash", "MemoryError in light"),
        ]

    async def sleep_ms(self, ms: int) -> None:
        """Nobody else has anything to do."""

    def collect(self) -> None:
        """Nothing is garbage here."""

    def mem_info(self) -> None:
        """As MicroPython's, in part."""
        self._print(" No. of 1-blocks: 9, 2-blocks: 8, max blk sz: 64, max free sz: 412")

    def ask(self, line: "str | bytes") -> str:
        """Everything that is printed for a line."""
        self.status.refresh()
        self.printed = ""
        facts = self.status, [Watcher(self.account)], self.wifi, self.clock, self.facts
        line = line if isinstance(line, bytes) else line.encode()
        answer = commands.obey(line, self.mode, self, self.restart, *facts)
        kept = [getattr(module, name, None) for module, name in _REPLACED]
        for module, name in _REPLACED:
            setattr(module, name, self._print if name == "print" else self)
        try:
            answer.send(None)
            raise AssertionError("it waits for something")
        except StopIteration:
            return self._checked()
        finally:
            for (module, name), value in zip(_REPLACED, kept):  # noqa: B905 (no strict there)
                if value is None:
                    delattr(module, name)
                else:
                    setattr(module, name, value)

    def ask_json(self, line: str) -> "Any":
        """The one line that a tool gets, as what it holds."""
        printed = self.ask("@json " + line)
        before, first, rest = printed.split("\n", 2)
        assert not before  # a prompt may stand there
        assert first.startswith("@json ") and rest in ("", "(restarted)\n")
        return json.loads(first[len("@json ") :])

    def _checked(self) -> str:
        assert SECRET not in self.printed
        return self.printed

    def _print(self, *words: object, sep: str = " ", end: str = "\n") -> None:
        self.printed += sep.join([str(word) for word in words]) + end
