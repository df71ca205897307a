"""The loss of examples/moons.mg, value and 337 derivatives over 100 points: emitted Python and both micrograds."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from typing import Any

import micrograd.engine
import micrograd.nn
import numpy

import mgc
import mgc.micrograd.engine
import mgc.micrograd.nn
from benchmarks.emitted import EXAMPLES, import_example
from benchmarks.report import ratios
from benchmarks.timing import Case, race
from mgc.compiler.options import Options

ALPHA = 1e-4
HIDDEN = 16
ROUNDS = 7
NAMES = [f"score.linear{layer}.{kind}" for layer in (1, 2, 3) for kind in ("W", "b")]


def main() -> None:
    X, y = data()
    rolled = import_example("moons", Options())
    unrolled = import_example("moons", Options(unroll=HIDDEN))
    params = rolled.init_params(seed=1337)
    inputs = (params, X, y)
    peer = micrograd_loss(*inputs, micrograd.engine.Value, micrograd.nn.MLP)
    ours = micrograd_loss(*inputs, mgc.micrograd.engine.Value, mgc.micrograd.nn.MLP)
    check_agreement(rolled.loss_value_and_grad(*inputs), peer())
    check_agreement(unrolled.loss_value_and_grad(*inputs), peer())
    check_agreement(rolled.loss_value_and_grad(*inputs), ours())
    parameters = neuron_by_neuron(params)
    traced, traced_unrolled, traced_native = (
        traced_loss(X, y),
        traced_loss(X, y, unroll=HIDDEN),
        traced_loss(X, y, native=True),
    )
    for made in (traced, traced_unrolled, traced_native):
        value, (slopes,) = made(parameters)
        check_agreement(rolled.loss_value_and_grad(*inputs), (value, slopes))
    seconds = race(
        [
            Case("emitted Python", rolled.loss_value_and_grad, inputs),
            Case(f"emitted Python, --unroll {HIDDEN}", unrolled.loss_value_and_grad, inputs),
            Case("mgc.trace of micrograd's lines", traced, (parameters,)),
            Case(f"mgc.trace of micrograd's lines, unroll={HIDDEN}", traced_unrolled, (parameters,)),
            Case("mgc.trace of micrograd's lines, native", traced_native, (numpy.array(parameters),)),
            Case("micrograd, cyclic collector off", peer, collector=False),
            Case("micrograd", peer),
            Case("mgc.micrograd, cyclic collector off", ours, collector=False),
            Case("mgc.micrograd", ours),
        ],
        ROUNDS,
    )
    print(ratios("Moons loss, value and gradient", seconds, "emitted Python"))


def data() -> tuple[list[list[float]], list[float]]:
    with (EXAMPLES / "moons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [[float(row["X0"]), float(row["X1"])] for row in rows], [float(row["y"]) for row in rows]


def micrograd_loss(
    params: dict[str, Any], X: list[list[float]], y: list[float], Value: Any, MLP: Any
) -> Callable[[], tuple[float, list[float]]]:
    """A micrograd's model with these parameters: a function that gives its loss and gradient."""
    model = MLP(2, [HIDDEN, HIDDEN, 1])
    parameters = model.parameters()
    for parameter, number in zip(parameters, neuron_by_neuron(params), strict=True):
        parameter.data = number

    def value_and_grad() -> tuple[float, list[float]]:
        scores = [model([Value(number) for number in row]) for row in X]
        losses = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + ALPHA * sum(p * p for p in parameters)
        model.zero_grad()
        loss.backward()
        return loss.data, [p.grad for p in parameters]

    return value_and_grad


def traced_loss(
    X: list[list[float]], y: list[float], unroll: int = 0, native: bool = False
) -> Callable[[list[float]], Any]:
    """The same lines, traced: the value and the gradient by the parameters, in emitted Python or as native code."""
    model = mgc.micrograd.nn.MLP(2, [HIDDEN, HIDDEN, 1])

    def loss(X: Any, y: Any, model: Any) -> Any:
        scores = [model(row) for row in X]
        losses = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + ALPHA * sum(p * p for p in model.parameters())

    traced = mgc.trace(loss, X, y, model, wrt="model", unroll=unroll)
    if native:
        traced = mgc.loads(traced.to_mg(), wrt="model", target="native").loss
    return traced.bind(X=X, y=y).value_and_grad


def neuron_by_neuron(params: dict[str, Any]) -> list[float]:
    """The parameters in micrograd's order: of each layer, of each neuron, the weights, then the bias."""
    flat: list[float] = []
    for weights, biases in zip(NAMES[::2], NAMES[1::2], strict=True):
        for row, bias in zip(params[weights], params[biases], strict=True):
            flat += [*row, bias]
    return flat


def check_agreement(ours: tuple[float, dict[str, Any]], theirs: tuple[float, list[float]]) -> None:
    value, gradient = ours
    assert math.isclose(value, theirs[0], rel_tol=1e-12)
    pairs = list(zip(neuron_by_neuron(gradient), theirs[1], strict=True))
    assert len(pairs) == 337
    assert all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)
