"""The worked examples of Karpathy's lecture on micrograd, to the digits that it shows."""

from __future__ import annotations

import math

import pytest

from support.emitted import emit

GRAPH = """
def L(a, b, c, f):
    e = a*b
    d = e + c
    return d*f
"""

INTERMEDIATES = """
def from_d(d, f): return d*f
def from_e(e, c, f): return from_d(e + c, f)
"""

NEURON = """
def neuron(x1, x2, w1, w2, b):
    n = x1*w1 + x2*w2 + b
    return tanh(n)

def taken_apart(x1, x2, w1, w2, b):
    n = x1*w1 + x2*w2 + b
    e = exp(2*n)
    return (e - 1) / (e + 1)
"""

SHARED = """
def twice(a): return a + a
def bug(a, b):
    d = a*b
    e = a + b
    return d*e
"""

AT = (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)


def gradients(text: str, name: str, *at: float) -> tuple[float, tuple[float, ...]]:
    module = emit(text)
    value, slopes = module.names[f"{name}_value_and_grad"](*at)
    return value, slopes


def test_the_expression_graph() -> None:
    assert gradients(GRAPH, "L", 2.0, -3.0, 10.0, -2.0) == (-8.0, (6.0, -4.0, -2.0, 4.0))


def test_the_expression_graph_in_the_middle() -> None:
    assert gradients(INTERMEDIATES, "from_d", 4.0, -2.0) == (-8.0, (-2.0, 4.0))
    assert gradients(INTERMEDIATES, "from_e", -6.0, 10.0, -2.0) == (-8.0, (-2.0, -2.0, 4.0))


def test_a_step_uphill() -> None:
    at = (2.0, -3.0, 10.0, -2.0)
    _, slopes = gradients(GRAPH, "L", *at)
    higher = emit(GRAPH).names["L"](*[x + 0.01 * slope for x, slope in zip(at, slopes, strict=True)])
    assert higher == pytest.approx(-7.286496, abs=1e-12)


@pytest.mark.parametrize("name", ["neuron", "taken_apart"])
def test_the_neuron(name: str) -> None:
    value, slopes = gradients(NEURON, name, *AT)
    assert value == pytest.approx(math.sqrt(0.5), rel=1e-14)
    assert slopes == pytest.approx((-1.5, 0.5, 1.0, 0.0, 0.5), rel=1e-14)


def test_a_value_used_twice() -> None:
    assert gradients(SHARED, "twice", 3.0) == (6.0, (2.0,))
    assert gradients(SHARED, "bug", -2.0, 3.0) == (-6.0, (-3.0, -8.0))
