"""Learning rates, step and number of steps -> rate: constant, linear, cosine, and a warm-up before.

>>> rate = rates("1.0:0.1", "linear", 0)
>>> rate(0, 100), rate(50, 100)
(1.0, 0.55)
>>> rate = rates("1.0:0.0", "cosine", 10)
>>> [round(rate(step, 110), 3) for step in (0, 4, 9, 10, 60, 109)]
[0.1, 0.5, 1.0, 1.0, 0.5, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mgc.grammar.diagnostics import DataError, printable

Rates = Callable[[int, int], float]
SHAPES: dict[str, Callable[[float], float]] = {
    "linear": lambda part: 1.0 - part,
    "cosine": lambda part: 0.5 * (1.0 + math.cos(math.pi * part)),  # Loshchilov & Hutter 2017, without restarts
}


def rates(text: str, shape: str = "linear", warmup: int = 0) -> Rates:
    """`0.1` is constant, `1.0:0.1` falls from one to the other as the shape says, over the steps after the warm-up.

    warmup: so many steps at first, over which the rate rises to where it begins. Errors: DataError.
    """
    first, last = _ends(text)

    def rate(step: int, steps: int) -> float:
        if step < warmup:
            return first * (step + 1) / warmup
        return last + (first - last) * SHAPES[shape]((step - warmup) / max(1, steps - warmup))

    return rate if first != last or warmup else lambda step, steps: first


def _ends(text: str) -> tuple[float, float]:
    try:
        ends = [float(part) for part in text.split(":")]
    except ValueError:
        ends = []
    if len(ends) not in (1, 2) or not all(math.isfinite(end) and end >= 0.0 for end in ends):
        expected = "expected a number that is not negative, or FROM:TO for one that falls"
        raise DataError(f"learning rate '{printable(text)}': {expected}")
    return ends[0], ends[-1]
