"""Models that compute as IEEE 754 does: what is said of nan and of infinities makes no right text false or unproved."""

from __future__ import annotations

import pytest
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.edges import root
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import function, symbol
from support.verification import verified

RIGHT = {
    "nan times an adjoint, before the loop": "def f(x[n]): return mean(log(cosh(x[i])) for i)",
    "the arm in which a logarithm has no value": "def f(m, s, x[n]): return sum(log(s) + ((x[i] - m)/s)**2 for i)",
    "the same of log1p, sqrt and a power": "def f(x, y): return log1p(x*y)*sqrt(y) + x**1.5*acosh(x + y)",
    "arms that infinities alone come to": "def f(e[n], b): return -logsumexp(-b*e[i] for i)/b",
    "an arm of a size at which nothing has a value": "def f(a[k]):\n    b = [a[0]*a[i] for i]\n    return log(sum(b))",
}


@pytest.mark.parametrize("model", RIGHT.values(), ids=RIGHT)
def test_is_proved(model: str) -> None:
    assert verified(model, ieee=True).verdict == "proved"


def test_nan_where_doubles_cannot_tell_a_number_from_0_is_no_falsehood() -> None:
    model = "def f(x, y): return acosh(1 + 2*(x - y)**2/((1 - x**2)*(1 - y**2)))"
    assert verified(model, ieee=True).verdict == "proved"


@pytest.mark.parametrize("height", [function("exp", symbol("x")), 1 / symbol("x"), function("exp", -symbol("x"))])
def test_what_becomes_small_is_no_root(height: object) -> None:
    for start in (-60, -2, 3, 70):
        assert root(height, Evaluation({"x": mpf(start)}), "x") is None  # type: ignore[arg-type]


def test_a_number_beyond_all_doubles_is_compared() -> None:
    assert Evaluation({"x": mpf(2) ** 10_000}).value(symbol("x") > 0)


def test_a_root_is_found() -> None:
    x = symbol("x")
    for height in (x - 3, function("exp", x) - 20):
        assert root(height, Evaluation({"x": mpf("2.5")}), "x") is not None
