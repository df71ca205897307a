"""Under which condition a value is computed: z, the value that each model names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from mgc.compiler.graph import control
from mgc.compiler.graph.control import Control
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.guards import Guards
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import AxisName, Node, axis_order
from mgc.compiler.options import Options
from mgc.compiler.pipeline import run

CONDITIONS = (
    ("log(a)", "z if b > 1 else 0", "b > 1"),
    ("log(a)", "0 if b > 1 else z", "not b > 1"),
    ("log(a)", "z if b > 1 else 2*z", ""),
    ("log(a)", "(z if a > 2 else 0) + (a*z if b > 1 else 0)", "b > 1 or a > 2"),
    ("log(a)", "(z if b > 1 else 0) if a > 2 else 0", "a > 2, b > 1"),
    ("log(a)", "sum(x[i]*z if x[i] > 1 else 0 for i)", "for some i: x[i] > 1"),
    ("log(a)", "sum(x[i]*z if x[i] > 1 else 0 for i) if a > 2 else 0", "a > 2, for some i: x[i] > 1"),
    ("log(a)", "sum(x[i]*z if a > 2 else 0 for i)", "a > 2"),
    ("log(a)", "sum(z*i for i in range(k))", "k > 0"),
    ("log(a)", "sum(x[i]*z for i for j in range(i))", "n > 1"),
    ("log(a)", "sum(x[i]*z for i for j in range(i + 1))", ""),
    ("log(a)", "sum(x[i]*z for i in range(2, n) for j in range(i, n))", "n > 2"),
    ("log(a)", "sum(x[i]*z for i for j in range(n - 2*i - 3))", "n > 3"),
    ("log(a)", "sum(x[i]*z if i > 3 else 0 for i)", "n > 4"),
    ("log(a)", "sum(x[i]*z if i < 3 else 0 for i)", "n > 0"),
    ("log(a)", "sum(x[i]*z if i == 3 else 0 for i)", "for some i: i == 3"),
    ("a**4", "sum(x[i]*z for i for j in range(i))", ""),  # its slope is finite
    ("log(a)", "sum(x[i]*z for i)", ""),  # a size is taken not to be 0
    ("sin(a)", "sum(x[i]*z if x[i] > 1 else 0 for i)", ""),  # it cannot fail: outside of the loop and its branch
    ("sin(a)", "sum(x[i]*z if x[i] > 1 else 0 for i) if a > 2 else 0", "a > 2"),
)
SIGNS = {"gt": ">", "eq": "=="}
QUOTIENT = "sum(x[i] - 1/a if x[i] > 1 else 0 for i)"


@pytest.mark.parametrize(("value", "result", "condition"), CONDITIONS)
def test_the_condition_of_a_value(value: str, result: str, condition: str) -> None:
    graph = _graph(f"z = {value}\n    return {result}")
    found = _analysis(control.analyse, graph)
    (z,) = [node for node, name in graph.names.items() if name == "z"]
    assert _text(found, found.guards[z]) == condition


def test_a_quotient_is_written_at_its_only_reader() -> None:
    assert _of_quotient(control.analyse, QUOTIENT) == "for some i: x[i] > 1"
    assert _of_quotient(control.analyse_written, QUOTIENT) == "x[i] > 1"


def test_a_quotient_of_two_readers_is_computed_once() -> None:
    both = f"(1/a if a > 2 else 0) + {QUOTIENT}"
    assert _of_quotient(control.analyse_written, both) == "for some i: x[i] > 1 or a > 2"


def _of_quotient(analyse: Callable[..., Control], result: str) -> str:
    graph = _graph(f"return {result}")
    found = _analysis(analyse, graph)
    (quotient,) = [node for node in topological_order(graph.roots()) if node.op == "div"]
    return _text(found, found.guards[quotient])


def _graph(body: str) -> Graph:
    made = run(f"def f(a, b, x[n], k: int):\n    {body}\n", "m.mg", Options(), until="lower")
    return made.functions[0].value


def _analysis(analyse: Callable[..., Control], graph: Graph) -> Control:
    order = topological_order(graph.roots())
    return analyse(graph, order, loop_order(order))


def _text(found: Control, branches: Guards) -> str:
    """Branches as an author would write them: `a > 2, for some i: x[i] > 1`."""

    def said(node: Node) -> str:
        if node in found.turns and node.args[0].op == "reduce":
            count = found.turns[node]
            indices = ", ".join(map(said, sorted(count.loops, key=axis_order)))
            return f"for some {indices}: {_text(found, count.branches)}"
        match node.op, node.attribute:
            case "index", AxisName(name=name):
                return name
            case "read", _:
                return f"{said(node.args[0])}[{', '.join(map(said, node.args[1:]))}]"
            case (("gt" | "eq" | "or" as op), _):
                return f" {SIGNS.get(op, op)} ".join(map(said, node.args))
        return f"{node.attribute:g}" if isinstance(node.attribute, float) else str(node.attribute)

    return ", ".join(said(condition) if arm else f"not {said(condition)}" for condition, arm in branches)


def test_many_branches_of_one_value_cost_as_many_steps() -> None:
    assert _steps(400) < 2.2 * _steps(200)


def _steps(branches: int) -> int:
    """How many functions are called to find the branches of a sum of so many."""
    graph = _graph("return " + " + ".join(f"(log(a)*{i} if b > {i} else 0)" for i in range(branches)))
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    _analysis(control.analyse_written, graph)
    sys.setprofile(None)
    return count
