"""Stands in for the ESP32's `socket`: the host's own, as far as the air lets anything through.

Without a network no name is found, and on Linux the kernel drops whatever still comes for an open
socket, as if it were lost on the way. Whoever is asked for the time is the host's time server,
under the names that are known for one. There are as many sockets as lwIP has.
"""

import io
import json
import os
import sys
import time

import _memory
import uctypes
import usocket
import ustruct
from usocket import *  # noqa: F403  (all of it, but what follows)

_SOCKETS_LIMIT = 10  # CONFIG_LWIP_MAX_SOCKETS
_ENFILE = 23
_NTP_PORT = 123
_EAI_FAIL = 202
_SOL_SOCKET = 1  # these three are Linux'
_SO_ATTACH_FILTER = 26
_SO_DETACH_FILTER = 27
_ETIMEDOUT = 116  # lwIP's
_LOOK_UP_MS = 14000  # until lwIP gives up on name servers that are silent
_GET_FILENO = 10

_drop_all = ustruct.pack("<HBBI", 6, 0, 0, 0)  # BPF: keep 0 bytes of each packet
_filter = ustruct.pack("<HHIQ", 1, 0, 0, uctypes.addressof(_drop_all))
_sockets = []
_streams = []
# A board that joins by itself has joined before anybody can ask; any other has to join first.
_is_deaf = not json.loads(os.getenv("POSTLAMP_SIM_AIR") or "{}").get("joined")
_knows_names = True
_answers = True


def socket(*args):
    global _sockets, _streams
    _sockets = [each for each in _sockets if each.fileno() >= 0]
    _streams = streams()
    if len(_sockets) >= _SOCKETS_LIMIT:
        raise OSError(_ENFILE)
    made = usocket.socket(*args)
    _sockets.append(made)
    is_stream = len(args) < 2 or args[1] == usocket.SOCK_STREAM
    if is_stream and not _memory.begin_session():
        return _Starved(made)
    if is_stream:
        _streams.append(made)
    if _is_deaf:
        _deafen(made)
    return made


def streams():
    """Simulator only: the TCP sockets that are open."""
    return [each for each in _streams if each.fileno() >= 0]


class _Starved(io.IOBase):
    """A TCP socket on which no handshake ends: what comes is never read."""

    def __init__(self, inner):
        self.setblocking, self.setsockopt = inner.setblocking, inner.setsockopt
        self.connect, self.close, self.fileno = inner.connect, inner.close, inner.fileno

    def ioctl(self, request, arg):
        return self.fileno() if request == _GET_FILENO else 0

    def readinto(self, buffer):
        return -_ETIMEDOUT

    def write(self, data):
        return len(data)


def getaddrinfo(host, port, *rest):
    if not _answers:
        time.block_ms(_LOOK_UP_MS)
    if _is_deaf or not _knows_names:
        raise OSError(-_EAI_FAIL)
    if port == _NTP_PORT:
        port, *names = os.getenv("POSTLAMP_SIM_NTP").split()
        if names and host not in names:
            raise OSError(-_EAI_FAIL)
        host, port = "127.0.0.1", int(port)
    return usocket.getaddrinfo(host, port, *rest)


def deafen(is_deaf):
    """Simulator only: from now on nothing gets through, or everything does."""
    global _is_deaf
    if is_deaf != _is_deaf:
        _is_deaf = is_deaf
        for each in _sockets:
            if each.fileno() >= 0:
                _deafen(each)


def know_names(fault):
    """Simulator only: whether the network has somebody who knows names, or says so at least."""
    global _knows_names, _answers
    _answers = fault != "slow_dns"
    _knows_names = _answers and fault != "dns"


def _deafen(each):
    if sys.platform == "linux":
        option, value = (_SO_ATTACH_FILTER, _filter) if _is_deaf else (_SO_DETACH_FILTER, 0)
        each.setsockopt(_SOL_SOCKET, option, value)
