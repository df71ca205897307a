"""Statements that share a loop or a branch: what one of them stores, another reads only afterwards."""

from __future__ import annotations

import math
import re

import pytest

import mgc
from support import targets

MODELS = """
def of_a_sum(g[3]):
    a = [sum(g[t]*2 if i >= 1 else 0 for t) for k, i in range(3)]
    return sum(a**2) + sum(a)

def of_a_sum_over_some(g[3]):
    a = [sum(g[t] for t if g[t] < 3 and i >= 1) for k, i in range(3)]
    return sum(a**2) + sum(a)

def of_the_other_arm(g[3]):
    a = [sum(0 if i == 0 else g[t]*g[t] for t) for k, i in range(3)]
    return sum(a**2) + a[0, 1]
"""
EXPECTED = {
    "of_a_sum": (936.0, [300.0, 300.0, 300.0]),
    "of_a_sum_over_some": (72.0, [42.0, 42.0, 0.0]),
    "of_the_other_arm": (1190.0, [338.0, 676.0, 1014.0]),
}


@pytest.mark.parametrize("target", targets.TARGETS)
def test_a_sum_that_is_stored_after_the_branch_that_adds_to_it(target: str) -> None:
    code = targets.TARGETS[target](MODELS)
    for name, (value, slopes) in EXPECTED.items():
        assert code.value(name, ([1.0, 2.0, 3.0],)) == value
        assert code.value_and_grad(name, ([1.0, 2.0, 3.0],)) == (value, (slopes,))


def test_sums_that_are_added_share_a_loop() -> None:
    text = mgc.loads("def f(x[n], y[n]): return sum(x[i]**2 for i) - 2*sum(y[i] for i)").source
    assert text.count("for i in range(n)") == 3  # of the value, of the derivative forward, and backward


def test_a_value_read_along_two_indices_has_one_derivative() -> None:
    source = mgc.loads("def f(A[n, n], x[n]):\n    y = A @ x\n    return sum((A @ y)*(A.T @ y))").source
    assert len(re.findall(r"\bdy\w* =", source)) == 1


def test_what_one_condition_decides_stands_in_one_branch() -> None:
    model = """def g(x, y):
    a = x*y if x > 0 else y**2 - x
    b = max(a, 1) if y > x else min(a, x)
    return a*b + relu(a - b)
"""
    assert mgc.loads(model).source.count("if y > x:") == 2  # forward and backward


def test_a_test_of_what_costs_is_made_once() -> None:
    source = mgc.loads("def g(x, y): return (y if tanh(x) > 0 else x)*(exp(y) if tanh(x) > 0 else y)").source
    assert source.count("= tanh(x) > 0.0") == 2  # of the value and of the derivative


def test_what_a_branch_adds_in_each_turn_is_computed_before_the_loop() -> None:
    model = "def f(x[m], b): return sum(x[(k + 2) % m] for k in range(3))**b"
    assert "b * pow(x_sum, b - 1.0)\n        for k in range(3):" in mgc.loads(model).source
    assert mgc.loads(model, style="flat").source.count("pow(") == 3  # two values, one slope


def test_no_turn_of_a_loop_asks_whether_the_loop_has_turns() -> None:
    model = "def f(x[n]):\n    m = mean(x)\n    s = sqrt(mean((x - m)**2))\n    return sum((x - m)/s)\n"
    source = mgc.loads(model).source
    assert "if n > 0:" in source  # around a loop, not in it
    assert "if n > 0 else" not in source


def test_what_is_above_0_is_not_asked_whether_it_is_0() -> None:
    source = mgc.loads("def f(y[n]: int, p): return sum(log(p) if y[i] > 0 else 0 for i)").source
    assert "if y_above_zero_count > 0.0:" in source
    assert "!=" not in source.split("# backward")[1]


def test_an_array_is_as_long_as_a_value_that_is_computed() -> None:
    text = "def f(x[n]):\n    return sum(softmax([x[j]*2 for j in range(argmax(x))])**2)\n"
    value, (slopes,) = mgc.loads(text, "f.mg").f.value_and_grad([1.0, 2.0, 3.0])
    share = 1 / (1 + math.exp(-2.0))
    slope = 2 * (2 * share - 1) * 2 * share * (1 - share)
    assert value == pytest.approx(share**2 + (1 - share) ** 2)
    assert slopes == pytest.approx([-slope, slope, 0.0])
