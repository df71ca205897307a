"""What happens to gradients before a step: clipped to a norm, and drawn by weight decay.

>>> clipped({"w": [3.0, 4.0]}, 1.0)
{'w': [0.6000000000000001, 0.8]}
>>> with_decay({"w": 1.0}, {"w": 10.0}, 0.1)
{'w': 2.0}
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain

from mgc.runtime.arguments import Params
from mgc.runtime.conversion import Nested, flat
from mgc.runtime.training.optimisers import each


def norm(gradients: Params) -> float:
    """The Euclidean norm of all derivatives together."""
    return math.hypot(*chain.from_iterable(map(_numbers, gradients.values())))


def _numbers(gradient: Nested) -> Iterable[float]:
    """Those of lists, or of an array."""
    return gradient.ravel().tolist() if hasattr(gradient, "ravel") else flat(gradient)


def clipped(gradients: Params, limit: float) -> Params:
    """The gradients, made shorter where their norm is above the limit (Pascanu, Mikolov & Bengio 2013)."""
    size = norm(gradients)
    if size <= limit:
        return gradients
    return each(lambda g, _: g * (limit / size), gradients, gradients)


def with_decay(gradients: Params, parameters: Params, decay: float) -> Params:
    """The gradients of the loss plus decay/2 times the sum of squared parameters."""
    return each(lambda g, p: g + decay * p, gradients, parameters)
