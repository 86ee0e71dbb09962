"""What is known of one account, and since when: written by its watcher, read by the status."""

from micropython import const

from postlamp.errors import PostlampError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_LIT_COUNT_S = const(60)  # while lit: many servers never push \Seen
_DARK_COUNT_S = const(300)
_GRACE_S = const(90)
_ANSWER_S = const(30)  # after a wait: the server's time to answer, and ours to notice
_NEW_S = const(600)


class Account:
    """The facts of one account; times are `now_s` of the clock, None while unknown.

    `unseen` keeps the last proven count when the link is lost: its age tells what it is worth.
    `grace_s`: for how long a silent link is believed, if not for the time of a poll and a half.
    """

    def __init__(
        self, name: str, poll_s: int, on_change: "Callable[[], None]", grace_s: int = 0
    ) -> None:
        self.name = name
        self.unseen: int | None = None
        self.count_proven_at: int | None = None
        self.link_proven_at: int | None = None  # set by the session whenever anything comes
        self.cause: str | None = None
        self.detail = ""  # the server's own words, or what was not found
        self.retry_at: int | None = None
        self.newest: "tuple[int, str, str] | None" = None  # UID, sender, subject
        self.newest_at = 0  # when it came; 0 if it waited before, nobody knows for how long
        self.new_count = 0
        self.new_since: int | None = None
        self.zero_since: int | None = None  # when the last unread one was read
        self.reconnects = 0  # connections that ended or failed; not tries to join Wi-Fi
        self.way = ""  # how it connects: tls as set, and the mechanism that signed in last
        self.has_push = False  # the server has told of a change by itself
        self._poll_s = poll_s
        self._grace_s = grace_s or max(_GRACE_S, poll_s + _ANSWER_S)
        self._on_change = on_change

    def count_interval_s(self) -> int:
        """How long a count may stand before it is asked for again."""
        return max(self._poll_s, _LIT_COUNT_S if self.unseen else _DARK_COUNT_S)

    def is_stale(self, now_s: int) -> bool:
        """Whether the count is not proved any more: no word in time, or two counts are missing."""
        if self.count_proven_at is None or self.link_proven_at is None:
            return True
        is_silent = now_s - self.link_proven_at >= self._grace_s
        return is_silent or now_s - self.count_proven_at >= 2 * self.count_interval_s()

    def fresh_count(self, now_s: int) -> int:
        """How many are new: for ten minutes after the last one came."""
        if self.new_since is None or now_s - self.new_since >= _NEW_S:
            return 0
        return self.new_count

    def proved_count(self, unseen: int, now_s: int) -> None:
        """The server answered a SEARCH: trouble, if any, is over."""
        if self.unseen and not unseen:
            self.zero_since = now_s
        if unseen:
            self.zero_since = None
        is_changed = self.unseen != unseen or self.cause is not None
        self.unseen = unseen
        self.link_proven_at = self.count_proven_at = now_s
        self.cause = None
        self.detail = ""
        self.retry_at = None
        if is_changed:
            self._on_change()

    def proved_newest(self, newest: "tuple[int, str, str] | None", came_at: int) -> None:
        """The newest unread message, or None; `came_at` is 0 when it was there before."""
        if newest != self.newest:
            self.newest = newest
            self.newest_at = came_at
            self._on_change()

    def announce(self, count: int, now_s: "int | None") -> None:
        """So many are new since `now_s`; 0 or None ends it."""
        if not count or now_s is None:
            count, now_s = 0, None
        if (self.new_count, self.new_since) != (count, now_s):
            self.new_count = count
            self.new_since = now_s
            self._on_change()

    def seen(self) -> None:
        """What waits has been seen: nothing of it counts, and its proofs are as old as before."""
        if self.unseen:
            self.unseen = 0
            self.newest = None
        self.announce(0, None)
        self._on_change()

    def begin(self) -> None:
        """The next try is now."""
        self.retry_at = None
        self._on_change()

    def fail(self, error: PostlampError, retry_at: "int | None") -> None:
        """The connection ended with `error`; the next try is at `retry_at`."""
        self.cause = error.cause
        self.detail = _detail(error)
        self.retry_at = retry_at
        self._on_change()


def _detail(error: PostlampError) -> str:
    """The server's words, or what else an error carries last if it is text, fit to show."""
    last = error.args[-1] if len(error.args) > 1 else ""
    if not last or not isinstance(last, str):  # nothing is loaded when memory is short
        return ""
    from postlamp.mime.display import clean

    detail = clean(last)
    drop("postlamp.mime.display")
    return detail
