"""`make soak`: weeks of simulated uptime, a thousand real reconnects; exit code 1 for a failure.

What fails is told with the seed, the virtual time, the last events and how to see it again.
"""

from __future__ import annotations

import sys
import time

import click

from host_tests.soak import reconnects, run
from host_tests.support import dovecot

_DAYS_A_WEEK = 7
_STEPS = 10
_SOME, _ANY = click.IntRange(min=1), click.IntRange(min=0)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--weeks", type=_SOME, default=8, show_default=True, help="How much uptime.")
@click.option("--days", type=_SOME, help="Instead of weeks.")
@click.option("--seed", default=1, show_default=True, help="Draws the plan: who does what when.")
@click.option("--reconnects", "times", type=_ANY, default=1000, help="Real ones; 0: none. [1000]")
@click.option("--quiet", is_flag=True, help="Say only how it ended.")
def main(weeks: int, days: int | None, seed: int, times: int, quiet: bool) -> None:
    """Let the gadget live for weeks on a virtual clock, with a fault every few hours."""
    if times and dovecot.missing():
        raise click.UsageError(f"{dovecot.missing()} Or leave them: --reconnects 0")
    is_well = _simulate(weeks * _DAYS_A_WEEK if days is None else days, seed, quiet)
    if times:
        is_well = _reconnect(times, quiet) and is_well
    sys.exit(not is_well)


def _simulate(days: int, seed: int, quiet: bool) -> bool:
    print(
        f"SIMULATED: {days} days of uptime, seed {seed}. The firmware is real, on MicroPython;\n"
        "the clock is virtual, the server and its faults are a model. No board, no network.",
        flush=True,
    )
    started = time.monotonic()
    is_talking = not quiet and sys.stdout.isatty()
    outcome = run.soak(seed, days, on_day=_tell_day if is_talking else None)
    took_s = time.monotonic() - started
    if is_talking:
        print("\r\033[K", end="")
    if not quiet:
        print("\n".join(outcome.report.table()))
        print(outcome.report.esearch())
    print(outcome.report.heap())
    if outcome.violation:
        print(run.told(outcome, seed))
        return False
    print(
        f"{outcome.report.faults()} faults and {outcome.report.tries} connections in {days} days, "
        f"and no number was shown that was not so.\n"
        f"From a try to the right count {outcome.report.longest_try / 1000:.1f} s at the most. "
        f"Took {took_s:.0f} s.",
        flush=True,
    )
    return True


def _tell_day(day: int) -> None:
    print(f"\rday {day}", end="", flush=True)


def _reconnect(times: int, quiet: bool) -> bool:
    print(f"REAL: {times} reconnects over TLS to Dovecot on this computer.", flush=True)
    started = time.monotonic()
    try:
        costs = reconnects.reconnect(times, max(1, times // _STEPS))
    except reconnects.ReconnectError as error:
        print(f"VIOLATION: {error}")
        return False
    if not quiet:
        for cost in costs:
            print(f"after {cost.number:>5}: {cost.heap_bytes} bytes, {cost.files} open files")
    lost = reconnects.lost(costs)
    print(
        f"{costs[-1].failures} connections were cut; lost since the {costs[1].number}th: "
        f"{lost[0]} bytes, {lost[1]} open files. Took {time.monotonic() - started:.0f} s."
    )
    return lost[0] <= reconnects.HEAP_TOLERANCE and lost[1] <= 0


if __name__ == "__main__":
    main()
