"""What a soak has seen, and the table that is printed of it."""

from __future__ import annotations

from dataclasses import dataclass

from host_tests.soak.faults import BLIPS, FAULTS


@dataclass(frozen=True)
class Measured:
    """What a night's look at memory and tasks found; the ages are of last looks, in ms."""

    heap_bytes: int
    free_bytes: int
    largest_free: int
    tasks: int
    link_age: int
    screen_age: int


class Report:
    """Filled by the judge; times in milliseconds."""

    def __init__(self) -> None:
        self.tries = 0
        self.measured: list[Measured] = []  # once a night
        self.own_bytes = 0  # of heap, taken by the soak itself
        self.longest_try = 0
        self.extended = {"tried": 0, "believed": 0}  # searches of which the server tells a count
        self.false_counts = {"tried": 0, "believed": 0}  # and those that were not so
        self._began: dict[str, int] = {}
        self._told: dict[str, list[int]] = {}
        self._recovered: dict[str, list[int]] = {}
        self._renewed: dict[str, list[int]] = {}

    def began(self, fault: str) -> None:
        """A fault has begun."""
        self._began[fault] = self._began.get(fault, 0) + 1

    def told(self, fault: str, after_ms: int) -> None:
        """It was shown as trouble."""
        self._told.setdefault(fault, []).append(after_ms)

    def recovered(self, fault: str, after_ms: int) -> None:
        """The right count was back, so long after its end."""
        self._recovered.setdefault(fault, []).append(after_ms)

    def renewed(self, blip: str, after_ms: int) -> None:
        """There was a new connection."""
        self._renewed.setdefault(blip, []).append(after_ms)

    def succeeded(self, after_ms: int) -> None:
        """From a try with nothing wrong to the right count."""
        self.longest_try = max(self.longest_try, after_ms)

    def counted(self, how: str, is_true: bool) -> None:
        """The server has counted: the gadget has "tried" or "believed" it."""
        self.extended[how] += 1
        self.false_counts[how] += not is_true

    def names(self) -> set[str]:
        """The names of all faults there were."""
        return set(self._began)

    def faults(self) -> int:
        """How many there were."""
        return sum(self._began.values())

    def table(self) -> list[str]:
        """The faults, how often each, the longest times until it was told and got over."""
        rows = [f"{'fault':<46} {'times':>5} {'told after':>11} {'right after':>12}"]
        for name, times in sorted(self._began.items()):
            told, right = _longest(self._told.get(name)), _longest(self._recovered.get(name))
            rows.append(f"{FAULTS[name].words:<46} {times:>5} {told:>11} {right:>12}")
        for name, waits in sorted(self._renewed.items()):
            words = BLIPS[name][0]
            rows.append(f"{words:<46} {len(waits):>5} {'':>11} {_longest(waits):>12}")
        return rows

    def esearch(self) -> str:
        """What the server counted."""
        return (
            f"counts of the server: {self.extended['believed']} taken as they came, "
            f"{self.extended['tried']} tried, {self.false_counts['tried']} of these false"
        )

    def heap(self) -> str:
        """Bytes in use after a day, at the end, and in all nights."""
        if not self.measured:
            return "heap: not measured"
        first, last = self.measured[0], self.measured[-1]
        nights = [night.heap_bytes for night in self.measured]
        return (
            f"heap in use after a day {first.heap_bytes}, in the last night {last.heap_bytes}, "
            f"always {min(nights)} to {max(nights)} bytes; "
            f"the largest free piece {first.largest_free} and {last.largest_free}; "
            f"tasks {first.tasks} and {last.tasks}"
        )


def _longest(times_ms: list[int] | None) -> str:
    return f"{max(times_ms) / 1000:.1f} s" if times_ms else "-"
