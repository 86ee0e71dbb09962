"""The tasks of the gadget go on, whatever ends one of them, and never run twice."""

import asyncio

from postlamp.errors import LinkError, ServerError
from supervised import LOOKS, FakeButton, FakeWatcher, Gadget

NEEDS = "micropython"


def test_a_watcher_that_fails_is_shown_and_started_again():
    for failure, cause in ((MemoryError(), "memory"), (ValueError(), "internal")):
        gadget = Gadget(FakeWatcher(failure))

        async def use(gadget, cause=cause):
            await gadget.until(lambda g: g.watcher.account.cause == cause)
            await gadget.until(lambda g: g.watcher.running)

        gadget.run(use)


def test_too_little_memory_to_tell_of_it_ends_nothing():
    gadget = Gadget(FakeWatcher(MemoryError()))
    fail, failures = gadget.watcher.account.fail, [MemoryError()]

    def fail_once(error, retry_at):
        if failures:
            raise failures.pop()
        fail(error, retry_at)

    gadget.watcher.account.fail = fail_once

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        assert not failures

    gadget.run(use)


def test_wifi_back_again_finds_one_watcher_running():
    # The last one keeps its task alive when it is cancelled, as a lost cancellation does.
    for last_words in (None, MemoryError(), ServerError("bye")):
        gadget = Gadget(FakeWatcher(None, last_words))

        async def use(gadget):
            await gadget.until(lambda g: g.watcher.running)
            gadget.wifi.up = False
            await gadget.until(lambda g: not g.watcher.running)
            assert gadget.watcher.account.cause
            gadget.wifi.up = True
            await gadget.until(lambda g: g.watcher.running)
            for _ in range(LOOKS):
                assert gadget.watcher.running == 1
                await asyncio.sleep_ms(0)

        gadget.run(use)


def test_the_clock_is_set_twice_a_day_while_wifi_stays():
    gadget = Gadget(FakeWatcher())

    async def use(gadget):
        await gadget.until(lambda g: g.clock.synced == 1)
        gadget.clock.now += 43199
        await gadget.lets_run()
        assert gadget.clock.synced == 1
        gadget.clock.now += 1
        await gadget.until(lambda g: g.clock.synced == 2)
        assert gadget.watcher.started == 1

    gadget.run(use)


def test_a_wifi_through_which_nothing_came_for_five_minutes_is_left():
    for cause, times in (("silent", 1), ("dns", 1), ("unreachable", 1), ("refused", 0)):
        gadget = Gadget(FakeWatcher())

        async def use(gadget, cause=cause, times=times):
            await gadget.until(lambda g: g.watcher.running)
            gadget.watcher.account.fail(LinkError(cause), None)
            for _ in range(3):
                gadget.watcher.account.link_proven_at = gadget.clock.now
                gadget.clock.now += 299
                await gadget.lets_run()
            assert gadget.wifi.left == 0, cause
            gadget.clock.now += 1
            await gadget.lets_run()
            assert gadget.wifi.left == times, cause
            assert gadget.watcher.account.cause == cause  # it is not Wi-Fi that is told
            assert gadget.watcher.running == 1

        gadget.run(use)


def test_wifi_that_cannot_be_joined_is_shown_and_a_press_tries_again():
    gadget = Gadget(FakeWatcher(), FakeButton())
    gadget.wifi.error = LinkError("wifi_password", "home")
    gadget.wifi.error.wait_s = 60

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.account.cause == "wifi_password")
        assert gadget.watcher.account.retry_at == 1060
        await gadget.lets_run()
        assert not gadget.watcher.running
        gadget.button.is_pressed = True
        await gadget.until(lambda g: g.watcher.running)

    gadget.run(use)


def test_a_clock_that_nobody_sets_is_shown_and_asked_for_again():
    gadget = Gadget(FakeWatcher())
    error = LinkError("clock")
    error.wait_s = 30
    failures = [error]
    sync = gadget.clock.sync

    async def fail_once():
        if failures:
            raise failures.pop()
        return await sync()

    gadget.clock.sync = fail_once

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.account.cause == "clock")
        assert gadget.watcher.account.retry_at == 1030
        gadget.clock.now = 1029
        await gadget.lets_run()
        assert not gadget.watcher.running
        gadget.clock.now = 1030
        await gadget.until(lambda g: g.watcher.running)

    gadget.run(use)


def test_a_press_asks_for_the_time_now():
    gadget = Gadget(FakeWatcher(), FakeButton())
    clock, sync = gadget.clock, gadget.clock.sync

    async def fail():
        error = LinkError("clock")
        error.wait_s = 30
        raise error

    clock.sync = fail

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.account.cause == "clock")
        clock.sync = sync
        await gadget.lets_run()
        assert not gadget.watcher.running
        gadget.button.is_pressed = True
        await gadget.until(lambda g: g.watcher.running)
        assert clock.now == 1000

    gadget.run(use)


def test_a_press_ends_what_is_new_and_in_trouble_tries_again_even_so():
    gadget = Gadget(FakeWatcher(), FakeButton())
    account = gadget.watcher.account

    async def use(gadget):
        await gadget.until(lambda g: g.watcher.running)
        account.proved_count(2, 1000)
        account.announce(2, 1000)
        account.fail(LinkError("password"), 4600)
        gadget.supervisor.change()
        await gadget.until(lambda g: g.status.state == "needs_you")
        gadget.button.is_pressed = True
        await gadget.until(lambda g: g.watcher.woken == 1)
        account.proved_count(2, 1000)
        gadget.supervisor.change()
        await gadget.until(lambda g: g.status.state == "new")
        gadget.button.is_pressed = True
        await gadget.until(lambda g: not account.new_count)
        assert gadget.watcher.woken == 1

    gadget.run(use)


def test_ageing_alone_is_not_told():
    gadget = Gadget(FakeWatcher())
    account = gadget.watcher.account

    async def use(gadget):
        account.proved_newest((7, "Ann", "Hello"), 1000)
        account.proved_count(1, 1000)
        for now in range(1000, 1080):
            gadget.clock.now = now
            gadget.supervisor.change()
            await asyncio.sleep_ms(0)
            await asyncio.sleep_ms(0)
        assert gadget.status.newest_age_s > 60
        told = [line for line in gadget.printed if '"unread"' in line[-1]]
        assert len(told) == 1, told

    gadget.run(use)
