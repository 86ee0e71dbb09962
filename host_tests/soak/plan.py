"""The soak's plan: what happens when, drawn from a seed. The same seed draws the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from host_tests.soak.faults import BLIPS, FAULTS, HOURLY_S, Fault

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 24 * HOUR_S
DAY_MS = DAY_S * 1000

_NIGHT_S = 3 * HOUR_S  # of each day, at its end: all is read, nothing is wrong, heap is measured
_MEASURE_S = 30 * MINUTE_S  # before the day's end
_SLOT_S = 3 * HOUR_S
_FIRST_SLOT_S = 45 * MINUTE_S
_PAUSE_S = 10 * MINUTE_S  # between two blips, and around a fault
_POWER_UP_S = 4 * MINUTE_S  # longer than the gadget stays calm
_PLAIN_SERVER = "all idle yes SASL-IR 0"
_OFFERS = ("no", "yes", "lies")  # ESEARCH: whether a server counts for who asks, and truly
_TURNS = (0, 0, 1, 2, 3, 5)  # the first day of a server that does not
_PILE = 80  # unread, more than the gadget has listed for it
_PILE_S = 10 * MINUTE_S

Line = tuple[int, str]  # milliseconds, verb and words


def lines(seed: int, days: int) -> list[str]:
    """The plan as device/driver.py reads it."""
    random = Random(seed)
    # The gadget asks no more once it was lied to: the order of the servers is what matters
    turn, bad = random.choice(_TURNS), random.choice(("lies", "lies", "lies", "no"))
    drawn = [(0, f"esearch {_offer(random, 0, turn, bad)}"), *_power_up(random)]
    for day in range(days):
        start_s = day * DAY_S
        offer = _offer(random, day, turn, bad)
        drawn += _mail(random, start_s)
        drawn += _first_day(offer) if day == 0 else _faults(random, start_s, offer)
        drawn += _night(start_s + DAY_S - _NIGHT_S)
    drawn.append((days * DAY_MS, "end"))
    drawn.sort(key=lambda line: line[0])
    return [f"{at_ms} {words}" for at_ms, words in drawn]


def _offer(random: Random, day: int, turn: int, bad: str) -> str:
    """Servers that count truly until that day, then a `bad` one, then any."""
    return "yes" if day < turn else bad if day == turn else random.choice(_OFFERS)


def _power_up(random: Random) -> Iterator[Line]:
    """Something may be wrong from the start; nobody can know what time it is then."""
    name = random.choice(("", "wifi", "ntp", "dns", "halfopen", "kill"))
    if name:
        yield 0, _begin(FAULTS[name], "")
        yield _POWER_UP_S * 1000, "mend"


def _mail(random: Random, start_s: int) -> Iterator[Line]:
    """A day of mail: what comes, and what is done with it elsewhere."""
    waking_s = DAY_S - _NIGHT_S
    for verb, times, most in (
        ("deliver", 30, 3),
        ("during", 3, 2),
        ("read", 12, 4),
        ("trash", 3, 2),
        ("expunge", 4, 5),
    ):
        for _ in range(random.randint(times // 2, times)):
            at_ms = start_s * 1000 + random.randrange(waking_s * 1000)
            yield at_ms, f"{verb} {random.randint(1, most)}"
    # Hundreds at once, read and cleared away some hours later
    at_ms = start_s * 1000 + random.randrange(waking_s // 2) * 1000
    yield at_ms, f"deliver {random.randint(50, 200)}"
    at_ms += random.randrange(MINUTE_S, waking_s // 3) * 1000
    yield at_ms, "read 0"
    yield at_ms + random.randrange(HOUR_S) * 1000, f"expunge {random.randint(0, 200)}"


def _first_day(offer: str) -> Iterator[Line]:
    """Each fault once, so that whatever it leaves in memory is there when heap is measured."""
    at_s = _POWER_UP_S + 2 * _PAUSE_S
    for fault in FAULTS.values():
        for why in fault.whys:
            yield at_s * 1000, _begin(fault, why)
            yield (at_s + 6 * MINUTE_S) * 1000, "mend"
            if fault.retry_s == HOURLY_S:
                yield (at_s + 7 * MINUTE_S) * 1000, "press"
            at_s += _FIRST_SLOT_S
    for how in BLIPS:
        yield from _blip(at_s, how)
        at_s += _PAUSE_S
    for manner in ("some", "mute", "none"):
        yield at_s * 1000, f"server {manner} idle {offer} LOGIN 3600"
        at_s += _PAUSE_S
    yield at_s * 1000, f"server all poll {offer} AUTHENTICATE 0"
    yield (at_s + _PAUSE_S) * 1000, "remake"
    # Long enough to be counted by both, and then by the server alone
    at_s += 2 * _PAUSE_S
    yield at_s * 1000, f"deliver {_PILE}"
    yield at_s * 1000, "read 5"
    yield (at_s + _PILE_S) * 1000, "read 0"


def _faults(random: Random, start_s: int, offer: str) -> Iterator[Line]:
    """Slots of a fault or of some blips, under another server each day."""
    yield start_s * 1000 + 1000, "server " + _server(random, offer)
    for slot in range((DAY_S - _NIGHT_S) // _SLOT_S):
        at_s = start_s + slot * _SLOT_S + random.randint(_PAUSE_S, 2 * _PAUSE_S)
        if random.random() < 0.5:
            yield from _one_fault(random, at_s)
        else:
            yield from _some_blips(random, at_s)
    # Somebody presses the button, at any time
    for _ in range(random.randint(0, 3)):
        yield start_s * 1000 + random.randrange((DAY_S - _NIGHT_S) * 1000), "press"


def _one_fault(random: Random, at_s: int) -> Iterator[Line]:
    """It ends soon enough for the next slot to begin in peace, even after an hourly retry."""
    fault = random.choice(list(FAULTS.values()))
    longest_s = _SLOT_S - 3 * _PAUSE_S - fault.retry_s - 10 * MINUTE_S
    length_s = random.choice((5, 40, 80, 150, 400, 900, 2400, longest_s))
    length_s = min(longest_s, int(length_s * random.uniform(0.8, 1.2)))
    yield at_s * 1000 + random.randrange(1000), _begin(fault, random.choice(fault.whys))
    yield (at_s + length_s) * 1000 + random.randrange(1000), "mend"


def _some_blips(random: Random, at_s: int) -> Iterator[Line]:
    for number in range(random.randint(1, 4)):
        yield from _blip(at_s + number * 2 * _PAUSE_S, random.choice(list(BLIPS)))
    if random.random() < 0.2:
        yield (at_s + 8 * _PAUSE_S) * 1000, "remake"
    if random.random() < 0.2:
        yield (at_s + 9 * _PAUSE_S) * 1000, f"wall {random.choice((-HOUR_S, HOUR_S))}"


def _blip(at_s: int, how: str) -> Iterator[Line]:
    yield at_s * 1000, f"blip {how}"
    if how == "literal":  # a header is fetched only when mail comes
        yield at_s * 1000 + 1000, "deliver 1"


def _begin(fault: Fault, why: str) -> str:
    return f"fault {fault.name} {fault.how} {why}".rstrip()


def _server(random: Random, offer: str) -> str:
    """Another server's manners: what it tells, IDLE, ESEARCH, sign-in, a session's length."""
    return " ".join(
        (
            random.choice(("all", "all", "some", "mute", "none")),
            random.choice(("idle", "idle", "idle", "poll")),
            offer,
            random.choice(("LOGIN", "AUTHENTICATE", "SASL-IR")),
            random.choice(("0", "0", "3600", "86400")),
        )
    )


def _night(at_s: int) -> Iterator[Line]:
    """The same for all nights, so that what is measured can be compared."""
    yield at_s * 1000, f"server {_PLAIN_SERVER}"
    yield (at_s + 5 * MINUTE_S) * 1000, "read 0"
    yield (at_s + _NIGHT_S - _MEASURE_S) * 1000, "measure"
