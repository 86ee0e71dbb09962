"""The scripted peer itself, where a test would be misled by it."""

import socket
import ssl
import threading

from host_tests.support.peer import Peer, hold, stall

LATE_S = 0.3


def test_what_came_before_the_peer_hangs_up_is_never_read_enciphered(
    ca: str, tls: ssl.SSLContext
) -> None:
    reads = threading.Event()
    with Peer([stall(reads), hold()], tls=tls) as peer:
        plain = socket.create_connection(("localhost", peer.port))
        client = ssl.create_default_context(cafile=ca).wrap_socket(
            plain, server_hostname="localhost"
        )
        client.sendall(b"a secret")
        threading.Timer(LATE_S, reads.set).start()  # the block ends before
    client.close()
    assert bytes(peer.lines[0].seen) in (b"", b"a secret")
