"""A port that is held: it refuses, a server may come and go on it, and nobody else is given it."""

import errno
import socket
import sys

import pytest

from tools.sim.ports import LOOPBACK, HeldPort


@pytest.fixture
def held():
    port = HeldPort()
    yield port
    port.release()


def test_it_refuses_until_a_server_listens_and_again_when_that_is_gone(held: HeldPort) -> None:
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, held.number))
        with (
            socket.create_server((LOOPBACK, held.number)) as server,
            socket.create_connection((LOOPBACK, held.number)) as client,
            server.accept()[0] as served,
        ):
            client.sendall(b"x")
            assert served.recv(1) == b"x"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is only free")
def test_nobody_else_has_it_until_it_is_released(held: HeldPort) -> None:
    with socket.socket() as other:
        with pytest.raises(OSError) as caught:
            other.bind((LOOPBACK, held.number))
        assert caught.value.errno == errno.EADDRINUSE
        held.release()
        held.release()
        other.bind((LOOPBACK, held.number))
