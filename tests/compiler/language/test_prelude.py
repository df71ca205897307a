"""The prelude's vectors, losses and layers: values by hand, derivatives to 40 digits or by differences."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.language import library
from support import targets
from support.oracle import ulps

Vector = list[float]
ULP = 60  # of the largest derivative: every entry is a sum over all the others


def softmax(v: list[mpf]) -> list[mpf]:
    total = sum(mp.exp(x) for x in v)
    return [mp.exp(x) / total for x in v]


def norm(v: list[mpf]) -> mpf:
    return mp.sqrt(sum(x * x for x in v))


def std(v: list[mpf]) -> mpf:
    return norm([x - sum(v) / len(v) for x in v]) / mp.sqrt(len(v))


EXACT: dict[str, tuple[str, Callable[[list[mpf]], mpf]]] = {
    "dot": ("dot(v, [2 * v[i] + 1 for i])", lambda v: sum(x * (2 * x + 1) for x in v)),
    "norm": ("norm(v)", norm),
    "std": ("std(v)", std),
    "logsumexp": ("logsumexp(v)", lambda v: mp.log(sum(map(mp.exp, v)))),
    "logsumexp of terms": ("logsumexp(2 * v[i] for i)", lambda v: mp.log(sum(mp.exp(2 * x) for x in v))),
    "softmax": ("softmax(v)[1]", lambda v: softmax(v)[1]),
    "log_softmax": ("log_softmax(v)[1]", lambda v: mp.log(softmax(v)[1])),
    "mse": ("mse(v, [1.5 for i in range(n)])", lambda v: sum((x - mpf(1.5)) ** 2 for x in v) / len(v)),
    "cross_entropy": ("cross_entropy(v, 2)", lambda v: -mp.log(softmax(v)[2])),
    "elementwise": ("sum(silu(v))", lambda v: sum(x / (1 + mp.exp(-x)) for x in v)),
}
VECTORS: tuple[Vector, ...] = (
    [0.5, -1.25, 3.0, 0.125],
    [-40.0, 12.0, 7.5, 11.0, -3.0],
    [1000.0, 1001.0, 999.5],
    [-1000.0, -1000.5, -1003.0],
)


def partial(function: Callable[[list[mpf]], mpf], v: Vector, axis: int) -> mpf:
    step = mpf(10) ** -40
    with mp.workdps(600):
        ends = [function([mpf(x) + sign * step * (i == axis) for i, x in enumerate(v)]) for sign in (-1, 1)]
        return (ends[1] - ends[0]) / (2 * step)


@pytest.mark.parametrize("vector", VECTORS, ids=str)
@pytest.mark.parametrize("name", EXACT)
def test_vectors(name: str, vector: Vector) -> None:
    expression, function = EXACT[name]
    value, (slopes,) = targets.python(f"def f(v[n]):\n    return {expression}\n").value_and_grad("f", (vector,))
    with mp.workdps(600):
        wanted = function([mpf(x) for x in vector])
    exact = [partial(function, vector, axis) for axis in range(len(vector))]
    assert ulps(value, wanted, 1e-3 * max(map(abs, vector))) <= ULP
    assert max(ulps(mine, slope, float(max(map(abs, exact)))) for mine, slope in zip(slopes, exact, strict=True)) <= ULP


LAYERS = """
model dense(x[3]):
    return sum(linear[2](x))

model perceptron(x[3]):
    return mlp[4, 5, 1](x)[0]

model normed(x[3]):
    return sum(layernorm(x)**3)
"""


def numbers(params: Any) -> list[tuple[list[Any], int]]:
    """Every place that holds a number: (list, position)."""
    if isinstance(params[0], list):
        return [place for row in params for place in numbers(row)]
    return [(params, position) for position in range(len(params))]


@pytest.mark.parametrize("name", ["dense", "perceptron", "normed"])
def test_layers(name: str) -> None:
    code = targets.python(LAYERS)
    params = code.parameters(3)
    source = random.Random(1)
    for array in params.values():
        for row, position in numbers(array):
            row[position] = source.uniform(-1, 1)
    x = [0.3, -0.8, 1.1]
    _, grads = code.value_and_grad(name, (params, x))
    assert set(grads) == {key for key in params if key.startswith(name)}
    for key in grads:
        for (row, position), (slopes, _) in zip(numbers(params[key]), numbers(grads[key]), strict=True):
            middle, ends = row[position], []
            for step in (-1e-6, 1e-6):
                row[position] = middle + step
                ends.append(code.value(name, (params, x)))
            row[position] = middle
            assert slopes[position] == pytest.approx((ends[1] - ends[0]) / 2e-6, rel=1e-7, abs=1e-8)


def test_layers_by_hand() -> None:
    code = targets.python(LAYERS)
    params, x = code.parameters(0), [1.0, 2.0, 4.0]
    ((name, weights),) = [
        (key, value) for key, value in params.items() if key.startswith("dense") and key.endswith("W")
    ]
    assert [len(weights), len(weights[0])] == [2, 3]
    assert all(abs(w) <= 1 / math.sqrt(3) for row in weights for w in row)
    assert params[name.removesuffix("W") + "b"] == [0.0, 0.0]
    wanted = sum(w * entry for row in weights for w, entry in zip(row, x, strict=True))
    assert code.value("dense", (params, x)) == pytest.approx(wanted)
    mean, variance = 7 / 3, sum((entry - 7 / 3) ** 2 for entry in x) / 3
    wanted = sum(((entry - mean) / math.sqrt(variance + 1e-5)) ** 3 for entry in x)
    assert code.value("normed", (params, x)) == pytest.approx(wanted)


def test_every_definition_tells_what_it_is() -> None:
    for name in library.names("prelude.mg"):
        declared = library.function(name)
        assert declared is not None
        assert declared.docstring, name


TINY = 4.248354255291589e-18  # exp(-40), and log(1 + exp(-40))
BESIDE_ONE = """
def total(v[n]): return logsumexp(v)
def loss(v[n]): return cross_entropy(v, 0)
def share(v[n]): return log_softmax(v)[0]
"""


@pytest.mark.parametrize("target", targets.TARGETS)
def test_what_stands_beside_the_largest_entry_keeps_its_digits(target: str) -> None:
    code = targets.TARGETS[target](BESIDE_ONE)
    for name, at, wanted, slopes in (
        ("total", [-40.0, 0.0], TINY, [TINY, 1.0]),
        ("loss", [40.0, 0.0], TINY, [-TINY, TINY]),
        ("loss", [800.0, 0.0], 0.0, [0.0, 0.0]),
        ("share", [40.0, 0.0], -TINY, [TINY, -TINY]),
    ):
        value, (found,) = code.value_and_grad(name, (at,))
        assert value == code.value(name, (at,)) == pytest.approx(wanted, rel=1e-15, abs=0.0)
        assert found[1] == pytest.approx(slopes[1], rel=1e-15, abs=0.0)
        assert found[0] == pytest.approx(slopes[0], rel=1e-15, abs=2e-16)  # softmax - 1, as textbooks have it
