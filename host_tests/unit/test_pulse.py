"""What is watched over: tasks that fail or hang, memory, and restarts by plan."""

import asyncio

from postlamp.errors import LinkError, ServerError
from supervised import FakeWatcher, Gadget

NEEDS = "micropython"


def test_a_task_that_fails_begins_again_later_and_later():
    gadget, pauses = Gadget(FakeWatcher()), []

    async def use(gadget):
        async def fail():
            pauses.append(-task.quiet_s)
            raise ValueError("again")

        task = gadget.pulse.start("sound", fail, 60)
        await gadget.until(lambda g: len(pauses) == 12)
        assert pauses == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], pauses
        assert gadget.watcher.account.cause is None  # it is nobody's mail
        task.handle.cancel()

    gadget.run(use)


def test_what_ran_for_a_minute_begins_again_at_once():
    async def use(gadget):
        going = [True]

        async def run():
            while going[0]:
                await asyncio.sleep_ms(1)
            raise ValueError("once")

        task = gadget.pulse.start("sound", run, 0)
        task.failures = 5
        await asyncio.sleep_ms(0)
        task.look(59)
        assert task.failures == 5
        task.look(1)
        assert task.failures == 0
        going[0] = False
        await gadget.until(lambda g: task.failures == 1)
        assert task.quiet_s == -1
        task.handle.cancel()

    Gadget(FakeWatcher()).run(use)


def test_a_silent_task_is_ended_at_its_limit_and_one_that_stays_ends_the_start():
    async def use(gadget):
        begun = []

        async def hang():
            begun.append(1)
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if len(begun) < 2:
                    raise
                while True:  # takes no notice
                    await asyncio.sleep_ms(1)

        task = gadget.pulse.start("sound", hang, 60)
        await asyncio.sleep_ms(0)
        assert task.look(59) and task.quiet_s == 59
        assert task.look(1)
        await gadget.until(lambda g: len(begun) == 2)
        assert any("sound: no sign of life" in line for line in gadget.log.lines())
        await gadget.lets_run()
        task.quiet_s = 59
        assert task.look(1)
        await gadget.lets_run()
        assert task.look(58)
        assert not task.look(1)
        task.quiet_s = 0  # it lives after all
        assert task.look(59)
        assert task.look(1)

    Gadget(FakeWatcher()).run(use)


def test_a_hung_watcher_alone_is_shown_and_begun_again():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        for _ in range(29):  # 870 s
            gadget.clock.now += 30
            await gadget.lets_run()
        assert gadget.watcher.account.cause is None and gadget.watcher.started == 1
        gadget.clock.now += 60
        await gadget.lets_run()
        gadget.clock.now += 10
        await gadget.until(lambda g: g.watcher.started == 2)
        assert gadget.watcher.account.cause == "internal"

    gadget.run(use)


def test_waiting_for_the_next_try_is_no_silence():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        gadget.watcher.account.fail(ServerError("password"), gadget.clock.now + 3600)
        for _ in range(119):
            gadget.clock.now += 30
            await gadget.lets_run()
        assert gadget.watcher.started == 1

    gadget.run(use)


def test_a_planned_restart_saves_and_says_goodbye():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        gadget.state.error = OSError(28)
        await gadget.until(lambda g: not g.state.error)
        assert any("E (1000) state: OSError(28" in line for line in gadget.log.lines())
        await gadget.pulse.restart("service")
        await gadget.until(lambda g: g.heart.resets)
        assert gadget.heart.mode == 1
        assert gadget.state.saved == (1000, True)
        assert gadget.watcher.has_left

    gadget.run(use)


def test_safe_mode_is_tried_again_after_an_hour():
    gadget = Gadget(FakeWatcher())
    gadget.heart.start = (2, 4, 2, 10)

    async def use(gadget):
        gadget.clock.now = 3599
        await gadget.lets_run()
        assert not gadget.heart.resets
        gadget.clock.now = 3600
        await gadget.until(lambda g: g.heart.resets)
        assert gadget.heart.mode == 0

    gadget.run(use)


def test_little_memory_gives_back_the_log_first_and_then_restarts():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        gadget.heart.kept = (4096, 12 * 1024, 4096)  # just enough
        await minute(gadget)
        assert gadget.log.lines() == [] or not gadget.pulse.is_low
        gadget.heart.kept = (4095, 12 * 1024, 4096)
        await minute(gadget)
        assert gadget.pulse.is_low and gadget.log.lines() == []
        assert not gadget.heart.resets
        await minute(gadget)
        await gadget.until(lambda g: g.heart.resets)

    gadget.run(use)


def test_a_silence_without_memory_for_a_handshake_is_told_as_what_it_is():
    for free, cause in ((38 * 1024, "silent"), (38 * 1024 - 1, "memory"), (0, "silent")):
        gadget = Gadget(FakeWatcher())

        async def use(gadget, free=free, cause=cause):
            await gadget.until(lambda g: g.watcher.running)
            gadget.heart.kept = (50000, free, free)
            gadget.watcher.account.fail(LinkError("silent"), None)
            gadget.supervisor.change()
            await gadget.until(lambda g: g.pulse.causes == [cause])
            assert gadget.watcher.account.cause == cause

        gadget.run(use)


async def minute(gadget):
    for _ in range(6):
        gadget.clock.now += 10
        await gadget.lets_run()
