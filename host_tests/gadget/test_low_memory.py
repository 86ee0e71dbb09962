"""Memory: what stays loaded while it watches, and what is shown and done when it runs low."""

from host_tests.gadget.test_supervisor_faults import PRESSED, logged
from host_tests.support.dovecot import Dovecot
from host_tests.support.fault_table import RESTART_S, START_S, STARVED_S
from host_tests.support.lamp import account, config, in_time, on_lamp, says, shows
from host_tests.support.sabotage import sabotaged
from tools import build
from tools.bench.sizes import modules, resident
from tools.sim.board import SimBoard

DOUBLED = 57 * 1024  # a heap that doubles grows by so much, whatever it grows by at boot
TELL = """\
        import sys

        print("loaded", " ".join(sys.modules))
        return 1
"""


def test_what_is_loaded_while_it_watches_is_the_resident_set(server: Dovecot):
    files = sabotaged("ui/button", PRESSED, TELL)

    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        server.deliver()
        await shows(board, state="new", unseen=1)
        board.press()
        await board.wait_for(logged("loaded "), 8, "it tells")
        told = next(line for line in board.log if line.startswith("loaded"))
        files = build.deploy_set("SIM")
        assert set(told.split()[1:]) & set(modules(files)) == set(resident(files))

    on_lamp(config(account(server.tls_port)), use, server.ca_pem, files=files)


def test_a_handshake_without_memory_is_no_silent_server_and_ends_in_a_restart(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.grow_heap(DOUBLED)
        board.wifi(False)
        await shows(board, cause="wifi")
        board.wifi(True)
        since_ms = board.t_ms
        await in_time(board, lambda b: b.status["cause"] == "memory", "it is told", 2_000)
        assert board.t_ms - since_ms < STARVED_S * 1000
        assert "silent" not in [status["cause"] for status in board.statuses]
        server.deliver()
        board.jump(181_000)
        await says(board, "Out of memory")
        await in_time(board, lambda b: b.resets == 1, "it restarts", 10_000)
        assert 300_000 < board.t_ms < RESTART_S * 1000
        await shows(board, START_S, cause=None, unseen=1)
        assert not (board.flash / "crash.txt").is_file()  # it was planned

    on_lamp(config(account(server.tls_port)), use, server.ca_pem)


def test_a_heap_that_doubled_in_a_session_is_found_before_it_is_missed(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        board.grow_heap(DOUBLED)
        await in_time(board, logged("memory: low"), "it is found", 10_000)
        await in_time(board, lambda b: b.resets == 1, "it restarts")
        await shows(board, 15, cause=None, unseen=0)

    on_lamp(config(account(server.tls_port)), use, server.ca_pem)
