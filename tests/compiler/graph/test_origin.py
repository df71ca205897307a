"""Where a value comes from: its statement, the calls that lead there, and the rule of a derivative."""

from __future__ import annotations

import pytest

from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.options import Options
from mgc.compiler.pipeline import run

MODEL = """
layer dense[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    return tanh(W @ x)

model score(x[2]):
    h = dense[4](x)
    return dense[1](h)[0]

def double(x):
    return 2*sin(x)

def loss(x[2], y):
    e = double(score(x) - y)
    return max(e, y)
"""


def _graphs(function: str, unroll: int = 0) -> tuple[Graph, Graph]:
    options = Options(functions=(function,), unroll=unroll)
    (one,) = run(MODEL, "m.mg", options, until="share").functions
    assert one.derivative is not None
    return one.value, one.derivative


def _nodes(graph: Graph, op: str, section: str = "forward") -> list[Node]:
    return [n for n in topological_order(graph.roots()) if n.op == op and n.origin.section == section]


@pytest.mark.parametrize("unroll", [0, 4])
def test_the_calls_that_lead_to_a_value(unroll: int) -> None:
    value, _ = _graphs("loss", unroll)
    found = [
        (n.origin.span.line, [call.name for call in n.origin.calls]) for n in _nodes(value, "tanh") if n.origin.span
    ]
    first, second = (4, ["score", "score.dense1"]), (4, ["score", "score.dense2"])
    assert found == ([first] * 4 if unroll else [first]) + [second]
    (sine,) = _nodes(value, "sin")
    assert [(call.name, call.span.line) for call in sine.origin.calls] == [("double", 14)]


@pytest.mark.parametrize("unroll", [0, 4])
def test_a_derivative_says_of_which_operation_by_which_argument(unroll: int) -> None:
    _, derivative = _graphs("loss", unroll)
    (cosine,) = _nodes(derivative, "cos", "backward")
    primal, rule = cosine.origin.primal, cosine.origin.rule
    assert primal is not None
    assert rule is not None
    assert (primal.op, rule.op, rule.place) == ("sin", "sin", 0)
    assert cosine.origin.calls == primal.origin.calls


def test_the_rule_of_an_extremum_with_a_constant() -> None:
    _, derivative = _graphs("loss")
    (condition,) = _nodes(derivative, "gt", "backward")
    primal, rule = condition.origin.primal, condition.origin.rule
    assert primal is not None
    assert rule is not None
    assert (primal.op, rule.op) == ("max", "max_const")


def test_every_primal_is_a_forward_value_of_the_same_graph() -> None:
    for function in ("score", "loss"):
        _, derivative = _graphs(function)
        nodes = topological_order(derivative.roots())
        primals = [n.origin.primal for n in nodes if n.origin.primal is not None]
        assert primals
        known = {*nodes, *[given.node for given in derivative.inputs]}
        assert {n for n in primals if n not in known} == set()
        assert {n.origin.section for n in primals} == {"forward"}


def test_the_derivative_leaves_the_value_s_names_as_they_are() -> None:
    value, derivative = _graphs("loss")
    assert {*value.names.values()} == {"score.h", "e"}
    assert "score.dh" in derivative.names.values()
    assert not value.adjoints
