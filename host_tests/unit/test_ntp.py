"""Time servers: whose answers are believed, and what is done about those who disagree."""

import sys

from chip import FakeTime as Ticks
from postlamp.errors import LinkError
from postlamp.net import ntp
from postlamp.net.clock import Clock
from raising import raises

COOKIE = b"8 random"
NOON = 1779451200  # 2026-05-22 12:00 UTC, in seconds since 1970
BORN = 1767225600  # 2026
SINCE_1900 = 2208988800
LIFE = 631152000  # 20 years
YOUNG = 315576000  # 10 years
ALL = ["pool.ntp.org", "time.google.com", "time.cloudflare.com", ""]


def _answer(seconds=NOON, first=0x24, stratum=2, cookie=COOKIE, fraction=0):
    stamp = (seconds + SINCE_1900 & 0xFFFFFFFF).to_bytes(4, "big") + fraction.to_bytes(4, "big")
    return bytes([first, stratum, 6, 0xEC]) + bytes(20) + cookie + bytes(8) + stamp


def _refused(answer):
    return str(raises(ValueError, ntp.parse, answer, COOKIE))


def test_an_answer_tells_the_seconds_since_1970_to_the_nearest():
    assert ntp.parse(_answer(), COOKIE) == NOON
    assert ntp.parse(_answer(fraction=0x7FFFFFFF), COOKIE) == NOON
    assert ntp.parse(_answer(fraction=0x80000000), COOKIE) == NOON + 1


def test_time_goes_on_in_2036_when_the_32_bits_begin_anew():
    for seconds in (2085978495, 2085978496, 2085978497, BORN + LIFE - 1):
        assert ntp.parse(_answer(seconds), COOKIE) == seconds


def test_a_time_before_this_firmware_or_long_after_it_is_refused():
    assert ntp.parse(_answer(BORN), COOKIE) == BORN
    for seconds in (0, BORN - 1, BORN + LIFE):
        assert _refused(_answer(seconds)) == "not in my lifetime"


def test_a_server_that_is_not_sure_or_wants_peace_is_not_believed():
    for answer in (
        _answer(first=0xE4),  # its clock is not set
        _answer(stratum=16),
        _answer(stratum=0),  # kiss of death
        _answer(-SINCE_1900, 0xE4, 0),
    ):
        assert _refused(answer) == "not sure itself"
    assert ntp.parse(_answer(stratum=1), COOKIE) == ntp.parse(_answer(stratum=15), COOKIE)
    assert ntp.parse(_answer(first=0x64), COOKIE) == NOON  # a leap second is near


def test_only_a_server_s_answer_to_our_own_question_counts():
    for answer in (
        _answer(cookie=b"8 others"),
        _answer(cookie=bytes(8)),
        _answer(first=0x23),  # a question
        _answer(first=0x25),  # a broadcast
    ):
        assert _refused(answer) == "no answer to us"


def test_an_answer_that_is_cut_anywhere_is_none():
    whole = _answer()
    for end in range(len(whole)):
        assert _refused(whole[:end]) == "no answer to us"


class FakeTime(Ticks):
    """The chip's: its calendar, which counts from 2000, is what the RTC was set to."""

    def __init__(self, unix=946684800):
        super().__init__()
        self.unix = unix

    def time(self):
        return self.unix - 946684800

    def gmtime(self, seconds=None):
        from time import gmtime

        return tuple(gmtime(self.unix if seconds is None else seconds + 946684800))[:8]


class FakeMachine:
    """The module, with one clock."""

    def __init__(self):
        self.set_to = []

    def RTC(self):  # noqa: N802 - its name on the chip
        return self

    def datetime(self, when):
        assert len(when) == 8
        self.set_to.append(when)


def _sync(clock, told, servers=()):
    """What comes of asking servers that tell these times or raise these errors, in this order."""
    asked, machine, left = [], FakeMachine(), list(told)
    clock.servers = servers

    async def ask(host):
        asked.append(host)
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    try:
        ntp.sync(clock, ask, machine).send(None)
    except StopIteration as done:
        return done.value, machine.set_to, asked
    except LinkError as error:
        return error, machine.set_to, asked
    raise AssertionError("it waited")


SILENT = LinkError("silent")


def test_a_clock_that_is_not_set_takes_the_first_answer():
    wait_s, set_to, asked = _sync(Clock(None, FakeTime()), [NOON])
    assert set_to == [(2026, 5, 22, 4, 12, 0, 0, 0)]
    assert (wait_s, asked) == (3600, ALL[:1])


def test_the_next_server_is_asked_after_each_kind_of_failure_and_the_router_last():
    failures = [OSError(113), ValueError("not sure itself"), SILENT]
    wait_s, set_to, asked = _sync(Clock(None, FakeTime()), failures + [NOON])
    assert (wait_s, len(set_to), asked) == (3600, 1, ALL)


def test_where_one_name_is_not_found_no_other_is_looked_up():
    told = [LinkError("dns", "pool.ntp.org"), NOON]
    _, set_to, asked = _sync(Clock(None, FakeTime()), told)
    assert (len(set_to), asked) == (1, [ALL[0], ""])
    names = ["one.example", "two.example", "192.0.2.1"]
    _, set_to, asked = _sync(Clock(None, FakeTime()), told, names)
    assert (len(set_to), asked) == (1, ["one.example", "192.0.2.1"])


