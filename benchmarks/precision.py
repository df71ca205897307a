"""Native code in float32 beside float64: values and derivatives of the same models, least times of one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import mgc
from benchmarks.report import duration, table
from benchmarks.timing import Case, times
from mgc.compiler.options import PRECISIONS

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDS = 40
WINDOW = 0.002  # seconds
MIXTURE = ("alpha", "mu", "q", "l")
PERCEPTRON = """\
model logits(x[784]):
    return mlp[128, 64, 10](x)

def loss(X[n, 784], label[n]: int):
    return mean(cross_entropy(logits(X[i]), label[i]) for i)
"""


def main() -> None:
    draw = np.random.default_rng(0)
    rows = [
        _row("moons, n = 100", _loss("moons", X=draw.normal(size=(100, 2)), y=np.sign(draw.normal(size=100)))),
        _row("moons, n = 10,000", _loss("moons", X=draw.normal(size=(10_000, 2)), y=np.sign(draw.normal(size=10_000)))),
        _row("digits, n = 64", _loss("digits", X=draw.uniform(size=(64, 64)), label=draw.integers(0, 10, 64))),
        _row("digits, n = 1,797", _loss("digits", X=draw.uniform(size=(1797, 64)), label=draw.integers(0, 10, 1797))),
        _row(
            "784-128-64-10, n = 64", _loss(PERCEPTRON, X=draw.uniform(size=(64, 784)), label=draw.integers(0, 10, 64))
        ),
        _row("Rosenbrock, n = 100,000", _rosenbrock(draw.normal(size=100_000))),
        _row("mixture, d = 2, k = 5, n = 1,000", _mixture(2, 5, 1.0)),
        _row("mixture, d = 10, k = 25, n = 1,000", _mixture(10, 25, 1.0)),
        _row("the same, parameters and points by 0.3", _mixture(10, 25, 0.3)),
    ]
    print(table("Native code by the type of its numbers", ("", *PRECISIONS, "times as fast"), rows))


def _loss(model: str, **data: Any) -> Callable[[Any], Case]:
    """A loss by its parameters, on data that are bound."""

    def case(dtype: Any) -> Case:
        loaded = _loaded(model, dtype)
        params = {name: np.array(value, dtype) for name, value in loaded.init(seed=1).items()}
        bound = loaded.loss.bind(**{name: _as(value, dtype) for name, value in data.items()})
        return Case(dtype, bound.value_and_grad, (params,))

    return case


def _rosenbrock(x: Any) -> Callable[[Any], Case]:
    def case(dtype: Any) -> Case:
        bound = _loaded("rosenbrock", dtype).rosenbrock.bind()
        return Case(dtype, partial(bound.value_and_grad, out=(np.zeros(x.size, dtype),)), (_as(x, dtype),))

    return case


def _mixture(d: int, k: int, scale: float) -> Callable[[Any], Case]:
    draw = np.random.default_rng(0).normal
    given = [scale * draw(size=shape) for shape in ((k,), (k, d), (k, d), (k, d * (d - 1) // 2), (1000, d))]

    def case(dtype: Any) -> Case:
        function = _loaded("gmm", dtype, functions=["log_likelihood"], wrt=MIXTURE)["log_likelihood"]
        *params, x = [_as(one, dtype) for one in given]
        return Case(dtype, function.bind(x=x).value_and_grad, tuple(params))

    return case


def _loaded(model: str, dtype: Any, **choices: Any) -> Any:
    text = model if "\n" in model else (EXAMPLES / f"{model}.mg").read_text("utf-8")
    return mgc.loads(text, target="native", dtype=dtype, **choices)


def _as(value: Any, dtype: Any) -> Any:
    return value.astype(dtype) if value.dtype.kind == "f" else value


def _row(title: str, case: Callable[[Any], Case]) -> str:
    found: Mapping[str, list[float]] = times([case(dtype) for dtype in PRECISIONS], ROUNDS, WINDOW)
    double, single = (min(found[dtype]) for dtype in PRECISIONS)
    return f"| {title} | {duration(double)} | {duration(single)} | {double / single:.3g} |"
