"""A mistake of ours in one task, in all of them, in the chip: what goes on, and what is shown."""

from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import START_S
from host_tests.support.lamp import account, config, glows, in_time, lit, on_lamp, shows
from host_tests.support.sabotage import sabotaged
from tools.sim.board import SimBoard

PRESSED = "        return max(1, time.ticks_diff(now_ms, self._since_ms))\n"
HURRY = 40  # the watchdog's two minutes are three seconds


def logged(*words: str):
    """Whether one line of the log has all of these words."""
    return lambda board: any(all(word in line for word in words) for line in board.log)


def crash_record(board: SimBoard) -> str:
    path = board.flash / "crash.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def test_an_error_in_one_task_is_logged_and_the_others_go_on(server: Dovecot):
    files = sabotaged("ui/button", PRESSED, "        raise ValueError('loose')\n")

    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        for times in (1, 2):
            board.press()
            await board.wait_for(
                lambda b, n=times: sum("button: ValueError('loose'" in x for x in b.log) == n,
                8,
                "it is logged",
            )
            board.jump(1_000 * times)  # until the task begins again
        server.deliver()
        await shows(board, state="new", unseen=1)
        assert board.resets == 0

    on_lamp(config(account(server.tls_port)), use, server.ca_pem, files=files)


def test_a_task_that_hangs_is_found_and_begun_again(server: Dovecot):
    wait = "        deadline = self._clock.now_s() + limit_s\n        idle_tag"
    hang = "        import asyncio\n\n        await asyncio.Event().wait()\n        idle_tag"
    files = sabotaged("mail/session", wait, hang)

    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        hung_at_ms = board.t_ms
        await in_time(board, lambda b: b.status["state"] == "not_sure", "it is not sure")
        assert board.t_ms - hung_at_ms < 120_000
        server.deliver()
        await in_time(board, logged("watcher: no sign of life"), "it is found", 29_000)
        await in_time(board, lambda b: b.status["unseen"] == 1, "it counts again", 1_000)
        assert board.t_ms - hung_at_ms < 1_100_000
        assert board.resets == 0

    on_lamp(config(account(server.tls_port)), use, server.ca_pem, files=files)


def test_an_endless_loop_is_ended_by_the_watchdog(server: Dovecot):
    loop = "        while True:\n            self._since_ms = now_ms\n"
    files = sabotaged("ui/button", PRESSED, loop)

    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.press()
        await board.wait_for(lambda b: b.resets == 1, 20, "it restarts")
        await board.wait_for(lambda b: "watchdog" in crash_record(b), 8, "it says why")
        await shows(board, START_S, state="nothing", unseen=0)
        assert "I (0) start: watching, start 1" in crash_record(board)  # the last lines

    on_lamp(config(account(server.tls_port)), use, server.ca_pem, files=files, hurry=HURRY)


def test_a_gadget_that_goes_on_is_left_alone_by_the_watchdog_whatever_the_clock_does(
    server: Dovecot,
):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        for _ in range(40):  # 80 minutes by the clock, and six of the watchdog's turns
            board.jump(120_000)
            await board.wait_for(lambda b: True, 1, "it runs")
        await in_time(board, lambda b: b.status["unseen"] == 0, "it still counts", 1_000)
        assert board.resets == 0

    on_lamp(config(account(server.tls_port)), use, server.ca_pem, hurry=HURRY)


def test_ctrl_c_is_no_crash(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.interrupt()
        await board.wait_for(logged("KeyboardInterrupt"), 8, "it ends")
        board.crash()  # what the memory of the clock has is all that it goes by
        await board.wait_for(logged("start: watching, start 2"), 8, "it begins anew")
        assert not crash_record(board)

    on_lamp(config(account(server.tls_port)), use, server.ca_pem)


def test_after_ctrl_c_nothing_goes_on_saying_what_was_known(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        await glows(board, "lit", lit)
        await board.wait_for(lambda b: b.panel.is_lit, 8, "the display is on")
        board.interrupt()
        await board.wait_for(lambda b: not lit(b.light), 8, "it is dark")
        await board.wait_for(lambda b: not b.panel.is_lit, 8, "and so is the display")

    on_lamp(config(account(server.tls_port)), use, server.ca_pem)


def test_no_password_is_logged(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="needs_you", cause="password")
        await board.wait_for(logged("work: password"), 8, "it is logged")
        assert not any("open sesame" in line for line in board.log)

    settings = config(account(server.tls_port, password="open sesame"))
    on_lamp(settings, use, server.ca_pem)
