"""Asks time servers and sets the chip's clock. Layer net; loaded twice a day, then dropped.

The frozen ntptime believes whatever comes, from whomever, and makes 2036 of "I do not know". Here
it must be the answer to our own question, from a server that is sure of its time (RFC 5905).
"""

from micropython import const

from postlamp.errors import LinkError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from postlamp.net.clock import Clock

_PORT = const(123)
_ANSWER_MS = const(2000)
_AGAIN_S = const(43200)  # an ESP32's clock drifts some seconds a day
_SOON_S = const(3600)
_PAUSE_S = const(30)  # who asks too often is not answered at all
_NEAR_S = const(120)

_BYTES = const(48)
_QUESTION = const(0x23)  # version 4, from a client
_ANSWER = const(4)  # from a server
_NOT_SURE = const(3)
_LAST_STRATUM = const(15)
_COOKIE = const(40)  # where our random bytes go out, and at _ECHO come back
_ECHO = const(24)
_TIME = const(40)

# No time is older than this firmware, nor 20 years younger, and what is 10 years younger needs two
# servers that say so. So its era is known, too: the 32 bits of NTP begin anew in 2036.
_BORN_S = const(1767225600)  # 2026 since 1970
_1970_S = const(2208988800)  # 1970 since 1900
_LIFE_S = const(631152000)
_YOUNG_S = const(315576000)


async def sync(
    clock: "Clock",
    ask: "Callable[[str], Awaitable[int]] | None" = None,
    machine: "Any" = None,
) -> int:
    """Sets the clock; says in how many seconds to do it again.

    What one server says is believed for an hour, what another one or our own clock says, too, for
    half a day. LinkError("clock") when it is not known and nobody tells.
    """
    is_set = clock.is_set()
    known = [clock.time.time() + clock.epoch_s] if is_set else []
    told = 0
    has_names = True
    # The first is everybody's; the others answer where a network blocks it; "" is the router
    for host in clock.servers or ("pool.ntp.org", "time.google.com", "time.cloudflare.com", ""):
        if not has_names and host and not host[0].isdigit():
            continue  # each would block everything for up to 14 s
        try:
            now = await (ask or _ask)(host)
        except (OSError, ValueError, LinkError) as err:
            # nobody there, or nobody to believe; the next one may do better
            print("W (%d) clock: %s: %r" % (clock.now_s(), host, err))
            has_names = has_names and err.args[0] != "dns"
            continue
        told += 1
        if any(abs(now - other) <= _NEAR_S for other in known):
            _set(clock, now, machine)
            return _AGAIN_S
        known.append(now)
        if not is_set and _is_likely(now):
            break
    if told and (not is_set or told == 1) and _is_likely(known[-1]):
        _set(clock, known[-1], machine)  # another time than ours, perhaps, and nobody to ask
    elif not is_set:
        error = LinkError("clock")
        error.wait_s = _PAUSE_S
        raise error
    return _SOON_S


def _is_likely(now: int) -> bool:
    """Whether one server alone may say so."""
    return now - _BORN_S < _YOUNG_S


def _set(clock: "Clock", now: int, machine: "Any") -> None:
    if machine is None:
        import machine
    when = clock.time.gmtime(now - clock.epoch_s)
    machine.RTC().datetime((when[0], when[1], when[2], when[6], when[3], when[4], when[5], 0))


async def _ask(host: str) -> int:
    """What time a server says it is. Blocks while its name is looked up."""
    import socket
    from os import urandom
    from time import ticks_add, ticks_ms

    from postlamp.net.transport import until_ready

    if not host:
        import network

        host = network.WLAN(network.STA_IF).ifconfig()[2]
    try:
        found = socket.getaddrinfo(host, _PORT, 0, socket.SOCK_DGRAM)[0]
    except OSError:
        raise LinkError("dns", host)
    nonce = urandom(8)
    raw = socket.socket(found[0], found[1])
    try:
        raw.setblocking(False)
        raw.connect(found[-1])  # lets in nobody else's answers
        raw.send(bytes([_QUESTION]) + bytes(_COOKIE - 1) + nonce)
        await until_ready(raw, ticks_add(ticks_ms(), _ANSWER_MS))
        return parse(raw.recv(_BYTES), nonce)
    finally:
        raw.close()


def parse(answer: bytes, nonce: bytes) -> int:
    """The seconds since 1970 of an answer; ValueError says why it is not to be believed."""
    if len(answer) < _BYTES or answer[0] & 7 != _ANSWER or answer[_ECHO : _ECHO + 8] != nonce:
        raise ValueError("no answer to us")
    if answer[0] >> 6 == _NOT_SURE or not 1 <= answer[1] <= _LAST_STRATUM:
        raise ValueError("not sure itself")
    seconds = int.from_bytes(answer[_TIME : _TIME + 4], "big") + (answer[_TIME + 4] >> 7)
    since_born = (seconds - _1970_S - _BORN_S) & 0xFFFFFFFF
    if since_born >= _LIFE_S:
        raise ValueError("not in my lifetime")
    return _BORN_S + since_born
