"""Holds what the gadget claims, in the soak, to what is true. Pure: lines in, or a ViolationError.

The lines are those of life.py, and whatever the firmware itself prints.
"""

from __future__ import annotations

from collections import deque

from host_tests.soak.faults import ATTEMPT_S, BLIPS, NONE, REFUSAL, SILENCE, Fault
from host_tests.soak.life import (
    CALM_MS,
    DARK_MS,
    GRACE_MS,
    LIT_MS,
    RIGHT_MS,
    STEPS_MS,
    TROUBLE,
    Life,
)
from host_tests.soak.report import Measured, Report

_HEARD_MS = 5_000  # as in world.py
_QUIET_MS = 60_000  # after a blip, without a word of trouble
_QUIET_BLIPS = ("fin", "rst", "bye", "endidle")
_REJOIN_MS = 10_000  # Wi-Fi is joined anew, perhaps just then, while nothing comes through it
_ASK_MS = 8_000  # at power-up a try begins with the time servers: four that do not answer
_HOURLY_LOGINS = 3
_HOUR_MS = 3_600_000
_TAIL = 40
_BROKEN = ("E (", "Traceback", "MemoryError")


class ViolationError(AssertionError):
    """The gadget lied, or was too late, or lost something."""


class Judge:
    """Feed it every line; it raises ViolationError at the first one that must not be."""

    def __init__(self, heap_tolerance: int) -> None:
        self.life = Life()
        self.report = Report()
        self.tail: deque[str] = deque(maxlen=_TAIL)
        self._heap_tolerance = heap_tolerance
        self._broken = ""

    def feed(self, line: str) -> None:
        """One line of the driver's, or of the firmware's own console."""
        line = line.rstrip("\n")
        self.tail.append(line[:240])
        number, _, rest = line.partition(" ")
        if not number.isdigit():
            if line.startswith(_BROKEN):
                self._broken = self._broken or line
            return
        if self._broken:  # by now its traceback is in the tail
            raise ViolationError(f"an error nobody expected: {self._broken}")
        kind, *words = rest.split()
        self.life.now = int(number)
        self._judge()  # for the time until this line
        self._before(kind, words)
        self.life.take(int(number), kind, words)
        after = getattr(self, "_after_" + kind, None)
        if after:
            after(*words)

    def close(self) -> None:
        """The driver has ended."""
        if not self.life.is_over:
            raise ViolationError(f"it ended before the plan did. {self._broken}")

    # --- what must hold at any time ---

    def _judge(self) -> None:
        life = self.life
        slack_ms = life.slack_ms()
        if life.claim is not None:
            self._judge_claim(life.claim, slack_ms)
        elif life.state not in TROUBLE and life.now > CALM_MS + slack_ms:
            raise ViolationError(f"neither a number nor trouble is shown, but {life.state}")
        if life.fault:
            self._judge_fault(life.fault, slack_ms)
        elif life.mended:
            self._judge_recovery(life.mended, slack_ms)
        elif life.now >= life.calm_at:
            self._judge_calm()
        self._judge_tries(slack_ms)

    def _judge_claim(self, claim: int, slack_ms: int) -> None:
        """A number that is shown is proved, by a SEARCH and by a sign of life, within its time."""
        life = self.life
        limit_ms = 2 * (LIT_MS if claim else DARK_MS) + slack_ms
        if not any(p.count == claim and life.now - p.at <= limit_ms for p in life.proofs):
            raise ViolationError(f"{claim} is shown, and nothing proved it for {limit_ms} ms")
        silent_ms = life.now - life.heard_at
        if silent_ms > GRACE_MS + _HEARD_MS + slack_ms:
            words = f"{claim} is shown, and for {silent_ms} ms the server said nothing"
            raise ViolationError(words)

    def _judge_fault(self, fault: Fault, slack_ms: int) -> None:
        """A fault that lasts is told in time, and as what it is."""
        life = self.life
        since_ms = life.now - life.began_at
        expected: tuple[str, ...] = ()
        # Where the connection is left, bytes still come: a count may be shown while it is proved
        is_silent = fault.found == SILENCE and fault.how != "keep"
        if is_silent and life.now > life.trouble_at() + slack_ms:
            expected = TROUBLE
        elif fault.found == REFUSAL and since_ms > RIGHT_MS + slack_ms:
            expected = ("refused",) if fault.name == "tls" else ("needs_you",)
        if expected and life.state not in expected:
            raise ViolationError(f"after {since_ms} ms of {fault.name} it shows {life.state}")

    def _judge_recovery(self, fault: Fault, slack_ms: int) -> None:
        """The right count is back after the policy's longest wait at the latest."""
        life = self.life
        since_ms = life.now - life.mended_at
        if since_ms > (fault.retry_s + ATTEMPT_S) * 1000 + slack_ms:
            words = f"{since_ms} ms after {fault.name} it shows {life.state} {life.claim}"
            raise ViolationError(words)

    def _judge_calm(self) -> None:
        """Without a fault for two count intervals the number is known, and right."""
        life = self.life
        if life.state in TROUBLE:
            raise ViolationError(f"nothing is wrong, and it shows {life.state} {life.cause}")
        lag_ms = life.lag_ms()
        if not life.is_right(lag_ms):
            raise ViolationError(f"nothing is wrong, and for {lag_ms} ms {life.claim} is not so")

    def _judge_tries(self, slack_ms: int) -> None:
        """A try comes when it was announced, and if nothing is wrong it succeeds at once."""
        life = self.life
        fault = life.fault or life.mended
        is_waiting = not fault or fault.name != "wifi"  # there the link's task decides
        is_silent = fault is not None and fault.found == SILENCE
        late_ms = slack_ms + (slack_ms + _REJOIN_MS if is_silent else 0)
        late_ms += _ASK_MS if fault is not None and fault.name == "ntp" else 0
        # What was due before a touch may have waited for a step of the time before, a longer one
        if is_waiting and life.retry_at:
            if life.now > max(life.retry_at, life.touched_at) + late_ms:
                words = f"a try was announced for {life.retry_at} ms and did not come"
                raise ViolationError(words)
        if life.tried_at is not None and life.now > life.tried_at + RIGHT_MS + slack_ms:
            raise ViolationError(f"tried anew at {life.tried_at} ms, and shows {life.claim}")
        since_ms = life.now - life.blip_at
        is_late = not life.is_blip_over and since_ms > BLIPS[life.blip][1] * 1000 + slack_ms
        if is_late and life.state not in TROUBLE:
            words = f"{since_ms} ms after {life.blip} there is no new connection"
            raise ViolationError(words)

    # --- what each line may be ---

    def _before(self, kind: str, words: list[str]) -> None:
        life = self.life
        if kind == "c" and not life.is_blip_over:
            self.report.renewed(life.blip, life.now - life.blip_at)
        if kind == "r":
            fault = life.fault or life.mended
            longest_s = fault.retry_s if fault else 1
            if int(words[0]) > longest_s * 1000 + 1000:
                raise ViolationError(f"{words[1]}: the next try is only in {words[0]} ms")

    def _after_s(self, _state: str, cause: str, _claim: str, _new: str) -> None:
        life = self.life
        if cause == "memory":
            raise ViolationError("out of memory")
        came = life.delivered - life.before_new
        if life.called_new > came:
            raise ViolationError(f"{life.called_new} are called new, and {came} came")
        if life.state in TROUBLE:
            self._see_trouble()
        self._see_progress()

    def _see_trouble(self) -> None:
        life = self.life
        if life.fault and not life.is_told and life.began_at > CALM_MS:
            life.is_told = True
            self.report.told(life.fault.name, life.now - life.began_at)
        is_quiet = life.blip in _QUIET_BLIPS and not life.fault and not life.mended
        if is_quiet and 0 < life.blip_at and life.now - life.blip_at < _QUIET_MS:
            raise ViolationError(f"an end by {life.blip} is shown as {life.cause}")

    def _see_progress(self) -> None:
        """Whether a fault was got over, and a try has succeeded."""
        life = self.life
        if life.mended and life.is_proved_since(life.mended_at) and life.is_right(RIGHT_MS):
            if life.mended.found != NONE:
                self.report.recovered(life.mended.name, life.now - life.mended_at)
            life.get_over()
        if life.tried_at is not None and life.is_proved_since(life.tried_at):
            if life.is_right(life.lag_ms()):
                self.report.succeeded(life.now - life.tried_at)
                life.tried_at = None

    def _after_p(self, *_words: str) -> None:
        self._see_progress()

    def _after_a(self) -> None:
        life = self.life
        hours = (life.now - life.began_at) // _HOUR_MS
        if life.logins > _HOURLY_LOGINS + hours + life.presses:
            raise ViolationError(f"{life.logins} refused logins within {hours} hours")

    def _after_c(self) -> None:
        self.report.tries += 1

    def _after_f(self, name: str) -> None:
        self.report.began(name)

    def _after_q(self, how: str, told: str, count: str) -> None:
        self.report.counted(how, told == count)

    def _after_o(self, *figures: str) -> None:
        self.report.own_bytes = int(figures[0])

    def _after_h(self, *figures: str) -> None:
        now = Measured(*map(int, figures))
        self.report.measured.append(now)
        first = self.report.measured[0]
        if max(now.link_age, now.screen_age) > 2 * STEPS_MS[-1][1]:
            raise ViolationError(f"a task was lost: {now}")
        if now.tasks != first.tasks:
            raise ViolationError(f"{now.tasks} tasks live, {first.tasks} after a day")
        if now.heap_bytes - first.heap_bytes > self._heap_tolerance:
            words = f"{now.heap_bytes} bytes are in use, {first.heap_bytes} after a day"
            raise ViolationError(words)

    def _after_x(self) -> None:
        life = self.life
        if life.claim != life.truths[-1][1]:
            words = f"at the end it shows {life.claim}, and {life.truths[-1][1]} it is"
            raise ViolationError(words)
