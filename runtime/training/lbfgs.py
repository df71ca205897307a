"""L-BFGS, SciPy's: a loss on all rows -> parameters, by the curvature that its last few gradients tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params
from mgc.runtime.callable import Function
from mgc.runtime.conversion import filled, flat
from mgc.runtime.training.how import How
from mgc.runtime.training.losses import gradient


def minimised(
    function: Function,
    start: Params,
    columns: Sequence[object],
    how: How,
    on_step: Callable[[int, float, Params], None],
) -> None:
    """At most `how.steps` iterations (Liu & Nocedal 1989) from `start`. Errors: DataError where SciPy is missing.

    What is minimised has `how.decay`/2 times the sum of squared parameters beside the loss.

    on_step: called after each with its number, the loss and the parameters.
    """
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise DataError("lbfgs is SciPy's: pip install 'mgc[scipy]'") from None
    names = [name for name in start if name in function.info.parameters]
    numbers = count(1)

    def at(point: Any) -> Params:
        rest = iter(point.tolist())
        return {name: filled(value, rest) if name in names else value for name, value in start.items()}

    def objective(point: Any) -> tuple[float, list[float]]:
        value, slopes = gradient(function, at(point), columns)
        if not math.isfinite(value):
            raise DataError(f"the loss is {value} where L-BFGS looks: start elsewhere, or scale the data")
        slope = [number for name in names for number in flat(slopes[name])]
        return value + penalty(point), [s + how.decay * p for s, p in zip(slope, point.tolist(), strict=True)]

    def penalty(point: Any) -> float:
        return 0.5 * how.decay * math.fsum(number * number for number in point.tolist())

    def told(intermediate_result: Any) -> None:
        point = intermediate_result.x
        on_step(next(numbers), float(intermediate_result.fun) - penalty(point), at(point))

    first = [number for name in names for number in flat(start[name])]
    minimize(objective, first, jac=True, method="L-BFGS-B", callback=told, options={"maxiter": how.steps})
