"""Arms of branches that nothing reaches are told, and only those."""

from __future__ import annotations

import pytest

import mgc
from support.verification import edited, of_text


def _said(source: str) -> list[str]:
    (report,) = mgc.loads(source).verify().functions
    assert report.verdict == "proved"
    return [note.partition("never reached: ")[2] for note in report.notes if "never reached" in note]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(x): return exp(x) if x*x < 0 else x", "`x * x < 0.0` is never true there"),
        ("def f(x): return x if exp(x) > 0 else -x", "`exp(x) > 0.0` is always true there"),
        ("def f(x): return x if x*x + 1 > 0 else -x", "`x * x + 1.0 > 0.0` is always true there"),
        ("def f(x, y): return x if x > y and y > x else y", "`x > y and y > x` is never true there"),
        ("def f(x): return (x if x > 2 else -x) if x > 3 else x*x", "`x > 2.0` is always true there"),
        ("def f(x): return x*x if x > 3 else (sin(x) if 2*x > 8 else x)", "`2.0 * x > 8.0` is never true there"),
    ],
)
def test_an_arm_that_is_never_taken(source: str, said: str) -> None:
    assert _said(source) == [said]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return exp(x) if x*x <= 0 else x",  # at one point
        "def f(x): return exp(x) if x*x > 0 else x",
        "def f(x): return (x if x > 3 else -x) if x > 2 else x*x",
        "def f(x): return x if x > 1e9 else -x",  # where no sample lies
        "def f(x, y): return x if x > y and y > x - 1e-9 else y",
        "def f(x[n]): return sum(x[i] if x[i] > 0 else -x[i] for i in range(n))",
        "def f(x[n]): return sum(x[i] if i < 1 else -x[i] for i in range(n))",  # a condition on sizes
    ],
)
def test_an_arm_that_some_input_reaches(source: str) -> None:
    assert not _said(source)


@pytest.mark.parametrize("otherwise", ["SLOPE if y < 1e100 else 0.0", "0.0\n    if y < 1e100:\n        dx = SLOPE"])
def test_an_arm_of_a_derivative_that_no_point_takes_is_named(otherwise: str) -> None:
    slope = "2.0 * (y_exp * x)"
    text = edited("def f(x, y): return x*x*exp(y)", f"dx = {slope}", f"dx = {otherwise.replace('SLOPE', slope)}")
    report = of_text(text)
    line = text[: text.index("1e100")].count("\n") + 1
    assert report.verdict == "tested"
    assert [note for note in report.notes if "no point" in note] == [
        f"emitted line {line} has an arm of which no point was found: none at which `y < 1e+100` is false"
    ]
