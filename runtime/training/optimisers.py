"""Optimisers, (parameters, gradients, state, learning rate) -> (parameters, state): pure, on nested lists or arrays.

>>> sgd = OPTIMISERS["sgd"]
>>> parameters = {"w": [1.0, 2.0]}
>>> sgd.step(parameters, {"w": [10.0, -10.0]}, sgd.start(parameters), 0.1)[0]
{'w': [0.0, 3.0]}
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from typing import cast

from msgspec import Struct

from mgc.runtime.arguments import Params
from mgc.runtime.conversion import Nested

MOMENTUM = 0.9
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # Kingma & Ba's own settings, section 2


class State(Struct, frozen=True):
    """What an optimiser remembers: the steps taken, and running means shaped like the parameters."""

    steps: int
    first: Params
    second: Params


class Optimiser(Struct, frozen=True):
    start: Callable[[Params], State]
    step: Callable[[Params, Params, State, float], tuple[Params, State]]


def sgd_step(parameters: Params, gradients: Params, state: State, rate: float) -> tuple[Params, State]:
    """p <- p - rate * g (Robbins & Monro 1951)."""
    new = each(lambda p, g: p - rate * g, parameters, gradients)
    return new, State(state.steps + 1, {}, {})


def momentum_step(parameters: Params, gradients: Params, state: State, rate: float) -> tuple[Params, State]:
    """v <- 0.9 v + g; p <- p - rate * v (Polyak 1964, the heavy ball)."""
    velocity = each(lambda v, g: MOMENTUM * v + g, state.first, gradients)
    new = each(lambda p, v: p - rate * v, parameters, velocity)
    return new, State(state.steps + 1, velocity, {})


def adam_step(parameters: Params, gradients: Params, state: State, rate: float) -> tuple[Params, State]:
    """Means of the gradient and its square, corrected for the start at zero (Kingma & Ba 2015, alg. 1)."""
    steps = state.steps + 1
    mean = each(lambda m, g: BETA1 * m + (1.0 - BETA1) * g, state.first, gradients)
    square = each(lambda v, g: BETA2 * v + (1.0 - BETA2) * g * g, state.second, gradients)
    mean_bias, square_bias = 1.0 - BETA1**steps, 1.0 - BETA2**steps
    move = each(lambda m, v: (m / mean_bias) / (_root(v / square_bias) + EPSILON), mean, square)
    new = each(lambda p, d: p - rate * d, parameters, move)
    return new, State(steps, mean, square)


def nesterov_step(parameters: Params, gradients: Params, state: State, rate: float) -> tuple[Params, State]:
    """v <- 0.9 v + g; p <- p - rate * (g + 0.9 v): the heavy ball, seen from where it rolls (Nesterov 1983)."""
    velocity = each(lambda v, g: MOMENTUM * v + g, state.first, gradients)
    ahead = each(lambda v, g: g + MOMENTUM * v, velocity, gradients)
    new = each(lambda p, v: p - rate * v, parameters, ahead)
    return new, State(state.steps + 1, velocity, {})


def decayed(parameters: Params, rate: float, decay: float) -> Params:
    """p <- p - rate * decay * p, beside the step and not through it: AdamW's (Loshchilov & Hutter 2019)."""
    return each(lambda p, _: p - rate * decay * p, parameters, parameters) if decay else parameters


def _start(parameters: Params) -> State:
    return State(0, {}, {})


def _start_first(parameters: Params) -> State:
    return State(0, each(lambda p, _: 0.0, parameters, parameters), {})


def _start_both(parameters: Params) -> State:
    zeros = each(lambda p, _: 0.0, parameters, parameters)
    return State(0, zeros, zeros)


def _root(value: float) -> float:
    """The square root, of the entries of an array too, in which native code has its parameters."""
    return math.sqrt(value) if isinstance(value, float) else cast("float", sys.modules["numpy"].sqrt(value))


def each(function: Callable[[float, float], float], left: Params, right: Mapping[str, Nested]) -> Params:
    """The function on each pair of numbers; a parameter that the other side does not have stays as it is."""
    return {name: _pairs(function, value, right[name]) if name in right else value for name, value in left.items()}


def _pairs(function: Callable[[float, float], float], left: Nested, right: Nested) -> Nested:
    if not isinstance(left, list):
        return function(left, cast("float", right))
    return [_pairs(function, a, b) for a, b in zip(left, cast("list[Nested]", right), strict=True)]


OPTIMISERS = {
    "sgd": Optimiser(_start, sgd_step),
    "momentum": Optimiser(_start_first, momentum_step),
    "nesterov": Optimiser(_start_first, nesterov_step),
    "adam": Optimiser(_start_both, adam_step),
    "adamw": Optimiser(_start_both, adam_step),
}
