"""A graph of values compiles to a function that has its value and its gradient."""

from __future__ import annotations

import random

import pytest

import mgc
from mgc.micrograd import MLP, Value
from mgc.micrograd.model import text


def test_every_operation_compiles() -> None:
    a, b = Value(0.7, label="a"), Value(-1.3, label="b")
    root = (a * b).tanh() - a.exp() / b + (a**-2 + 2**a) * (a**0.5).log() + (a - b).relu() ** a - 3
    root.backward()
    value, gradient = root.compile([a, b]).value_and_grad(a.data, b.data)
    assert value == pytest.approx(root.data, rel=1e-14)
    assert gradient == pytest.approx((a.grad, b.grad), rel=1e-13)


def test_a_network_compiles_by_its_parameters() -> None:
    random.seed(1)
    model = MLP(2, [4, 4, 1])
    root = model([0.3, -0.8])
    assert isinstance(root, Value)
    root.backward()
    parameters = model.parameters()
    value, gradient = root.compile(parameters).value_and_grad(*[p.data for p in parameters])
    assert value == pytest.approx(root.data, rel=1e-14)
    assert gradient == pytest.approx([p.grad for p in parameters], rel=1e-12, abs=1e-15)


def test_labels_become_names() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="exp")
    product = x * w
    product.label = "product"
    other = product + x
    other.label = "x1"
    assert text(other, [x, w]).splitlines() == [
        "def graph(x, exp2):",
        "    product = x*exp2",
        "    x1 = product + x",
        "    return x1",
    ]


def test_what_lies_between_may_be_an_input() -> None:
    x = Value(2.0)
    square = x * x
    assert (square * -5 + 1).compile([square])(9.0) == -44.0


def test_constants_are_what_they_were() -> None:
    x = Value(2.0, label="inf")
    root = Value(-0.0) ** 3 + Value(-3.0) ** 2 * x + 1e-300 + Value(float("inf")) ** -1
    assert root.compile([x])(5.0) == 45.0


def test_gradients_of_the_graph_stay_as_they_are() -> None:
    x = Value(2.0)
    square = x * x
    root = square * 3
    root.backward()
    root.compile([x])
    assert (x.grad, square.grad, root.grad) == (12.0, 3, 1)


def test_what_cannot_be_compiled_is_told() -> None:
    x = Value(2.0)
    own = Value(4.0, (x,), "cube")
    own._backward = lambda: None
    with pytest.raises(mgc.DataError, match="'cube' is an operation of your own"):
        own.compile([x])
    for inputs in ([], [x, x]):
        with pytest.raises(mgc.DataError, match="each once"):
            (x + 1).compile(inputs)
