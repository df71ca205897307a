"""A function beside PyTorch, JAX and NumPy: the same numbers, each by a derivative of its own."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

import mgc
from mgc.runtime.compare import Row
from support.fit_model import MODEL, X, Y

TEXT = """
def one(x, y): return tanh(x*y) + relu(y) - log(x)/y**3 + sin(x) + floor(y)*x + remainder(x, 2) + hypot(x, 1)
def many(x[n], k: int): return [max(x[i], 0.25)*k + exp(x[i]) for i], sum(x[i]**2 for i)
def special(x): return erf(x) + lgamma(x) + cbrt(x)
"""
needs = {
    name: pytest.param(name, marks=pytest.mark.skipif(find_spec(name) is None, reason=f"{name} is not installed"))
    for name in ("torch", "jax")
}
LIBRARIES = [needs["torch"], needs["jax"], "numpy"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_values_and_derivatives_agree(library: str) -> None:
    model = mgc.loads(TEXT)
    one = model.one.compare(0.5, 2.25, libraries=[library])
    assert [row.name for row in one.rows] == ["one", "x", "y"]
    many = model.many.compare([0.5, 2.0, -1.0], 3, libraries=[library])
    assert [row.name for row in many.rows] == [
        "many[0][0]",
        "many[0][1]",
        "many[0][2]",
        "many[1]",
        "x[0]",
        "x[1]",
        "x[2]",
    ]
    assert max(one.worst, many.worst) < 5000


@pytest.mark.parametrize("library", LIBRARIES)
def test_helpers_run_on_numbers_of_a_library(library: str) -> None:
    text = "def f(x, y): return [round(x), trunc(y) + ceil(x)*x, sign(x)*x, fma(x, y, 2)]"
    report = mgc.loads(text).f.compare(1.7, -2.5, libraries=[library])
    assert [row.ours for row in report.rows[:2]] == [2.0, 1.4]
    assert report.worst < 100


@pytest.mark.parametrize("library", LIBRARIES)
def test_parameters_are_compared_by_their_names(library: str) -> None:
    report = mgc.loads(MODEL).loss.compare({"fit.w": 1.0, "fit.b": [0.5, -2.0]}, X, Y, libraries=[library])
    assert [row.name for row in report.rows] == ["loss", "fit.w", "fit.b[0]", "fit.b[1]"]
    assert report.worst < 5000


def test_digits_are_counted_in_ulp() -> None:
    inf = float("inf")
    assert Row("x", 1.0, (1.0, 1.0 + 2**-52, 1.0 - 2**-53, inf)).ulps == (0.0, 1.0, 0.5, inf)
    assert Row("x", float("nan"), (float("nan"), 1.0)).ulps == (0.0, inf)


def test_a_report_is_a_table() -> None:
    report = mgc.loads("def f(x): return x*x").f.compare(3.0)
    lines = str(report).splitlines()
    assert lines[0].split() == ["mgc", "numpy", "ulp"]
    assert lines[1].split() == ["f", "9.0", "9.0", "0"]
    assert lines[2].split()[:2] == ["x", "6.0"]


def test_what_cannot_be_compared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mgc.loads(TEXT)
    with pytest.raises(mgc.DataError, match="no comparison with 'tensorflow'; there are torch, jax, numpy"):
        model.one.compare(1.0, 2.0, libraries=["tensorflow"])
    with pytest.raises(mgc.DataError, match="numpy has no function erf"):
        model.special.compare(1.0)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(mgc.DataError, match="comparing with torch needs it installed: pip install torch"):
        model.one.compare(1.0, 2.0, libraries=["torch"])
    with pytest.raises(mgc.DataError, match="missing argument: y"):
        model.one.compare(1.0)
