"""Runs everything: one task each for link, accounts, light, screen, button and console.

Application layer; pulse.py watches over them. Hardware comes as objects with few methods; nothing
here knows a pin or a socket.
"""

import asyncio

from micropython import const

from postlamp.app import pages, patterns
from postlamp.app.status import asked
from postlamp.errors import LinkError, PostlampError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.app.pages import Page
    from postlamp.app.pulse import Pulse
    from postlamp.app.status import Status
    from postlamp.app.tasks import Task
    from postlamp.app.words import Words
    from postlamp.mail.watcher import Watcher

_LIGHT_STEP_MS = const(25)  # 40 steps a second
_LOOK_MS = const(86400000)  # half of it, twelve hours, is a whole number of every period
_WATCHER_S = const(600)  # a try takes minutes at the worst
_STEP_MS = const(1000)  # of the link, and of the ages on the screen
_BUTTON_MS = const(20)  # contacts bounce for 5-10 ms: two equal looks are a fact
_MUTE_S = const(300)
_LINK_S = const(900)  # many networks to try, none of which answers


class Supervisor:
    """Owns what is seen and touched. `fitted` is (light, screen, button); each may be None, and so
    may `wifi`: then nobody is watched.
    """

    def __init__(
        self,
        status: "Status",
        words: "Words",
        clock: "Any",
        wifi: "Any",
        fitted: "tuple[Any, Any, Any]",
        pulse: "Pulse",
    ) -> None:
        self._status = status
        self._words = words
        self._clock = clock
        self._wifi = wifi
        self._light, self._screen, self._button = fitted
        self._colours = bytearray(3 * self._light.pixels) if self._light else bytearray()
        self._pulse = pulse
        self._watchers: "list[Watcher]" = []
        self._is_changed = False
        self._told: "object" = None
        self._doubt = asked("look_of", "not_sure")  # for when there is no memory to ask

    def change(self) -> None:
        """Something an account knows has changed: show it now, not at the next step."""
        self._is_changed = True

    def darken(self) -> None:
        """Let neither light nor screen go on saying what it knew. Allocates nothing."""
        if self._light is not None:
            for i in range(len(self._colours)):
                self._colours[i] = 0
            self._light.show(self._colours)
        if self._screen is not None:
            self._screen.darken()

    async def run(self, watchers: "list[Watcher]", console: "Any" = None) -> None:
        """Run until it is time to restart, and restart; Ctrl-C ends it."""
        self._watchers = watchers
        pulse = self._pulse
        if watchers:  # none: not set up, or in another mode than watching
            self._status.watch([watcher.account for watcher in watchers])
            self._link_task = pulse.start("link", self._keep_link, _LINK_S)
        if self._light is not None:
            self._light_task = pulse.start("light", self._run_light)
        if self._button is not None:
            self._button_task = pulse.start("button", self._run_button)
        if console is not None:
            pulse.start("console", console.run, 0)
        self._screen_task = pulse.start("screen", self._run_screen)
        await pulse.run(watchers)

    async def _keep_link(self) -> None:
        """Keep Wi-Fi up, the clock set and the watchers running while both hold."""
        wifi, clock = self._wifi, self._clock
        sync_at = 0
        while True:
            tasks: "list[Task]" = []
            wait_s = 0
            try:
                await wifi.join(self._miss)
                joined_at = clock.now_s()
                while wifi.is_up():
                    now_s = clock.now_s()
                    if now_s >= sync_at:
                        sync_at = now_s + await clock.sync()
                    if not tasks:
                        for watcher in self._watchers:
                            # its waits for the next look count, those for the next try do not
                            limit_s = _WATCHER_S + watcher.account.count_interval_s()
                            run = watcher.run
                            tasks.append(self._pulse.start("watcher", run, limit_s, watcher))
                    if self._is_mute(joined_at, now_s - _MUTE_S):
                        wifi.close()
                        break
                    self._live(0)
                    await asyncio.sleep_ms(_STEP_MS)
                else:
                    raise LinkError("wifi", wifi.ssid)
            except PostlampError as error:
                wait_s = error.wait_s
                self._miss(error)
            finally:
                # whatever ends this: two watchers of one account would show two truths.
                # A cancellation may be lost in a wait that ends just then, or in a MemoryError.
                for task in tasks:
                    while not task.handle.done():
                        task.handle.cancel()
                        await asyncio.sleep_ms(0)
            await self._rest(wait_s)

    async def _rest(self, wait_s: int) -> None:
        """Wait so long, a second at least, or until the button is pressed."""
        retry_at = self._clock.now_s() + wait_s
        self._wifi.failures = wait_s  # a press makes it 0
        await asyncio.sleep_ms(_STEP_MS)
        while self._wifi.failures and self._clock.now_s() < retry_at:
            await asyncio.sleep_ms(_STEP_MS)

    def _miss(self, error: PostlampError) -> None:
        """There is no link, for so long as the error says."""
        self._pulse.log.log("W", "link", repr(error))
        self._live(error.wait_s)
        for watcher in self._watchers:
            watcher.account.fail(error, self._clock.now_s() + error.wait_s)

    def _live(self, wait_s: int) -> None:
        """A sign of life; the next one comes only after `wait_s`."""
        self._link_task.quiet_s = -wait_s

    def _is_mute(self, joined_at: int, since: int) -> bool:
        """Nothing came from any server: what seems to be Wi-Fi may be a black hole."""
        for watcher in self._watchers:
            account = watcher.account
            if account.cause not in ("silent", "dns", "unreachable"):
                return False
            joined_at = max(joined_at, account.link_proven_at or 0)
        return joined_at <= since

    async def _run_light(self) -> None:
        """Forty steps a second; a look's time starts when the state does."""
        light, status, task = self._light, self._status, self._light_task
        colours, draw = self._colours, patterns.drawing(light.pixels)
        state = ""
        last = self._clock.ticks_ms()
        while True:
            if status.state != state:
                state, ms = status.state, 0
                look = self._look_of(state)
            draw(look, ms, colours, status.known, status.last_unseen or 0)
            light.show(colours)
            task.quiet_s = 0
            await asyncio.sleep_ms(_LIGHT_STEP_MS)
            step = self._clock.elapsed_ms(last)
            last = self._clock.ticks_ms()
            ms += step if ms < _LOOK_MS else step - _LOOK_MS // 2

    def _look_of(self, state: str) -> "Any":
        try:
            return asked("look_of", state)
        except MemoryError:
            return self._doubt

    async def _run_screen(self) -> None:
        """Follow the status: the screen if fitted, and one line on the console for each change."""
        while True:
            self._is_changed = False
            self._pulse.heed()
            self._status.refresh()
            page = pages.compose(self._status, self._words)
            self._tell(page)
            if self._screen is not None:
                self._screen.show(page)
                while self._screen.step():
                    await asyncio.sleep_ms(0)
            self._screen_task.quiet_s = 0
            since = self._clock.ticks_ms()
            is_due = False
            while not is_due:  # to wait for an Event would take 700 bytes
                await asyncio.sleep_ms(_LIGHT_STEP_MS)
                is_due = self._is_changed or self._clock.elapsed_ms(since) >= _STEP_MS

    async def _run_button(self) -> None:
        """A press ends the swelling, or tries again now."""
        while True:
            self._button_task.quiet_s = 0
            await asyncio.sleep_ms(_BUTTON_MS)
            if not self._button.sample(self._clock.ticks_ms()):
                continue
            if self._status.state == "safe":
                await self._pulse.restart("watching")
            is_new = self._status.state == "new"
            if self._wifi is not None:
                self._wifi.failures = 0  # look for it, or for the time, now
            for watcher in self._watchers:
                if is_new:
                    watcher.account.announce(0, None)
                else:
                    watcher.wake()

    def _tell(self, page: "Page") -> None:
        """One `@status` line for the computer at the other end, for each change but ageing."""
        status = self._status
        # page[4] and page[6] may be ages, and the foot is one
        known = (status.state, status.cause, status.unseen, status.reconnects, status.subject)
        facts = (known, page[:4], page[5])
        if facts == self._told:
            return
        self._told = facts
        from postlamp.app import report

        try:
            report.tell(status, page)
        finally:
            del report  # a name still in use would keep the module
            drop("postlamp.app.report")
