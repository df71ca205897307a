"""Compare running times fairly: cases -> seconds per call, the least of rounds in which all take turns.

The least is the steady number of a machine that others use too; turns spread its slow phases over all.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat

ENOUGH = 0.02  # seconds that a timing must last for the clock's and the loop's cost not to count


@dataclass(frozen=True, slots=True)
class Case:
    """Something to time; `collector` says whether Python's cyclic garbage collector is on meanwhile."""

    name: str
    run: Callable[[], object]
    collector: bool = True


def race(cases: Sequence[Case], rounds: int) -> dict[str, float]:
    """Seconds per call of each case, by name."""
    calls = [_calls_needed(case) for case in cases]
    best = {case.name: float("inf") for case in cases}
    for _ in range(rounds):
        for case, count in zip(cases, calls, strict=True):
            best[case.name] = min(best[case.name], _seconds(case, count) / count)
    return best


def _calls_needed(case: Case) -> int:
    count = 1
    while (seconds := _seconds(case, count)) < ENOUGH:
        count *= 2 if seconds == 0 else max(2, min(10, int(ENOUGH / seconds)))
    return count


def _seconds(case: Case, count: int) -> float:
    run = case.run
    gc.collect()
    if not case.collector:
        gc.disable()
    try:
        start = time.perf_counter()
        for _ in repeat(None, count):
            run()
        return time.perf_counter() - start
    finally:
        gc.enable()
