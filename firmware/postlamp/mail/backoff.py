"""When to try again. Pure: randomness is handed in, time is the caller's.

Loaded when a connection has failed, then dropped.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.errors import PostlampError
    from postlamp.mail.watcher import Tries

_FIRST_MS = const(500)
_SLOW_FIRST_MS = const(30000)
_LAST_MS = const(300000)
_HOUR_MS = const(3600000)
_LOGINS_BEFORE_HOURLY = const(3)  # servers lock accounts, and count us among the attackers
_LASTED_S = const(30)  # what lasted so long was good, and may end without a word of trouble


def delay_ms(tries: "Tries", policy: str, least_s: int = 0) -> int:
    """Milliseconds to wait after one more failure, with a quarter of jitter.

    By policy of app/states.py: "backoff" (500 ms doubling), "slow" (30 s doubling), both to 5
    minutes; "hourly": slow, then hourly from the third refusal on. Connections that succeed and
    soon fail, one after the other, double it too. Never fewer than `least_s`, which the server
    asked for.
    """
    first = _FIRST_MS if policy == "backoff" else _SLOW_FIRST_MS
    if policy == "hourly":
        tries.refusals = min(tries.refusals + 1, _LOGINS_BEFORE_HOURLY)
        if tries.refusals == _LOGINS_BEFORE_HOURLY:
            return max(least_s * 1000, _HOUR_MS)
    if tries.counts_since is not None:
        tries.delay_ms = tries.short_ms
        tries.short_ms = min(_LAST_MS, max(_FIRST_MS, tries.short_ms * 2))
    tries.delay_ms = min(_LAST_MS, max(first, tries.delay_ms * 2))
    return max(least_s * 1000, tries.delay_ms - tries.below(tries.delay_ms // 4 + 1))


def judge(tries: "Tries", error: "PostlampError", policy: str, now_s: int) -> bool:
    """Note how long to wait after an `error`; whether it is worth telling.

    Servers end sessions after an hour or so: what was good until then is no trouble.
    """
    has_lasted = tries.counts_since is not None and now_s - tries.counts_since >= _LASTED_S
    if has_lasted:
        tries.delay_ms = tries.short_ms = 0
        tries.counts_since = None
    tries.wait_ms = delay_ms(tries, policy, error.wait_s)
    tries.counts_since = None
    tries.retry_at = now_s + (tries.wait_ms + 999) // 1000
    if policy == "hourly" or error.wait_s:
        tries.refusal = error
        tries.asked_until = now_s + error.wait_s
    return not has_lasted or error.cause not in ("closed", "bye")
