"""Derivatives by nudging, function and inputs -> central differences: what `backward()` is compared with.

>>> a, b = Value(2.0), Value(-3.0)
>>> [round(slope, 6) for slope in numerical_gradient(lambda: a * b + b**2, [a, b])]
[-3.0, -4.0]
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable

from mgc.micrograd.engine import Value

STEP = math.cbrt(sys.float_info.epsilon)  # where the errors of truncation and of rounding are alike


def numerical_gradient(f: Callable[[], Value | float], inputs: Iterable[Value], step: float = STEP) -> list[float]:
    """The derivative of `f()` by each of the inputs, which it computes its result from anew at each call.

    step: how far each input is moved to both sides, times its size where that is above 1. Afterwards it is as it was.
    """
    return [_difference(f, number, step * max(1.0, abs(number.data))) for number in inputs]


def _difference(f: Callable[[], Value | float], number: Value, step: float) -> float:
    at = number.data
    above, below = at + step, at - step
    try:
        number.data = above
        high = float(f())
        number.data = below
        low = float(f())
    finally:
        number.data = at
    return (high - low) / (above - below)
