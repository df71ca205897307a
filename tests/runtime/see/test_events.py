"""A traced run: what each statement sets is what the function computes with, and its lines are those of the text."""

from __future__ import annotations

import random

import pytest

import mgc
from mgc.grammar.diagnostics import ModelError
from mgc.runtime.see.events import derivative_arguments, events_of, run

NORM = """
def f(W[m, n], x[n]):
    z = W @ x
    return sqrt(sum(z[i]**2 for i))

def rows(X[n, 2]):
    return [X[i, 0]*X[i, 1] for i]

def least(x[n]):
    return min(x[i] for i) if x[0] > 0 else x[0]
"""


@pytest.mark.parametrize("style", ["fused", "lesson", "flat"])
def test_a_traced_run_gives_what_the_function_gives(style: str) -> None:
    f = mgc.loads(NORM, style=style).f  # type: ignore[arg-type]
    draw = random.Random(0)
    bound = f.checked([[draw.random() for _ in range(3)] for _ in range(2)], [draw.random() for _ in range(3)])
    assert run(f, bound, lambda event: None) == f.value_and_grad(*bound)


def test_the_last_that_is_stored_of_each_derivative_is_the_derivative() -> None:
    f = mgc.loads(NORM, style="lesson").f
    bound = f.checked([[1.0, 2.0], [3.0, 4.0]], [0.5, -1.0])
    stored = {event.written: event.value for event in events_of(f, bound)}
    _, (dW, dx) = f.value_and_grad(*bound)
    assert [stored["dx[0]"], stored["dx[1]"]] == dx
    assert [[stored[f"dW[{i}][{j}]"] for j in range(2)] for i in range(2)] == dW


def test_an_array_result_is_differentiated_as_its_sum() -> None:
    rows = mgc.loads(NORM).rows
    bound = rows.checked([[1.0, 2.0], [3.0, 4.0]])
    assert derivative_arguments(rows, bound)[-1] == [1.0, 1.0]
    assert run(rows, bound, lambda event: None) == ([2.0, 12.0], ([[2.0, 1.0], [4.0, 3.0]],))


def test_only_what_is_executed_is_told() -> None:
    least = mgc.loads(NORM, style="lesson").least
    taken, other = ({e.step.code for e in events_of(least, least.checked([x, 1.0, 2.0]))} for x in (3.0, -3.0))
    assert "out = x[first]" in other - taken
    assert "out = x_min" in taken - other


def test_what_raises_is_told_in_the_models_terms() -> None:
    inverse = mgc.loads("def f(x):\n    y = 1/x\n    return y*x\n", "inverse.mg").f
    with pytest.raises(ModelError, match=r"inverse.mg:2:.* division by zero"):
        events_of(inverse, inverse.checked(0.0))
