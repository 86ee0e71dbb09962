"""Runs under MicroPython: weeks of the gadget's life in minutes, against the world of a plan.

As gadget.py puts it together, but over no hardware and over a link within this process. One JSON
line in says what to do; what is printed is for soak/judge.py.
"""

import gc

gc.threshold(1024)  # as main.py
import json  # noqa: E402
import sys  # noqa: E402

import tasks  # noqa: E402

tasks.install()
import asyncio  # noqa: E402
import time  # noqa: E402
from asyncio import core  # noqa: E402

from link import Link, Station, Threads  # noqa: E402
from world import World  # noqa: E402

sys.modules["_thread"] = Threads()

_LARGEST = 16 * 1024


class Stretched:
    """asyncio for the supervisor: steps of a second or less are longer when nothing is about.

    Or weeks would take hours. `steps` says how long, until so many ms after a fault. Each ends
    when the plan has something to do, and when somebody wakes all.
    """

    def __init__(self, world: "World", steps: "list[list[int]]") -> None:
        self._world = world
        self._steps = steps
        self._sleepers: list[object] = []

    def __getattr__(self, name: str) -> "object":
        return getattr(asyncio, name)

    async def sleep_ms(self, ms: int) -> None:
        """As asyncio's, or longer."""
        sleeper = core.cur_task
        self._sleepers.append(sleeper)
        try:
            await asyncio.sleep_ms(self._stretched(ms))
        finally:
            self._sleepers.remove(sleeper)

    def wake(self) -> None:
        """Ends all steps: what is looked for in short ones must not be found at their ends."""
        for sleeper in self._sleepers:
            if sleeper.data is None:  # else it is being cancelled
                core._task_queue.remove(sleeper)
                core._task_queue.push(sleeper)

    def _stretched(self, ms: int) -> int:
        if not 0 < ms <= 1000:
            return ms
        world, now = self._world, time.elapsed_ms()
        since_ms = now - world.touched_at
        step_ms = next(step for limit, step in self._steps if since_ms < limit)
        if world.next_at > now:
            step_ms = min(step_ms, world.next_at - now)
        return max(ms, step_ms)


class Button:
    """Pressed by the plan."""

    is_pressed = False

    def sample(self, now_ms: int) -> int:
        """How many milliseconds it was held, once."""
        was_pressed, self.is_pressed = self.is_pressed, False
        return 100 if was_pressed else 0


class Light:
    """Twelve pixels that nobody sees."""

    pixels = 12

    def show(self, colours: bytearray) -> None:
        """Takes them."""


class Heart:
    """Of a board that never restarts."""

    start = (0, 1, 0, 0)
    uptime_s = 0

    def beat(self, now_s: int) -> None:
        """There is progress."""

    def note(self) -> None:
        """It has not ended."""

    def memory(self) -> "tuple[int, int, int]":
        """What is free; no system tells."""
        return gc.mem_free(), 0, 0


class Screen:
    """Tells the judge what the gadget claims, whenever it claims something else."""

    def __init__(self, world: "World", status: "object") -> None:
        self._world = world
        self._status = status
        self._told: object = None
        self.shown_at = 0

    def show(self, page: "object") -> None:
        """A page was made of the status."""
        status = self._status
        self.shown_at = time.elapsed_ms()
        claim = (status.state, status.cause or "-", status.unseen, status.new_count)
        if claim != self._told:
            self._told = claim
            self._world.say("s", *claim)

    def step(self) -> bool:
        """It is drawn at once."""
        return False


def largest_block() -> int:
    """The largest piece of memory to be had, up to 16 kB."""
    low, high = 0, _LARGEST
    while high - low > 64:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
    return low


