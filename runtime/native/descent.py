"""Steps of training that stay in native code: (rule, groups of numbers, rates) -> (losses, groups), by the extension.

Groups are the parameters and the running means that an optimiser keeps, each with the same names. All their numbers lie
in one array for as long as steps are taken: a row for each group.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from mgc.runtime.conversion import Nested, shape_of

if TYPE_CHECKING:
    from mgc.compiler.options import Precision
    from mgc.runtime.arguments import Params
    from mgc.runtime.callable import Rule


class Descent:
    """What takes steps: `call` is of the extension, with the parameters bound."""

    def __init__(self, call: Callable[..., object], parameters: Params, real: Precision) -> None:
        self._call, self._real = call, real
        self._places: dict[str, tuple[int, int, tuple[int, ...]]] = {}
        self._count = 0
        for name, value in parameters.items():
            shape = _shape(value)
            end = self._count + math.prod(shape)
            self._places[name] = self._count, end, shape
            self._count = end

    def __call__(
        self, rule: Rule, groups: Sequence[Params], columns: Sequence[object], rates: Sequence[float], before: int
    ) -> tuple[list[float], list[Params]]:
        """The losses of steps by these rates, and the groups behind them. `before`: steps that the optimiser has taken.

        There are fewer where one fails, or where its numbers are not finite; that one is not taken.
        """
        state = np.empty((len(groups), self._count), self._real)
        for row, group in zip(state, groups, strict=True):
            for name, (start, end, shape) in self._places.items():
                row[start:end] = cast("np.ndarray", group[name]).ravel() if shape else group[name]
        losses = self._call(rule, len(groups), state, array("d", rates), before, *columns)
        return cast("list[float]", losses), [self._group(row) for row in state]

    def _group(self, row: np.ndarray) -> Params:
        return {
            name: cast("Nested", row[start:end].reshape(shape) if shape else float(row[start]))
            for name, (start, end, shape) in self._places.items()
        }


def _shape(value: object) -> tuple[int, ...]:
    return value.shape if isinstance(value, np.ndarray) else shape_of(cast("Nested", value))
