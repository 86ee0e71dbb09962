"""What the wire tests share: one CA, one micropython process for each file."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from host_tests.support import client as clients
from host_tests.support import micropython
from tools.sim.certs import Authority, server_context


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The CA that the client trusts."""
    return Authority()


@pytest.fixture
def ca(authority: Authority, tmp_path: Path) -> str:
    """Its certificate in a file."""
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return str(tmp_path / "ca.pem")


@pytest.fixture
def tls(authority: Authority) -> ssl.SSLContext:
    """A server that the client trusts."""
    return server_context(authority.issue())


@pytest.fixture(scope="module")
def process(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[clients.Client]:
    """The client process of this file."""
    if micropython.missing():
        pytest.skip(micropython.missing())
    ca = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.write_bytes(authority.pem)
    with clients.started(Path(ca)) as client:
        yield client


@pytest.fixture
def client(process: clients.Client) -> Iterator[clients.Client]:
    """The client, closed after each test."""
    yield process
    process.order("close")


@pytest.fixture
def cost_of(process: clients.Client) -> Callable[[Callable[[], object]], tuple[int, int]]:
    """Open files and bytes of heap that a piece of work leaves behind in the client."""

    def measure(work: Callable[[], object]) -> tuple[int, int]:
        process.order("close")
        process.order("cost")
        before = process.order("cost")
        work()
        process.order("close")
        after = process.order("cost")
        return after["files"] - before["files"], after["heap"] - before["heap"]

    return measure