class Gadget:
    """All of it, and how it is driven."""

    def __init__(self, order: "dict[str, object]", world: "World") -> None:
        from postlamp.app import pulse, states, supervisor
        from postlamp.app.log import Log
        from postlamp.app.status import Status
        from postlamp.app.words import Words
        from postlamp.mail.account import Account
        from postlamp.mail.watcher import Tries, Watcher
        from postlamp.net.clock import Clock
        from postlamp.net.wifi import WiFi
        from postlamp.store.state import State

        self._stretched = Stretched(world, order["steps"])
        supervisor.asyncio = pulse.asyncio = self._stretched
        settings = order["settings"]
        self._world = world
        self._clock = Clock(None, time)
        self._clock.sync = self._sync
        self._words = Words("assets/words/en.json")
        self._button = Button()
        network = {"ssid": "home", "password": "long enough", "hidden": False}
        network["ifconfig"], network["pm"] = None, 1
        status = Status(self._clock)
        self._screen = Screen(world, status)
        state = State("state.json")
        self._supervisor = supervisor.Supervisor(
            status,
            self._words,
            self._clock,
            WiFi([network], Station(world)),
            (Light(), self._screen, self._button),
            pulse.Pulse(self._clock, Heart(), state, Log(self._clock), status),
        )
        self._retry_at = None
        self._account = Account("work", settings["poll_s"], self._change)
        self.watcher = Watcher(
            settings,
            self._account,
            Link(world),
            self._clock,
            Tries(world.below),
            states.policy_of,
            state,
        )

    async def live(self, plan: str) -> None:
        """Run until the plan ends."""
        asyncio.create_task(self._follow(plan))
        await self._supervisor.run([self.watcher])

    async def _sync(self) -> int:
        """As the clock's own, but over no socket."""
        from postlamp.modules import drop
        from postlamp.net import ntp

        try:
            return await ntp.sync(self._clock, self._world.tell_time, self._world)
        finally:
            del ntp
            drop("postlamp.net.ntp")

    async def _follow(self, plan: str) -> None:
        """Does the plan line by line: "<ms> <verb> <words>"."""
        world = self._world
        with open(plan) as lines:
            for line in lines:
                at, verb, *words = line.split()
                world.next_at = int(at)
                while time.elapsed_ms() < world.next_at:
                    await asyncio.sleep_ms(world.next_at - time.elapsed_ms())
                if verb == "press":
                    world.say("e", "press")
                    self._button.is_pressed = True
                    self._stretched.wake()
                elif verb == "measure":
                    self._measure()
                elif verb == "end":
                    world.say("x")
                    break
                else:
                    world.do(verb, words)
        sys.exit(0)

    def _change(self) -> None:
        """The account has changed: what the watcher calls."""
        retry_at = self._account.retry_at
        if retry_at != self._retry_at:
            self._retry_at = retry_at
            if retry_at is not None:
                wait_ms = (retry_at - self._clock.now_s()) * 1000
                self._world.say("r", wait_ms, self._account.cause)
        self._supervisor.change()
        self._stretched.wake()

    def _measure(self) -> None:
        """Memory, tasks, and when they last did something."""
        self._words._cache.clear()  # it has up to twelve, whichever were shown last
        gc.collect()
        gc.collect()
        now = time.elapsed_ms()
        memory = gc.mem_alloc(), gc.mem_free(), largest_block()
        ages = now - self._world.asked_at, now - self._screen.shown_at
        self._world.say("h", *memory, tasks.alive, *ages)


def main() -> None:
    """Put it together and let it live."""
    order = json.loads(sys.stdin.readline())
    world = World(order["seed"], order["settings"]["tls"] == "starttls")
    world.do_deliver(order["waiting"])
    gc.collect()
    own_bytes = gc.mem_alloc()
    gadget = Gadget(order, world)
    if order["lie"]:
        import lies

        lies.tell(order["lie"], gadget.watcher)
    gc.collect()
    world.say("o", own_bytes)
    gc.threshold(8192)  # four times what main.py says: weeks would take hours
    asyncio.run(gadget.live(order["plan"]))


main()
