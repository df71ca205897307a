"""Native code against C written by hand, NumPy written by hand, and emitted Python: least and median of one run."""

from __future__ import annotations

from benchmarks.report import least_and_median
from benchmarks.timing import times
from benchmarks.works import LIMIT, with_limits

ROUNDS = 40
WINDOW = 0.002  # seconds: short ones, of which some run undisturbed on a busy machine


def main() -> None:
    for work in with_limits():
        print(least_and_median(work.title, times(work.cases, ROUNDS, WINDOW), LIMIT), flush=True)
