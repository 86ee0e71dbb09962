"""The one snapshot of what the gadget knows: made from the accounts, read by light and screen.

The rules of what may be shown stand here: a number needs two fresh proofs, refusals show at once,
other trouble once the last proof is stale, and the first three minutes after power-up stay calm.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.account import Account
    from postlamp.net.clock import Clock

_CALM_S = const(180)  # the router starts more slowly than we do
_ZERO_S = const(2)


def asked(question: str, word: str) -> "Any":
    """The answer of states.py's look_of, page_of, state_of or policy_of."""
    from postlamp.app import states

    try:
        return getattr(states, question)(word)
    finally:
        del states  # a name still in use would keep the module
        drop("postlamp.app.states", "postlamp.app.looks")


def policy_of(cause: str) -> str:
    """How to try again after a cause: backoff, slow (minutes) or hourly."""
    policy: str = asked("policy_of", cause)
    return policy


def _known(account: "Account", now_s: int) -> "int | None":
    """What waits, while nothing speaks against it."""
    return None if account.cause or account.is_stale(now_s) else account.unseen


class Status:
    """Plain attributes for pages, looks and the serial feed; `refresh()` brings them up to date.

    Without accounts to watch they stay as they are: not set up, or an unusable configuration.
    `unseen` is None unless every account is proven fresh, `known` what is of those that are, and
    `last_unseen` the sum last proven.
    """

    def __init__(self, clock: "Clock") -> None:
        self.state = "starting"
        self.cause: str | None = None
        self.detail = ""
        self.account = ""
        self.unseen: int | None = None
        self.known = 0
        self.last_unseen: int | None = None
        self.age_s: int | None = None
        self.accounts: "list[tuple[str, int | None]]" = []
        self.new_count = 0
        self.newest_account = ""
        self.sender = ""
        self.subject = ""
        self.newest_age_s: int | None = None
        self.retry_in_s: int | None = None
        self.clock = ""
        self.day: "tuple[int, int] | None" = None
        self.link_trouble: str | None = None
        self.reconnects = 0
        self.troubled: "tuple[Any, Any]" = (None, None)  # facts, and the page that tells them
        self._paged = ("", "")  # a state and its page
        self._judged: "dict[str, str]" = {}  # causes there were, and their states
        self._clock = clock
        self._watched: "list[Account]" = []
        self._started_at = clock.now_s()

    def watch(self, accounts: "list[Account]") -> None:
        """From now on these accounts are what is known; the gadget connects."""
        self._watched = accounts
        self.state = "connecting"

    def refresh(self) -> None:
        """Make every attribute true for this second."""
        now_s = self._clock.now_s()
        self._tell_time()
        if not self._watched:
            return
        self._sum_up(now_s)
        troubled = self._worst()
        self.cause = self.link_trouble = troubled.cause if troubled else None
        self.detail = troubled.detail if troubled else ""
        self.account = troubled.name if troubled else ""
        self.retry_in_s = None
        if troubled and troubled.retry_at is not None:
            self.retry_in_s = max(0, troubled.retry_at - now_s)
        self.state = self._judge(now_s, troubled)
        self.known = self.unseen or 0
        if self.state in ("not_sure", "needs_you", "refused"):
            self.accounts = [(each.name, _known(each, now_s)) for each in self._watched]
            self.known = sum(count or 0 for _, count in self.accounts)
            self.unseen = None
            self.link_trouble = None

    def page(self) -> str:
        """The name of the page for the state."""
        if self._paged[0] != self.state:
            try:
                self._paged = (self.state, asked("page_of", self.state))
            except MemoryError:
                return self.state  # a page's name, but for a few
        return self._paged[1]

    def _state_of(self, cause: str) -> str:
        if cause not in self._judged:
            try:
                self._judged[cause] = asked("state_of", cause)
            except MemoryError:  # which is shown then
                return "not_sure"
        return self._judged[cause]

    def _judge(self, now_s: int, troubled: "Account | None") -> str:
        """The state, by the rules above; the worst account decides."""
        state = self._state_of(troubled.cause) if troubled and troubled.cause else "not_sure"
        if troubled and state != "not_sure":
            return state
        stale = self._stale(now_s)
        if stale:
            never = stale.count_proven_at is None
            if never and now_s - self._started_at < _CALM_S:
                self.unseen = None
                return "connecting"
            self.cause = stale.cause or "silent"
            self.account = stale.name
            return "not_sure"
        if self.new_count:
            return "new"
        if self.unseen:
            return "unread"
        if any(a.zero_since is not None and now_s - a.zero_since < _ZERO_S for a in self._watched):
            return "reached_zero"
        return "nothing"

    def _worst(self) -> "Account | None":
        """An account in trouble: refused before needs-you before not sure."""
        worst = None
        rank = 0
        for account in self._watched:
            if account.cause is not None:
                state = self._state_of(account.cause)
                here = 3 if state == "refused" else 2 if state == "needs_you" else 1
                if here > rank:
                    worst, rank = account, here
        return worst

    def _stale(self, now_s: int) -> "Account | None":
        """The first account whose number is no longer proven."""
        for account in self._watched:
            if account.is_stale(now_s):
                return account
        return None

    def _sum_up(self, now_s: int) -> None:
        self.accounts = [(account.name, account.unseen) for account in self._watched]
        self.reconnects = sum(account.reconnects for account in self._watched)
        known = [account for account in self._watched if account.unseen is not None]
        self.last_unseen = sum(account.unseen or 0 for account in known) if known else None
        self.unseen = self.last_unseen
        proofs = [account.count_proven_at or 0 for account in known]
        self.age_s = now_s - min(proofs) if proofs else None
        self._find_newest(now_s)

    def _find_newest(self, now_s: int) -> None:
        """The message that came last, over all accounts, and how many are new."""
        self.newest_account = self.sender = self.subject = ""
        self.newest_age_s = None
        self.new_count = 0
        last_at = -1
        for account in self._watched:
            self.new_count += account.fresh_count(now_s)
            if account.newest is not None and account.newest_at > last_at:
                last_at = account.newest_at
                self.newest_account = account.name
                _, self.sender, self.subject = account.newest
        if last_at > 0:
            self.newest_age_s = now_s - last_at

    def _tell_time(self) -> None:
        local = self._clock.local()
        if local is None:
            self.clock, self.day = "", None
        else:
            self.clock = "%02d:%02d" % (local[0], local[1])
            self.day = (local[2], local[3])
