"""examples/neuron.mg, value and five derivatives at one point: emitted Python, micrograd, sympy."""

from __future__ import annotations

import math
from collections.abc import Callable

import sympy
from micrograd.engine import Value

from benchmarks.emitted import import_example
from benchmarks.report import ratios
from benchmarks.timing import Case, race
from mgc.compiler.options import Options

POINT = (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)
ROUNDS = 30


def main() -> None:
    emitted = import_example("neuron", Options()).neuron_value_and_grad
    symbolic = lambdified()
    check_agreement(emitted, symbolic)
    seconds = race(
        [
            Case("emitted Python", emitted, POINT),
            Case("sympy lambdify(cse=True)", symbolic, POINT),
            Case("micrograd", micrograd, POINT),
            Case("micrograd, cyclic collector off", micrograd, POINT, collector=False),
        ],
        ROUNDS,
    )
    print(ratios("Neuron, value and gradient", seconds, "emitted Python"))


def micrograd(*point: float) -> tuple[float, tuple[float, ...]]:
    inputs = [Value(number) for number in point]
    x1, x2, w1, w2, b = inputs
    out = _tanh(x1 * w1 + x2 * w2 + b)
    out.backward()
    return out.data, tuple(one.grad for one in inputs)


def _tanh(x: Value) -> Value:
    """The hyperbolic tangent, which micrograd 0.1.0 lacks, as a node of its graph."""
    t = math.tanh(x.data)
    out = Value(t, (x,), "tanh")

    def backward() -> None:
        x.grad += (1 - t**2) * out.grad

    out._backward = backward
    return out


def lambdified() -> Callable[..., list[float]]:
    """sympy's function of the value and the symbolic derivatives, with common subexpressions shared."""
    names = sympy.symbols("x1 x2 w1 w2 b", real=True)
    x1, x2, w1, w2, b = names
    value = sympy.tanh(x1 * w1 + x2 * w2 + b)
    function: Callable[..., list[float]] = sympy.lambdify(
        names, [value, *(sympy.diff(value, name) for name in names)], modules="math", cse=True
    )
    return function


def check_agreement(
    emitted: Callable[..., tuple[float, tuple[float, ...]]], symbolic: Callable[..., list[float]]
) -> None:
    for point in (POINT, (0.3, -0.2, 0.7, 1.1, -0.5)):
        value, gradient = emitted(*point)
        peer_value, peer_gradient = micrograd(*point)
        for theirs in ([peer_value, *peer_gradient], symbolic(*point)):
            pairs = zip([value, *gradient], theirs, strict=True)
            assert all(math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12) for a, b in pairs)
