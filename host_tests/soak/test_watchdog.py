"""What says nothing any more is ended, and so are reconnects through a cutter that has died."""

import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.soak import reconnects, watchdog
from host_tests.soak.cutter import Cutter
from host_tests.support import micropython
from host_tests.support.peer import refused_port
from tools.sim.certs import Authority

_SPIN = "print('begun', flush=True)\nwhile True: pass"
_COUNTED = "import time\nfor _ in range(8): print('still', flush=True), time.sleep(0.5)"


def _started(code: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_process_that_spins_is_killed_and_what_it_said_is_kept():
    said = []
    with _started(_SPIN) as process, pytest.raises(watchdog.SilenceError) as caught:
        for line in watchdog.lines(process, 2):
            said.append(line)
    assert said == ["begun\n"]
    assert str(caught.value) == "no line came for 2 s"
    assert process.returncode < 0


def test_a_process_that_lacks_what_it_needs_is_killed_at_once():
    with _started(_SPIN) as process, pytest.raises(watchdog.SilenceError) as caught:
        list(watchdog.lines(process, 100, lambda: "the server is gone"))
    assert str(caught.value) == "the server is gone"


def test_each_line_gives_it_more_time():
    with _started(_COUNTED) as process:
        assert len(list(watchdog.lines(process, 3))) == 8
    assert process.returncode == 0


@pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing())
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_reconnects_end_when_the_cutter_dies(tmp_path: Path):
    """Of a server that is gone, before anything was counted."""
    ca = Authority().pem
    with refused_port() as port, Cutter(port) as cutter:
        with pytest.raises(reconnects.ReconnectError) as caught:
            reconnects.follow(cutter, ca, tmp_path, 1, 1)
    assert "the cutter's thread has ended" in str(caught.value)
