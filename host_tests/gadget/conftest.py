"""A Dovecot for each worker, its INBOX empty before every test; each file is a group of xdist."""

from collections.abc import Iterator

import pytest

from host_tests.support import dovecot
from host_tests.support.dovecot import Dovecot

ODD_PASSWORD = ' two  "words" back\\slash пароль '


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker has all tests of a file, so that few start a Dovecot."""
    for item in items:
        if "host_tests/gadget" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group(f"gadget-{item.path.stem}"))


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
