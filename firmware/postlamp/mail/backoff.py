"""When to try again. Pure: randomness is handed in, time is the caller's."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_MS = const(500)
_SLOW_FIRST_MS = const(30000)
_LAST_MS = const(300000)
_HOUR_MS = const(3600000)
_LOGINS_BEFORE_HOURLY = const(3)  # servers lock accounts, and count us among the attackers


class Backoff:
    """Delays by policy of app/states.py: "backoff" (500 ms doubling), "slow" (30 s doubling),
    both to 5 minutes; "hourly": slow, then hourly from the third refusal on.

    `below(n)` gives a random whole number under n.
    """

    def __init__(self, below: "Callable[[int], int]") -> None:
        self._below = below
        self._delay_ms = 0
        self._refusals = 0

    def failed_ms(self, policy: str, least_s: int = 0) -> int:
        """Milliseconds to wait after one more failure, with a quarter of jitter.

        Never fewer than `least_s`, which the server asked for.
        """
        first = _FIRST_MS if policy == "backoff" else _SLOW_FIRST_MS
        if policy == "hourly":
            self._refusals += 1
            if self._refusals >= _LOGINS_BEFORE_HOURLY:
                return _HOUR_MS
        self._delay_ms = min(_LAST_MS, max(first, self._delay_ms * 2))
        return max(least_s * 1000, self._delay_ms - self._below(self._delay_ms // 4 + 1))

    def succeeded(self) -> None:
        """A count was proved: the next failure starts anew."""
        self._delay_ms = 0
        self._refusals = 0
