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
from mgc.runtime.training.losses import gradient


def minimised(
    function: Function,
    start: Params,
    columns: Sequence[object],
    steps: int,
    on_step: Callable[[int, float, Params], None],
) -> None:
    """At most so many iterations (Liu & Nocedal 1989) from `start`. Errors: DataError where SciPy is missing.

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
        return value, [slope for name in names for slope in flat(slopes[name])]

    def told(intermediate_result: Any) -> None:
        on_step(next(numbers), float(intermediate_result.fun), at(intermediate_result.x))

    first = [number for name in names for number in flat(start[name])]
    minimize(objective, first, jac=True, method="L-BFGS-B", callback=told, options={"maxiter": steps})
