"""Compare running times fairly: cases -> seconds per call, the least of rounds in which all take turns.

The least is the steady number of a machine that others use too; turns spread its slow phases over all.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from timeit import Timer
from typing import Any

from msgspec import Struct

ENOUGH = 0.02  # seconds that a timing must last for the clock's and the loop's cost not to count


class Case(Struct, frozen=True):
    """A call to time; `collector` says whether Python's cyclic garbage collector is on meanwhile."""

    name: str
    function: Callable[..., object]
    arguments: tuple[Any, ...] = ()
    collector: bool = True


def race(cases: Sequence[Case], rounds: int) -> dict[str, float]:
    """Seconds per call of each case, by name: the least."""
    return {name: min(found) for name, found in times(cases, rounds).items()}


def times(cases: Sequence[Case], rounds: int, window: float = ENOUGH) -> dict[str, list[float]]:
    """Seconds per call of each case in each round, by name; a timing lasts as long as the window, at least."""
    gc.collect()
    gc.freeze()  # what imported libraries hold is not gone through before each timing
    timers = [_timer(case) for case in cases]
    counts = [_calls_needed(timer, window) for timer in timers]
    found: dict[str, list[float]] = {case.name: [] for case in cases}
    for _ in range(rounds):
        for case, timer, count in zip(cases, timers, counts, strict=True):
            found[case.name].append(_seconds(timer, count) / count)
    return found


def _timer(case: Case) -> Timer:
    # the call is written out, since calling through a lambda costs a fifth of the smallest case
    names = {f"argument_{k}": value for k, value in enumerate(case.arguments)}
    setup = "collect.enable()" if case.collector else "collect.disable()"
    call = f"function({', '.join(names)})"
    return Timer(call, setup, globals={"function": case.function, "collect": gc, **names})


def _calls_needed(timer: Timer, window: float) -> int:
    count = 1
    while (seconds := _seconds(timer, count)) < window:
        count *= max(2, min(10, int(window / seconds)))
    return count


def _seconds(timer: Timer, count: int) -> float:
    gc.collect()
    return timer.timeit(count)
