"""What the soak's driver has told so far of the gadget and of its world. Keeps, never judges.

Each line is "<ms> <kind> <words>", the time being that of the virtual clock:

m unseen delivered     the mailbox has changed     l        bytes came (told every 5 s)
p unseen ms delivered  an answer to SEARCH         c / a    it connects / a login was refused
    arrived whole, true at that time               f / g    a fault begins, is gone
s state cause n new    the gadget claims this      b name   a blip
r ms cause             a try failed, next in ms    h …      memory, tasks, ages of last looks
v tells idle           the server's manners        o, x, e  began, ended, what else there is
q how told true        the server has counted for the gadget, which "tried" or "believed" it
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from host_tests.soak.faults import BLIPS, FAULTS, Fault

TROUBLE = ("not_sure", "needs_you", "refused")
LIT_MS = 60_000  # how often is counted while something waits
DARK_MS = 300_000
GRACE_MS = 90_000  # without a sign of life
CALM_MS = 180_000  # after power-up
RIGHT_MS = 5_000  # within which a try shows the right count, and news show
# How often the driver lets the gadget look at the clock: until so long after a fault, each so many
STEPS_MS = ((120_000, 1_000), (900_000, 5_000), (1 << 60, 60_000))
_AFTER_BLIP_MS = 4 * LIT_MS
_KEPT_MS = 2 * DARK_MS + 60_000


@dataclass(frozen=True)
class Proof:
    """An answer to SEARCH: when it had come, its count, when it was true, and how many
    messages had come by then.
    """

    at: int
    count: int
    true_at: int
    delivered: int


class Life:
    """`take` each line; the rest are plain attributes, times in ms, None for none."""

    def __init__(self) -> None:
        self.now = 0
        self.state, self.cause = "starting", "-"
        self.claim: int | None = None  # the number that is shown
        self.called_new = 0
        self.truths: deque[tuple[int, int]] = deque()  # since when, how many unread
        self.proofs: deque[Proof] = deque()
        self.delivered = 0
        self.before_new = 0  # how many had come when last none were called new
        self.heard_at = 0
        self.touched_at = 0  # by a fault or a blip
        self.calm_at = CALM_MS  # from then on nothing is wrong, unless something happens
        self.fault: Fault | None = None
        self.began_at = 0
        self.is_told = False
        self.mended: Fault | None = None  # and not yet got over
        self.mended_at = 0
        self.blip, self.blip_at = "", 0
        self.is_blip_over = True
        self.retry_at: int | None = None  # when the next try was announced for
        self.tried_at: int | None = None  # a try with nothing wrong that has not succeeded yet
        self.logins = self.presses = 0  # in this fault
        self.tells, self.has_idle = "all", True
        self.is_over = False

    def take(self, now: int, kind: str, words: list[str]) -> None:
        """One line, taken apart."""
        self.now = now
        getattr(self, "_take_" + kind)(*words)

    def slack_ms(self) -> int:
        """How late a look at the clock may be: the driver's step, and rounding to seconds."""
        since_ms = self.now - self.touched_at
        step_ms = next(step for limit, step in STEPS_MS if since_ms < limit)
        blocked_ms = 4_000 if self.fault and self.fault.name in ("dns", "ntp", "wifi") else 0
        return step_ms + 1_000 + blocked_ms

    def lag_ms(self) -> int:
        """How long what happens elsewhere may go unnoticed, by what the server tells."""
        if self.has_idle and (self.tells == "all" or self.tells == "some" and not self.claim):
            return RIGHT_MS
        if self.tells == "none" and not self.claim:
            return DARK_MS + 50_000
        return LIT_MS + 20_000

    def trouble_at(self) -> int:
        """When silence has to be told; after power-up everybody gets more time."""
        return max(self.began_at + GRACE_MS, CALM_MS)

    def is_right(self, lag_ms: int) -> bool:
        """Whether what is shown was true at some time not longer ago."""
        newer = [count for at, count in self.truths if self.now - at <= lag_ms]
        older = [count for at, count in self.truths if self.now - at > lag_ms]
        return self.claim in newer + older[-1:]

    def is_proved_since(self, when: int) -> bool:
        """Whether a whole answer came that was true then or later."""
        return bool(self.proofs) and self.proofs[-1].true_at >= when

    def get_over(self) -> None:
        """The right count is back: nothing is wrong, once two counts have been made."""
        self.mended = None
        self.calm_at = self.now + 2 * DARK_MS

    def _take_m(self, unseen: str, delivered: str) -> None:
        self.truths.append((self.now, int(unseen)))
        self.delivered = int(delivered)
        while len(self.truths) > 1 and self.now - self.truths[1][0] > _KEPT_MS:
            self.truths.popleft()

    def _take_p(self, unseen: str, true_at: str, delivered: str) -> None:
        self.proofs.append(Proof(self.now, int(unseen), int(true_at), int(delivered)))
        while self.now - self.proofs[0].at > _KEPT_MS:
            self.proofs.popleft()

    def _take_s(self, state: str, cause: str, claim: str, new: str) -> None:
        self.state, self.cause, self.called_new = state, cause, int(new)
        self.claim = None if claim == "None" else int(claim)
        if not self.called_new:
            known = [proof.delivered for proof in self.proofs if proof.count == self.claim]
            self.before_new = known[0] if known else self.before_new

    def _take_l(self) -> None:
        self.heard_at = self.now

    def _take_c(self) -> None:
        self.retry_at = None
        self.tried_at = None if self.fault else self.now
        self.is_blip_over = True

    def _take_a(self) -> None:
        self.logins += 1

    def _take_r(self, wait_ms: str, _cause: str) -> None:
        self.retry_at = self.now + int(wait_ms)
        self.tried_at = None

    def _take_f(self, name: str) -> None:
        self.touched_at = self.began_at = self.now
        self.fault, self.mended, self.tried_at = FAULTS[name], None, None
        self.is_told = False
        self.logins = self.presses = 0

    def _take_g(self, name: str) -> None:
        self.touched_at = self.mended_at = self.now
        self.fault, self.mended = None, FAULTS[name]

    def _take_b(self, how: str) -> None:
        self.touched_at = self.blip_at = self.now
        self.blip = how
        self.is_blip_over = bool(self.fault or self.mended or not BLIPS[how][1])
        self.calm_at = max(self.calm_at, self.now + _AFTER_BLIP_MS)
        self.tried_at = None

    def _take_v(self, tells: str, idle: str) -> None:
        self.tells, self.has_idle = tells, idle == "idle"
        self.calm_at = max(self.calm_at, self.now + _AFTER_BLIP_MS)

    def _take_e(self, *words: str) -> None:
        self.presses += words == ("press",)

    def _take_q(self, _how: str, _told: str, _count: str) -> None:
        """How it counts is for the report; what it makes of it is seen from what it shows."""

    def _take_o(self, *_figures: str) -> None:
        """The start."""

    def _take_h(self, *_figures: str) -> None:
        """Memory and tasks are the judge's."""

    def _take_x(self) -> None:
        self.is_over = True