def test_the_owner_s_servers_are_asked_instead():
    _, set_to, asked = _sync(Clock(None, FakeTime()), [SILENT, NOON], ["one", "two"])
    assert (len(set_to), asked) == (1, ["one", "two"])


def test_nobody_who_tells_is_trouble_only_while_the_clock_is_not_set():
    error, set_to, asked = _sync(Clock(None, FakeTime()), [SILENT] * 4)
    assert (error.cause, error.wait_s, set_to, asked) == ("clock", 30, [], ALL)
    wait_s, set_to, _ = _sync(Clock(None, FakeTime(NOON)), [SILENT] * 4)
    assert (wait_s, set_to) == (3600, [])


def test_drift_is_mended_in_either_direction():
    for drift in (-120, -1, 0, 1, 120):
        wait_s, set_to, asked = _sync(Clock(None, FakeTime(NOON)), [NOON + drift])
        assert (wait_s, len(set_to), len(asked)) == (43200, 1, 1), drift


def test_a_leap_needs_two_who_agree():
    clock = Clock(None, FakeTime(NOON))
    wait_s, set_to, asked = _sync(clock, [NOON + 121, NOON])
    assert set_to == [(2026, 5, 22, 4, 12, 0, 0, 0)] and len(asked) == 2
    assert wait_s == 43200
    _, set_to, asked = _sync(clock, [NOON + 86400, NOON - 86400, NOON + 86401])
    assert set_to == [(2026, 5, 23, 4 + 1, 12, 0, 1, 0)] and len(asked) == 3


def test_when_all_disagree_the_clock_is_left_and_asked_about_soon():
    told = [NOON + 1000, NOON + 2000, NOON + 3000, NOON + 4000]
    wait_s, set_to, _ = _sync(Clock(None, FakeTime(NOON)), told)
    assert (wait_s, set_to) == (3600, [])


def test_one_alone_is_believed_where_nobody_else_tells():
    told = [SILENT, NOON + 86400, SILENT, SILENT]
    wait_s, set_to, _ = _sync(Clock(None, FakeTime(NOON)), told)
    assert (wait_s, len(set_to)) == (3600, 1)


def test_years_ahead_needs_two_who_agree_whether_the_clock_is_set_or_not():
    late = BORN + YOUNG
    for at in (0, NOON):
        set_to = _sync(Clock(None, FakeTime(at)), [late - 1, SILENT, SILENT, SILENT])[1]
        assert len(set_to) == 1
        assert not _sync(Clock(None, FakeTime(at)), [late, SILENT, SILENT, SILENT])[1]
        wait_s, set_to, asked = _sync(Clock(None, FakeTime(at)), [late, SILENT, late + 1])
        assert (wait_s, len(set_to), len(asked)) == (43200, 1, 3)
    error, _, asked = _sync(Clock(None, FakeTime()), [late, late + 121, late + 242, SILENT])
    assert (error.cause, error.wait_s, asked) == ("clock", 30, ALL)
    _, set_to, asked = _sync(Clock(None, FakeTime()), [late, NOON])
    assert (set_to[0][:3], len(asked)) == ((2026, 5, 22), 2)


def test_setting_the_clock_moves_no_proof():
    time = FakeTime(NOON)
    clock = Clock(None, time)
    time.now += 5000
    before = clock.now_s()
    for leap in (-(10**6), 10**6):
        time.unix += leap
        assert clock.now_s() == before == 5


class Module:
    """One that is imported in place of the chip's."""

    def __init__(self, **names):
        for name in names:
            setattr(self, name, names[name])


class OneServer:
    """A socket to a server that answers at once; `log` says what was done with it."""

    def __init__(self):
        self.log = []

    def setblocking(self, is_blocking):
        self.log.append(is_blocking)

    def connect(self, address):
        self.log.append(address)

    def send(self, question):
        self.log.append(question)

    def recv(self, limit):
        return _answer(cookie=self.log[-1][40:48])[:limit]

    def close(self):
        self.log.append("closed")


def _ask(host, nonce):
    """What the server tells, and what was done to ask it with these random bytes."""
    link = OneServer()

    async def until_ready(raw, deadline):
        assert (raw, deadline) == (link, 2000)

    fakes = {
        "os": Module(urandom=lambda count: nonce if count == 8 else b""),
        "socket": Module(
            SOCK_DGRAM=2,
            getaddrinfo=lambda host, port, family, kind: [(4, kind, 0, "", (host, port))],
            socket=lambda family, kind: link,
        ),
        "time": Module(ticks_ms=lambda: 0, ticks_add=lambda ticks, ms: ticks + ms),
        "postlamp.net.transport": Module(until_ready=until_ready),
    }
    real = {name: sys.modules[name] for name in fakes if name in sys.modules}
    sys.modules.update(fakes)
    try:
        ntp._ask(host).send(None)
    except StopIteration as done:
        return done.value, link.log
    finally:
        for name in fakes:
            del sys.modules[name]
        sys.modules.update(real)
    raise AssertionError("it waited")


def test_the_question_is_a_client_s_of_48_bytes_that_ends_with_random_ones():
    for nonce in (COOKIE, b"8 others"):
        told, log = _ask("192.0.2.1", nonce)
        question = bytes([0x23]) + bytes(39) + nonce  # version 4, from a client, no time
        assert log == [False, ("192.0.2.1", 123), question, "closed"]
        assert told == NOON
