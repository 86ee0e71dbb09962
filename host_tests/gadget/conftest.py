"""One Dovecot for the rung, its INBOX empty before every test; its tests run in one group."""

from collections.abc import Iterator

import pytest

from host_tests.support import dovecot
from host_tests.support.dovecot import Dovecot

ODD_PASSWORD = ' two  "words" back\\slash пароль '
GROUP = pytest.mark.xdist_group("serial")
FAULTS = pytest.mark.xdist_group("faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole gadget is about timing: one at a time, on one worker.

    The faults, which go by the board's own clock, may be beside.
    """
    for item in items:
        if "host_tests/gadget" in item.path.as_posix():
            item.add_marker(FAULTS if item.path.stem.startswith("test_faults_") else GROUP)


@pytest.fixture(scope="session")
def running() -> Iterator[Dovecot]:
    """Start Dovecot when the first test asks."""
    reason = dovecot.missing()
    if reason:
        pytest.skip(reason)
    server = Dovecot({"odd": ODD_PASSWORD})
    yield server
    server.stop()


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """A Dovecot with an empty INBOX."""
    running.other.expunge()
    return running
