"""PyTensor: a `function` of the value and the `grad`, in its default mode; steps as updates of shared variables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt

from benchmarks.peers import Made, formulas
from benchmarks.works import RATE, STEPS, Work

XP = SimpleNamespace(**{**vars(pt), "relu": lambda x: pt.maximum(x, 0.0)})


def made(work: Work) -> dict[str, Made]:
    given = [np.asarray(part) for part in (*work.params, *work.data)]
    symbols = [pt.tensor(dtype=str(part.dtype), shape=part.shape) for part in given]
    params, data = symbols[: len(work.params)], symbols[len(work.params) :]
    value = getattr(formulas, work.name)(XP, params, *data)
    function = pytensor.function(symbols, [value, *pytensor.grad(value, params)])
    function.trust_input = True
    return {"PyTensor": Made(lambda: function(*given), lambda found: (found[0], found[1:]))}


def steps(work: Work) -> dict[str, Made]:
    params = [pytensor.shared(part) for part in work.params]
    value = getattr(formulas, work.name)(XP, params, *[pt.as_tensor(part) for part in work.data])
    grads = pytensor.grad(value, params)
    step = pytensor.function([], value, updates=[(p, p - RATE * g) for p, g in zip(params, grads, strict=True)])

    def train() -> Any:
        for p, first in zip(params, work.params, strict=True):
            p.set_value(first)
        for _ in range(STEPS):
            found = step()
        return found, [p.get_value() for p in params]

    return {"PyTensor": Made(train)}
