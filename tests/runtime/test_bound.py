"""`Function.bind`: what is fixed is checked once, and what is left open is taken as it is."""

from __future__ import annotations

import re

import pytest

import mgc
from mgc import DataError, ModelError
from support.fit_model import MODEL, PARAMETERS, ROWS

TWO = "def f(a, x[n], rate = 2): return [rate*a*x[i] for i], sum(x)"


def test_data_are_fixed_and_parameters_are_passed() -> None:
    model = mgc.loads(MODEL, "fit.mg")
    loss = model.loss.bind(**ROWS)
    assert loss(PARAMETERS) == model.loss(PARAMETERS, **ROWS)
    assert loss.value_and_grad(PARAMETERS) == model.loss.value_and_grad(PARAMETERS, **ROWS)
    assert repr(loss) == "<Bound loss(params)>"


def test_adjoints_are_passed_last_and_defaults_stay() -> None:
    function = mgc.loads(TWO, "f.mg").f
    assert function.bind(x=[1, 2]).vjp(3.0, [1.0, 0.0], 1.0) == function.vjp(3, [1, 2], [1, 0], 1)
    assert function.bind(rate=5).vjp(3.0, [1.0], [1.0], 1.0) == function.vjp(3, [1], [1], 1, rate=5)
    assert function.bind()(3.0, [1.0]) == ([6.0], 1.0)


def test_arrays_that_are_passed_are_not_copied() -> None:
    numpy = pytest.importorskip("numpy")
    function = mgc.loads("def f(w[n], x[n]): return w @ x", "f.mg").f.bind(x=numpy.array([1, 2]))
    assert function(numpy.array([3.0, 4.0])) == 11.0
    array = numpy.array([3.0, 4.0])
    assert repr(function(array)) == "11.0"
    assert repr(function.value_and_grad(array)) == "(11.0, ([1.0, 2.0], [3.0, 4.0]))"
    entries = mgc.loads("def f(x[n], y): return [x[i]*2 for i], y", "f.mg").f.bind()
    assert repr(entries(array, numpy.float64(1.0))) == "([6.0, 8.0], 1.0)"


def test_what_is_fixed_is_checked_once() -> None:
    function = mgc.loads(TWO, "f.mg").f
    with pytest.raises(DataError, match="argument 'x': expected an array of numbers"):
        function.bind(x=1)
    with pytest.raises(DataError, match="no argument 'y'"):
        function.bind(y=1)
    with pytest.raises(DataError, match=re.escape("f has several results; use .vjp(...)")):
        function.bind().value_and_grad(1.0, [2.0])


@pytest.mark.parametrize("given", [(), (1.0,), (1.0, [1.0], 2.0)])
def test_a_wrong_number_of_arguments_is_told(given: tuple[object, ...]) -> None:
    with pytest.raises(DataError, match=f"f: expected a, x, found {len(given)} arguments"):
        mgc.loads(TWO, "f.mg").f.bind()(*given)


def test_what_is_fixed_is_named() -> None:
    model = mgc.loads("def f(X[n], w): return sum(X)*w")
    with pytest.raises(DataError, match=r"f\.bind: arguments are given by name: f\.bind\(X=\.\.\.\)"):
        model.f.bind([1.0])
    with pytest.raises(DataError, match="f: no argument 'x'; did you mean 'X'"):
        model.f.bind(x=[1.0])


def test_failures_are_told_in_the_terms_of_the_model() -> None:
    with pytest.raises(ModelError, match=r"division by zero in `1\.0 / x` where x = 0\.0"):
        mgc.loads("def f(x): return 1/x", "f.mg").f.bind()(0.0)
    with pytest.raises(DataError, match="x has 1 entries where 2 are needed"):
        mgc.loads("def f(w[n], x[n]): return w @ x", "f.mg").f.bind(w=[1, 2])([1.0])


@pytest.mark.parametrize("wrong", [1j, "ab", b"ab", None, [1.0], {"x": 1.0}])
@pytest.mark.parametrize("text", ["x*x + 1", "x**2", "abs(x)", "2*x + log(1 + x*x)"])
def test_what_is_no_number_is_told(wrong: object, text: str) -> None:
    function = mgc.loads(f"def f(x): return {text}", "f.mg").f.bind()
    for call in (function, function.value_and_grad):
        with pytest.raises(DataError, match="argument 'x': expected a number, found"):
            call(wrong)


@pytest.mark.parametrize("wrong", [[1.0, 1j], [1.0, "ab"], [1.0, None], 1.0])
def test_what_is_no_number_in_an_array_is_told(wrong: object) -> None:
    function = mgc.loads("def f(a, x[n]): return [a*x[i] for i]", "f.mg").f.bind(a=2)
    with pytest.raises(DataError, match="argument 'x': expected an array of numbers"):
        function(wrong)
    with pytest.raises(DataError, match=r"adjoint': expected an array of numbers"):
        function.vjp([1.0, 2.0], wrong)


@pytest.mark.parametrize("wrong", [{}, {"fit.w": 1.0}, 3.0, None, [1.0]])
def test_parameters_that_lack_something_are_told(wrong: object) -> None:
    function = mgc.loads(MODEL, "fit.mg").fit.bind()
    with pytest.raises(DataError, match=r"missing parameters?: |params must be a dict"):
        function(wrong, [1.0, 2.0])
    with pytest.raises(DataError, match=r"parameter 'fit\.w': expected a number"):
        function(PARAMETERS | {"fit.w": 1j}, [1.0, 2.0])


def test_a_name_is_refused_and_told() -> None:
    function = mgc.loads(TWO, "f.mg").f.bind(a=1)
    with pytest.raises(DataError, match="f: what bind left open is passed by position: expected x"):
        function(x=[1.0])
    with pytest.raises(DataError, match="passed by position: expected x, adjoint 1, adjoint 2"):
        function.vjp(x=[1.0])
