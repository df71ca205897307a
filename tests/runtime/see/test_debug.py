"""A run that is watched stops where a number is lost, at the line that lost it."""

from __future__ import annotations

import math

import pytest

import mgc
from mgc.grammar.diagnostics import DataError

MODEL = """
def f(x[n]):
    y = [exp(x[i]) for i]
    return sum(y[i] - y[0] for i)

def g(x):
    y = x*x
    return sqrt(y)
"""


def test_the_first_that_is_not_finite_is_told_at_its_line() -> None:
    found = mgc.loads(MODEL, "f.mg", ieee=True).f.debug([0.0, 800.0])
    assert found.problem is not None
    assert (found.problem.span.line, found.problem.message) == (3, "y[1] is inf: `exp(x[i])` where x[i] = 800.0, i = 1")
    assert [event.written for event in found.events][-1] == "y[1]"
    assert found.result is None


def test_a_derivative_that_is_not_finite_is_told_too() -> None:
    found = mgc.loads(MODEL, "f.mg", ieee=True).g.debug(0.0)
    assert found.problem is not None
    assert found.problem.span.line == 3 + 5
    assert "dy is inf" in found.problem.message


def test_arithmetic_that_raises_is_told_in_the_same_way() -> None:
    found = mgc.loads(MODEL, "f.mg").g.debug(0.0)
    assert found.problem is not None
    assert "division by zero" in found.problem.message
    assert [event.written for event in found.events] == ["y", "out"]


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_a_finite_run_comes_to_its_end(style: str) -> None:
    model = mgc.loads(MODEL, style=style)  # type: ignore[arg-type]
    found = model.g.debug(3.0)
    assert (found.problem, found.result) == (None, model.g.value_and_grad(3.0))
    assert str(found).endswith("every value is finite")
    assert [row[3] for row in found.rows() if row[1] == "y"] == ["0.166667"]
    assert "<td>y</td>" in found._repr_html_()


def test_largest_so_far_may_begin_with_minus_infinity() -> None:
    found = mgc.loads("def f(x[n]): return max(x[i] for i)").f.debug([1.0, 2.0])
    assert found.problem is None


def test_a_nan_that_is_given_is_told_where_it_is_first_used() -> None:
    found = mgc.loads(MODEL, ieee=True).g.debug(math.nan)
    assert found.problem is not None
    assert "y is nan: `x * x` where x = nan" in found.problem.message


def test_arguments_are_checked_first() -> None:
    with pytest.raises(DataError, match="missing argument"):
        mgc.loads(MODEL).g.debug()
